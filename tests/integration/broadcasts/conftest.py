"""A town on a fresh database of each kind, on the morning of 7 April 2026."""

import pytest

from core.clock import TravelClock
from core.db.engine import Database
from tests.integration.broadcasts.town import Town, open_town


@pytest.fixture
async def town(database: Database, clock: TravelClock) -> Town:
    return await open_town(database, clock)
