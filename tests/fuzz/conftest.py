"""The demo data, planted once."""

from tests.e2e.conftest import planted_file, sqlite_url

__all__ = ["planted_file", "sqlite_url"]
