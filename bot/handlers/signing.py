"""Signing with a one-time code (D5): the press reserves the act (D8), the typed code signs it."""

import re

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Awaiting, digits_of
from bot.handlers.answers import person_of, refused, show_application
from bot.handlers.documents import newest, send
from bot.handlers.login import enter_again
from bot.keyboards.codes import OtherOperatorSignButton
from bot.keyboards.menu import JournalButton
from bot.keyboards.signing import NewCodeButton, StepBackButton
from bot.screens import signing, voucher
from bot.screens.base import Screen
from bot.tap import Tap
from core.applications.rules import Event, Refused
from core.applications.values import ApplicationCard
from core.signing.values import Asked, Signed, Waiting

AWAITING = "signing_code"
SIX_DIGITS = re.compile(r"[0-9]{6}")


def build() -> Router:
    router = Router(name="signing")
    router.callback_query.register(new_code, NewCodeButton.filter())
    router.callback_query.register(other_operator, OtherOperatorSignButton.filter())
    router.callback_query.register(step_back, StepBackButton.filter())
    router.message.register(code_typed, Awaiting(AWAITING))
    return router


async def press(
    tap: Tap, card: ApplicationCard, act: Event, version: int, place_id: int | None = None
) -> None:
    """Press an act and ask for its code. Raises Refused, CodesExhausted."""
    asked = await tap.core.signing.press(
        card.id,
        person_of(tap),
        tap.chat_id,
        act,
        tap.t.language,
        tap.moment,
        version=version,
        place_id=place_id,
    )
    await _put(tap, card, asked)


async def new_code(
    query: CallbackQuery, callback_data: NewCodeButton, tap: Tap, card: ApplicationCard
) -> None:
    """A new code for the same act; the old one dies."""
    await _resend(tap, card, callback_data.request)


async def other_operator(
    query: CallbackQuery, callback_data: OtherOperatorSignButton, tap: Tap, card: ApplicationCard
) -> None:
    """The same, by another SMS gateway."""
    await _resend(tap, card, callback_data.request, elsewhere=True)


async def _resend(
    tap: Tap, card: ApplicationCard, request_id: int, *, elsewhere: bool = False
) -> None:
    try:
        asked = await tap.core.signing.resend(
            request_id,
            person_of(tap),
            tap.chat_id,
            tap.t.language,
            tap.moment,
            elsewhere=elsewhere,
        )
    except Refused as error:
        await _forget(tap, request_id)
        await refused(tap, card.id, error.refusal)
    else:
        await _put(tap, card, asked)


async def step_back(
    query: CallbackQuery, callback_data: StepBackButton, tap: Tap, card: ApplicationCard
) -> None:
    """Nothing is signed, and what was held is free again (D6)."""
    await tap.core.signing.abandon(callback_data.request, person_of(tap), tap.moment)
    await _forget(tap, callback_data.request)
    await show_application(tap, card)


async def code_typed(message: Message, tap: Tap) -> None:
    """The code, or what was typed in its place."""
    code = digits_of(message.text or "")
    if code.isdecimal():
        await tap.delete_message()
    if tap.visitor.person is None or not tap.visitor.session:
        await enter_again(tap, JournalButton().pack())
        return
    person, is_code = tap.visitor.person, SIX_DIGITS.fullmatch(code)
    meant = Waiting(tap.visitor.details["application"], tap.visitor.details["request"])
    if is_code:
        meant = await tap.core.signing.meant(meant, tap.chat_id, person, code, tap.moment)
    card = await tap.core.applications.card(meant.application_id, person, tap.core.clock.now())
    if is_code:
        await _enter(tap, card, meant.request_id, code)
    else:
        screen = signing.not_a_code(card, meant.request_id, tap.t)
        await _follow(tap, card, meant.request_id, screen)


async def _enter(tap: Tap, card: ApplicationCard, request_id: int, code: str) -> None:
    try:
        answer = await tap.core.signing.enter(
            request_id, person_of(tap), code, tap.moment, tap.try_key
        )
    except Refused as error:
        await _forget(tap, request_id)
        await refused(tap, card.id, error.refusal)
        return
    if isinstance(answer, Signed):
        await _done(tap, request_id, answer)
    else:
        screen = signing.not_right(card, request_id, answer, tap.t)
        await _follow(tap, card, request_id, screen)


async def _put(tap: Tap, card: ApplicationCard, asked: Asked) -> None:
    """Wait for the code, send it, show what it signs."""
    pressed = tap.message_id if tap.callback_id else None
    await _await_code(tap, card.id, asked.request_id, pressed)
    if await tap.code_post.deliver(asked.code_id):
        shown = await tap.show(signing.asked(card, asked, person_of(tap).phone, tap.t))
    else:
        shown = await tap.show(signing.waiting(card, asked, tap.t))
    if shown != pressed:
        await _await_code(tap, card.id, asked.request_id, shown)


async def _done(tap: Tap, request_id: int, signed: Signed) -> None:
    """The act is done: say so in place of what was asked, and send the documents it made."""
    asked_in = _asked_in(tap, request_id)
    await _forget(tap, request_id)
    await tap.send(await _what_came(tap, signed))
    if asked_in is not None:
        await tap.gate.delete(tap.chat_id, asked_in)
    if signed.act in (Event.TAKE_PLACE, Event.TAKE_TEMPORARY_PLACE):
        documents = await tap.core.signing.documents(signed.card.id, person_of(tap))
        await send(tap, newest(documents))


async def _what_came(tap: Tap, signed: Signed) -> Screen:
    if signed.act not in voucher.KEPT:
        return voucher.done(signed.card, signed.act, tap.t)
    numbered = await tap.core.applications.numbered(signed.card)
    return voucher.kept(numbered, signed.act, tap.t)


async def _follow(tap: Tap, card: ApplicationCard, request_id: int, screen: Screen) -> None:
    """Answer below what was typed, in place of what was asked before."""
    asked_in = _asked_in(tap, request_id)
    shown = await tap.send(screen)
    await _await_code(tap, card.id, request_id, shown)
    if asked_in is not None:
        await tap.gate.delete(tap.chat_id, asked_in)


def _asked_in(tap: Tap, request_id: int) -> int | None:
    """The message that asks for that request's code, and not for another child's."""
    awaited = tap.visitor.details
    message_id: int | None = awaited["message"] if awaited["request"] == request_id else None
    return message_id


async def _await_code(
    tap: Tap, application_id: int, request_id: int, message_id: int | None
) -> None:
    details = {"application": application_id, "request": request_id, "message": message_id}
    await tap.core.visitors.expect(tap.chat_id, AWAITING, details, tap.moment)


async def _forget(tap: Tap, request_id: int) -> None:
    """That request's code is awaited no more; what else is awaited, is still, and a second child's
    act may have waited meanwhile."""
    awaited = tap.visitor.details.get("request") if tap.visitor.awaiting == AWAITING else None
    if awaited != request_id:
        return
    other = await tap.core.signing.waiting(tap.chat_id, person_of(tap), tap.moment)
    if other is None:
        await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
    else:
        await _await_code(tap, other.application_id, other.request_id, None)
