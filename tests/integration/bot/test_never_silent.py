"""Whatever is sent, an answer comes that helps; nothing changes (issue: never silence)."""

from typing import Any

import pytest
from aiogram.exceptions import TelegramForbiddenError
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import Update
from structlog.testing import capture_logs

from core.db.engine import DatabaseDown
from tests.integration.bot.acting import with_voucher
from tests.integration.bot.conftest import Parent
from tests.integration.bot.test_database_down import pressing_confirm
from tests.telegram_stub import labels


async def test_unknown_text_gets_the_nearest_instruction_and_the_menu(parent: Parent) -> None:
    await parent.enter()
    await parent.say("Балабақшаны қалай таңдаймын")
    shown = labels(parent.telegram.newest.reply_markup)
    assert "Балабақша таңдау: 5 жұмыс күні" in shown
    assert "Мәзір" in shown


@pytest.mark.parametrize("text", ["а" * 4096, "<b>&", "/nonsense", "{count}", "😀"])
async def test_any_text_is_answered(parent: Parent, text: str) -> None:
    await parent.enter()
    before = len(parent.telegram.texts)
    await parent.say(text)
    assert len(parent.telegram.texts) > before


async def test_a_photo_is_answered(parent: Parent) -> None:
    await parent.enter()
    await parent.photo()
    assert "батырма" in await parent.seen()


@pytest.mark.parametrize("secret", ["123456", "123 456", "880517400128"])
async def test_a_code_or_iin_that_nobody_asked_for_goes_off_the_chat(
    parent: Parent, secret: str
) -> None:
    await parent.enter()
    message = await parent.say(secret)
    assert message in parent.telegram.deleted


@pytest.mark.parametrize("data", ["", "nobody", "app:1", "app:x:y:z", "lg:xx", "dt:mars", "nc:99"])
async def test_data_that_nobody_made_is_answered(parent: Parent, data: str) -> None:
    await parent.enter()
    before = len(parent.telegram.toasts)
    await parent.press(data)
    assert len(parent.telegram.toasts) > before


async def test_the_first_message_leads_to_the_first_question(parent: Parent) -> None:
    await parent.say("сәлем")
    assert "Тілді таңдаңыз" in await parent.seen()


async def test_an_error_is_answered_and_its_text_is_not_logged(
    parent: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    await parent.enter()

    async def fails(*_: Any) -> None:
        raise ValueError("Ахметова 900517400015")

    monkeypatch.setattr(type(parent.core.applications), "journal", fails)
    with capture_logs() as logs:
        await parent.say("/start")
    assert "ақау" in await parent.seen()
    assert "ValueError" in str(logs)
    assert "Ахметова" not in str(logs)


async def test_a_database_that_is_down_is_told_to_the_transport(
    parent: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: Any) -> None:
        raise DatabaseDown

    monkeypatch.setattr(type(parent.core.visitors), "load", down)
    with pytest.raises(DatabaseDown):
        await parent.say("/start")


@pytest.mark.parametrize(
    ("text", "answers"), [("hello", 0), ("/menu", 1), ("/menu@orynbot", 1), ("/menu@other", 0)]
)
async def test_in_a_group_only_what_is_meant_for_the_bot_is_answered(
    parent: Parent, text: str, answers: int
) -> None:
    chat = {"id": -5, "type": "group", "title": "g"}
    user = {"id": 1, "is_bot": False, "first_name": "A", "language_code": "ru"}
    await parent.feed(
        {"message": {"message_id": 1, "date": 0, "chat": chat, "from": user, "text": text}}
    )
    assert len(parent.telegram.texts) == answers


async def test_blocking_and_coming_back_are_remembered(parent: Parent) -> None:
    await parent.enter()
    for status, blocked in (("kicked", True), ("member", False)):
        other = "member" if blocked else "kicked"
        await parent.feed({"my_chat_member": _membership(other, status)})
        assert (await parent.core.visitors.load(1, parent.desk.clock.now())).blocked is blocked


async def test_a_blocked_bot_is_noticed_when_it_answers(parent: Parent) -> None:
    await parent.enter()
    method = SendMessage(chat_id=1, text="")
    parent.telegram.refusals.append(
        TelegramForbiddenError(method, "Forbidden: bot was blocked by the user")
    )
    await parent.say("/menu")
    assert (await parent.core.visitors.load(1, parent.desk.clock.now())).blocked


def _membership(old: str, new: str) -> dict[str, Any]:
    bot = {"id": 42, "is_bot": True, "first_name": "Orynbot"}
    more = {"kicked": {"until_date": 0}, "member": {}}
    return {
        "chat": {"id": 1, "type": "private", "first_name": "A"},
        "from": {"id": 1, "is_bot": False, "first_name": "A"},
        "date": 0,
        "old_chat_member": {"status": old, "user": bot, **more[old]},
        "new_chat_member": {"status": new, "user": bot, **more[new]},
    }


@pytest.mark.parametrize("rides", [True, False])
async def test_a_tap_is_answered_in_the_response_or_by_a_call(parent: Parent, rides: bool) -> None:
    await with_voucher(parent)
    calls, press = len(parent.telegram.calls), Update.model_validate(pressing_confirm(parent))
    answer = await parent.dispatcher.feed_update(parent.telegram.bot, press, rides=rides)
    called = [c for c in parent.telegram.calls[calls:] if isinstance(c, AnswerCallbackQuery)]
    assert isinstance(answer, AnswerCallbackQuery) == rides
    assert len(called) == (not rides)
