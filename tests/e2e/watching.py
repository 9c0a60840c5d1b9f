"""What a test holds against the bot: that nothing changed, and that an answer came."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from markupsafe import Markup
from sqlalchemy import Table, select

from bot.assembly import House
from bot.screens import troubles
from bot.screens.base import Screen
from core.db.base import Base
from core.db.engine import Database
from tests.e2e.player import Desk, Player

CONVERSATION = frozenset({"chats"})
"""What the next message is taken for: an answer may change it."""
ASKING_FOR_A_CODE = CONVERSATION | {
    *("login_attempts", "codes", "code_failures"),
    *("sms_messages", "sms_receipts"),
}
"""What a new code to enter leaves behind."""
PULSE = frozenset({"heartbeats"})
"""The house's own: it goes on whatever anybody does."""

Rows = dict[str, list[dict[str, Any]]]


def house_of(desk: Desk) -> House:
    """The bot behind the desk."""
    assert desk.app is not None
    house: House = desk.app.state.house
    return house


async def everything(db: Database) -> Rows:
    """All rows of all tables but the pulse, by their keys."""
    async with db.read() as session:
        return {
            table.name: [
                dict(row)
                for row in (
                    await session.execute(select(table).order_by(*table.primary_key))
                ).mappings()
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in PULSE
        }


@asynccontextmanager
async def nothing_changes(
    desk: Desk, but: Iterable[str] = (), *, of: int | None = None
) -> AsyncIterator[None]:
    """Not a row of any table is another one afterwards. `but`: in these tables, and there only
    in rows `of` that chat, where one is named."""
    house, may_change = house_of(desk), frozenset(but)
    await house.worker.settle()
    before = await everything(house.core.db)
    assert before["applications"], "there is something that could change"
    yield
    await house.worker.settle()
    after = await everything(house.core.db)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= may_change
    for name in changed:
        table = Base.metadata.tables[name]
        if of is not None and _chat_column(table):
            assert _of_others(table, before[name], of) == _of_others(table, after[name], of), name


def _of_others(table: Table, rows: list[dict[str, Any]], chat_id: int) -> list[dict[str, Any]]:
    column = _chat_column(table)
    return [row for row in rows if row[column] != chat_id]


def _chat_column(table: Table) -> str:
    """The column that names the chat; none has an empty name."""
    if table.name == "chats":
        return "id"
    return "chat_id" if "chat_id" in table.columns else ""


async def answered(player: Player) -> str:
    """All that the bot has just shown: texts, labels, places, toast; fails when it kept silent
    or blamed itself."""
    shown: list[str] = []
    for message in player.heard:
        shown.append(message["text"])
        shown += [button["text"] for row in message["buttons"] for button in row]
        shown += [message[kind]["title"] for kind in ("venue",) if message[kind]]
    if player.answer is not None and player.answer["text"]:
        shown.append(player.answer["text"])
    text = "\n".join(shown)
    assert text.strip(), "an answer came"
    assert troubles.went_wrong(player.t) not in text
    return text


async def told(player: Player, screen: Screen) -> None:
    """The bot has just shown this screen, perhaps among others."""
    wanted = Markup(screen.text).striptags()
    assert wanted in " ".join((await answered(player)).split())


async def press_forged(player: Player, data: str) -> str:
    """Press a button that the bot has not sent to this chat; all that it answers."""
    bare = next(
        message
        for message in reversed(await player.chat())
        if message["from"] == "bot"
        and not any(
            data.casefold() in b["text"].casefold() for row in message["buttons"] for b in row
        )
    )
    await player.press_label(data, bare["message_id"])
    assert player.answer is not None, "no button spins for ever"
    if not player.heard and not player.answer["text"]:
        edit = (await player.desk.get("/sim/calls", method="editMessageText"))[-1]
        assert "message is not modified" in edit["answer"]["description"], "an answer came"
        return str(edit["params"]["text"])  # what was asked for is on the screen already
    return await answered(player)
