"""What the tests of outages share."""

from __future__ import annotations

import pytest

from core.clock import TravelClock
from core.db.engine import Database
from core.outages.service import Outages
from tests import factories
from tests.integration.notices.post import open_post
from tests.integration.outages.town import Town


@pytest.fixture
async def town(database: Database, clock: TravelClock) -> Town:
    desk = await factories.desk(database, clock)
    return Town(await open_post(desk), Outages(database, desk.book))
