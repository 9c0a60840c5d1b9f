"""What the tests of core share."""

import pytest

from core.clock import TravelClock
from core.db.engine import Database
from tests import factories
from tests.integration.way import Way


@pytest.fixture
async def way(database: Database, clock: TravelClock) -> Way:
    desk = await factories.desk(database, clock)
    person = await factories.parent(database, clock.now())
    return Way(desk, person, await factories.application(database, clock.now()))
