"""Callback data that nobody made, sent by a parent about their own application: a clear answer
each time, and nothing changed (design decision 4)."""

import pytest
from sqlalchemy import select

from bot.screens import fallback
from core.applications.tables import ApplicationRecord
from core.places.tables import KindergartenRecord, PlaceRecord
from core.signing.tables import SignatureRecord
from tests.e2e import ways
from tests.e2e.player import Desk, Player
from tests.e2e.watching import house_of, nothing_changes, press_forged

NONSENSE = (
    "x",
    ":",
    "app",
    "app:",
    "app:1",
    "app:one:two:s",
    "app:1:1:x",
    "app:1:1:s:more",
    "act:1:1:take_place",
    "act:1:1:issue_voucher",
    "act:1:1:expire",
    "ask:1:1:restore",
    "--:1:1",
    "-",
    "lg:xx",
    "dt:atlantis",
    "wd:perhaps",
    "pl:1:1:0:x:kk:s:1:0",
    "'; DROP TABLE applications; --",
    "я" * 32,
    "\x00",
)
NO_IDS = ("0", "-1", "2147483648", "9" * 20, "1e3", "")
NOBODYS = "777777"
"""An id that a row can have, and none has."""
WITH_AN_ID = (
    "app:{id}:{version}:s",
    "app:{application}:{id}:h",
    "doc:{application}:{version}:{id}:contract",
    "p:{application}:{version}:0::::1:0:{id}",
    "pc:{application}:{version}:0::::1:0:{id}",
    "pm:{application}:{version}:{id}",
    "pg:{application}:{version}:{id}",
    "code:{application}:{version}:{id}",
    "drop:{application}:{version}:{id}",
    "nc:{id}",
)
"""Buttons with an id left open."""
OUT_OF_PLACE = (
    "pl:{application}:{version}:777777::::1:0",
    "pl:{application}:{version}:-777777::::1:0",
    "doc:{application}:{version}:{signature}:passport",
    "app:{application}:777777:i",
    "act:{application}:777777:refuse_voucher",
    "act:{application}:{version}:restore",
    "act:{application}:{version}:confirm_interest",
    "ask:{application}:777777:refuse_voucher",
    "pg:{application}:777777:{place}",
    "pg:{application}:{version}:{elsewhere}",
    "p:{application}:{version}:0::::1:0:{elsewhere}",
    "pc:{application}:{version}:0::::1:0:{elsewhere}",
    "pm:{application}:{version}:{elsewhere}",
    "g:no-such-topic",
)
"""What is well formed, and does not fit: pages, documents, versions, acts, another district."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what is refused reaches neither."""
    return sqlite_url


@pytest.fixture
async def parent(desk: Desk) -> Player:
    """The first person at the desk, with a confirmed voucher: most buttons do something."""
    player = desk.player(1001, "en")
    await ways.enter(player)
    await desk.voucher()
    await ways.confirm(player)
    return player


async def ids(desk: Desk) -> dict[str, int]:
    """What this parent's buttons name, and a place of another district."""
    own = ApplicationRecord.registration_number == "ОДО.2026.248"
    places = select(KindergartenRecord.district, PlaceRecord.id).join(PlaceRecord)
    async with house_of(desk).core.db.read() as session:
        application = (await session.scalars(select(ApplicationRecord).where(own))).one()
        signatures = (await session.scalars(select(SignatureRecord.id))).all()
        rows = (await session.execute(places)).all()
    return {
        "application": application.id,
        "version": application.version,
        "signature": signatures[-1],
        "place": next(id_ for district, id_ in rows if district == application.district),
        "elsewhere": next(id_ for district, id_ in rows if district != application.district),
    }


async def test_data_that_no_button_has(parent: Player) -> None:
    known = await ids(parent.desk)
    forged = [*NONSENSE]
    forged += [data.format_map({**known, "id": id_}) for data in WITH_AN_ID for id_ in NO_IDS]
    async with nothing_changes(parent.desk):
        for data in forged:
            assert fallback.old_button(parent.t) in await press_forged(parent, data), data


async def test_well_formed_data_about_what_is_not_there(parent: Player) -> None:
    known = await ids(parent.desk)
    forged = [data.format_map({**known, "id": NOBODYS}) for data in WITH_AN_ID + OUT_OF_PLACE]
    async with nothing_changes(parent.desk):
        for data in forged:
            await press_forged(parent, data)
