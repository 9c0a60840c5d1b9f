"""The code that opens the door (R2), and going on with what was pressed before it (design 13)."""

from datetime import datetime, timedelta
from typing import Any

from aiogram import Bot, Dispatcher, Router
from aiogram.types import CallbackQuery, Chat, InaccessibleMessage, Message, Update

from bot.commands import commands
from bot.filters import Awaiting, digits_of
from bot.handlers.journal import open_journal
from bot.handlers.login import begin
from bot.keyboards.codes import OtherOperatorLoginButton
from bot.keyboards.login import NewLoginCodeButton
from bot.middlewares.visitor import RESUMED
from bot.screens import fallback as fallbacks
from bot.screens import login as screens
from bot.tap import Tap
from core.codes.values import CodeAnswer
from core.login.values import AttemptEnded, Entered

CODE_LENGTH = 6
MOMENT_LIFE = timedelta(minutes=15)
"""How long a press keeps its moment (D8) while the person enters; after that it counts as
pressed when they came in."""
RESUME_LIFE = timedelta(hours=1)
"""How long a press is taken up again at all: later it would surprise."""


def build() -> Router:
    router = Router(name="login_code")
    router.message.register(typed_code, Awaiting("login_code"))
    router.callback_query.register(new_code, NewLoginCodeButton.filter())
    router.callback_query.register(other_operator, OtherOperatorLoginButton.filter())
    return router


async def typed_code(message: Message, tap: Tap, dispatcher: Dispatcher, bot: Bot) -> None:
    """Take the code off the chat and try it."""
    text = message.text or ""
    digits = digits_of(text)
    if digits.isdecimal():
        await tap.delete_message()
    if len(digits) != CODE_LENGTH or not digits.isdecimal():
        await tap.send(fallbacks.still_waiting("login_code", text, tap.t))
        return
    attempt: int = tap.visitor.details["attempt"]
    answer = await tap.core.login.enter(tap.chat_id, attempt, digits, tap.moment, tap.try_key)
    if isinstance(answer, CodeAnswer):
        await tap.send(screens.code_refused(answer, attempt, tap.t))
        return
    resume: dict[str, Any] | None = tap.visitor.details.get("resume")
    await _let_in(tap, answer)
    moment = resume and _moment_of(resume, tap.moment)
    if resume is None or moment is None:
        await open_journal(tap)
    else:
        await dispatcher.feed_update(bot, _pressed_again(message, tap, resume), moment=moment)


async def new_code(_: CallbackQuery, callback_data: NewLoginCodeButton, tap: Tap) -> None:
    """Another code for the same pair."""
    await _resend(tap, callback_data.attempt)


async def other_operator(
    _: CallbackQuery, callback_data: OtherOperatorLoginButton, tap: Tap
) -> None:
    """The same, by another SMS gateway."""
    await _resend(tap, callback_data.attempt, elsewhere=True)


async def _resend(tap: Tap, attempt: int, *, elsewhere: bool = False) -> None:
    if tap.visitor.person is None and not tap.visitor.consented:  # it has been withdrawn (R4)
        await begin(tap)
        return
    try:
        asked = await tap.core.login.resend(
            tap.chat_id,
            attempt,
            tap.t.language,
            tap.moment,
            _resume_of(tap),
            elsewhere=elsewhere,
        )
    except AttemptEnded:
        await tap.alert(fallbacks.old_button(tap.t))
        return
    sent = await tap.code_post.deliver(asked.code_id)
    await tap.toast(screens.new_code_sent(tap.t) if sent else screens.code_later(tap.t))
    await tap.show(screens.code(asked.attempt_id, asked.phone, tap.t, sent=sent))


async def _let_in(tap: Tap, entered: Entered) -> None:
    await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
    await tap.reload()
    elsewhere = entered.moved_from is not None
    await tap.send(screens.entered(entered.person, tap.t, elsewhere=elsewhere))
    if tap.visitor.member is not None:
        await tap.gate.commands(tap.chat_id, commands(tap.t, tap.visitor.member))


def _resume_of(tap: Tap) -> dict[str, Any]:
    resume = tap.visitor.details.get("resume")
    return {} if resume is None else {"resume": resume}


def _moment_of(resume: dict[str, Any], now: datetime) -> datetime | None:
    """The moment at which the press counts; None when it is too old to be taken up again."""
    pressed = datetime.fromisoformat(resume["moment"])
    if now - pressed > RESUME_LIFE:
        return None
    return pressed if now - pressed <= MOMENT_LIFE else now


def _pressed_again(message: Message, tap: Tap, resume: dict[str, Any]) -> Update:
    """The press as it came, under an id that Telegram does not know."""
    assert message.from_user is not None
    chat = Chat(id=tap.chat_id, type="private")
    query = CallbackQuery(
        id=RESUMED,
        from_user=message.from_user,
        chat_instance=RESUMED,
        message=InaccessibleMessage(chat=chat, message_id=resume["message"] or 0, date=0),
        data=resume["data"],
    )
    return Update(update_id=tap.update_id, callback_query=query)
