"""What Telegram never sends reaches no handler, and no record."""

from typing import Any

import pytest
from aiogram.types import Update

from bot.middlewares.sound import Sound

USER = {"id": 1, "is_bot": False, "first_name": "A"}
CHAT = {"id": 1, "type": "private"}
MESSAGE = {"message_id": 7, "date": 0, "chat": CHAT, "from": USER}
PRESS = {"id": "5", "from": USER, "chat_instance": "c", "data": "m", "message": MESSAGE}
HUGE = 2**63


async def let_through(**content: Any) -> Update | None:
    """The update that reaches the handler."""
    reached: list[Any] = []

    async def handler(event: Any, _data: dict[str, Any]) -> None:
        reached.append(event)

    update = Update.model_validate({"update_id": 1, **content})
    await Sound()(handler, update, {})
    return reached[0] if reached else None


@pytest.mark.parametrize(
    "content",
    [
        {"update_id": HUGE},
        {"message": {**MESSAGE, "from": {**USER, "id": HUGE}, "text": "x"}},
        {"message": {**MESSAGE, "chat": {**CHAT, "id": -HUGE - 1}, "text": "x"}},
        {"callback_query": {**PRESS, "message": {**MESSAGE, "message_id": HUGE}}},
        {
            "message": {
                **MESSAGE,
                "document": {"file_id": "f\x00", "file_unique_id": "u", "file_name": "a"},
            }
        },
    ],
)
async def test_ids_that_no_record_can_hold_go_no_further(content: dict[str, Any]) -> None:
    assert await let_through(**content) is None


async def test_a_nul_becomes_another_sign() -> None:
    """PostgreSQL keeps none, and nobody can type one."""
    for field in ("text", "caption"):
        update = await let_through(message={**MESSAGE, field: "ОДО\x00248"})
        assert update is not None
        assert getattr(update.message, field) == "ОДО\ufffd248"
    update = await let_through(callback_query={**PRESS, "data": "g:\x00"})
    assert update is not None
    assert update.callback_query is not None
    assert update.callback_query.data == "g:\ufffd"


async def test_what_people_send_stays_as_it_is() -> None:
    for content in ({"message": {**MESSAGE, "text": "Сәлем"}}, {"callback_query": PRESS}):
        update = await let_through(**content)
        assert update == Update.model_validate({"update_id": 1, **content})
