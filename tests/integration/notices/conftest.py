"""An outbox on a fresh database of each kind, on the morning of 7 April 2026."""

import pytest

from core.clock import TravelClock
from core.db.engine import Database
from tests import factories
from tests.integration.notices.post import Post, open_post


@pytest.fixture
async def post(database: Database, clock: TravelClock) -> Post:
    return await open_post(await factories.desk(database, clock))
