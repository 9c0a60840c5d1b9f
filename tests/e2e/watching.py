"""What a test holds against the bot: that nothing changed, and that an answer came."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from markupsafe import Markup
from sqlalchemy import Table, select

from bot.assembly import House
from bot.screens.base import Screen
from core.db.base import Base
from core.db.engine import Database
from tests.e2e.player import Desk, Player

CONVERSATION = frozenset({"chats"})
"""What the next message is taken for: an answer may change it."""
ASKING_FOR_A_CODE = CONVERSATION | {"login_attempts", "codes", "code_failures", "sms_messages"}
"""What a new code to enter leaves behind."""

Rows = dict[str, list[tuple[object, ...]]]


def house_of(desk: Desk) -> House:
    """The bot behind the desk."""
    house: House = desk.app.state.house
    return house


async def everything(db: Database) -> Rows:
    """All rows of all tables, by their keys."""
    async with db.read() as session:
        return {
            table.name: [
                tuple(row) for row in await session.execute(select(table).order_by(*_keys(table)))
            ]
            for table in Base.metadata.sorted_tables
        }


@asynccontextmanager
async def nothing_changes(desk: Desk, but: Iterable[str] = ()) -> AsyncIterator[None]:
    """Not a row of any table is another one afterwards; `but`: in these tables."""
    db = house_of(desk).core.db
    before = await everything(db)
    yield
    after = await everything(db)
    assert before["applications"], "there is something that could have changed"
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= set(but)


async def answered(player: Player) -> str:
    """All that the bot has just shown: texts, labels, toast; fails when it kept silent."""
    shown = [message["text"] for message in player.heard]
    shown += [b["text"] for message in player.heard for row in message["buttons"] for b in row]
    if player.answer is not None and player.answer["text"]:
        shown.append(player.answer["text"])
    assert "".join(shown).strip(), "an answer came"
    return "\n".join(shown)


async def told(player: Player, screen: Screen) -> None:
    """The bot has just shown this screen, perhaps among others."""
    wanted = Markup(screen.text).striptags()
    assert wanted in " ".join((await answered(player)).split())


def _keys(table: Table) -> list[object]:
    return list(table.primary_key.columns)
