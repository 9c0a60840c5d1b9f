"""A town on a fresh database of each kind, on the morning of 7 April 2026."""

import pytest

from core.broadcasts import runs
from core.clock import TravelClock
from core.db.engine import Database
from tests.integration.broadcasts.town import Town, open_town


@pytest.fixture
async def town(database: Database, clock: TravelClock) -> Town:
    return await open_town(database, clock)


@pytest.fixture
def few_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notices are written five ahead, in batches of two."""
    monkeypatch.setattr(runs, "AHEAD", 5)
    monkeypatch.setattr(runs, "BATCH", 2)
