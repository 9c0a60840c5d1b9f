"""The desk's page in a real browser, on a whole house of its own."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from core.clock import TravelClock
from seed.people import START
from tests.browser.chromium import browser
from tests.browser.visitor import Visitor, visiting
from tests.e2e.conftest import planted_file, serve

__all__ = ["planted_file"]


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with browser() as running:
        yield running


@pytest.fixture
async def base(tmp_path: Path, planted_file: Path) -> AsyncIterator[str]:
    """The address of a desk with the demo data, at 07.04.2026 11:30."""
    database = shutil.copyfile(planted_file, tmp_path / "orynbot.sqlite3")
    clock = TravelClock(START, running=False)
    async with serve(tmp_path, f"sqlite:///{database}", clock) as desk:
        yield desk.base


@pytest.fixture(params=["laptop", "phone"])
async def visitor(
    request: pytest.FixtureRequest, chromium: Browser, base: str
) -> AsyncIterator[Visitor]:
    """Somebody at the page; once a width."""
    async with visiting(chromium, base, request.param) as visitor:
        yield visitor
        assert visitor.complaints == []
