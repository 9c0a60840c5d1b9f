"""Signing with a one-time code (D5): the press reserves the act (D8), the typed code signs it."""

import re

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Awaiting
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
from core.signing.values import Asked, Signed

AWAITING = "signing_code"
SIX_DIGITS = re.compile(r"[0-9]{6}")
SPACES = re.compile(r"[\s-]")


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
        await _forget(tap)
        await refused(tap, card.id, error.refusal)
    else:
        await _put(tap, card, asked)


async def step_back(
    query: CallbackQuery, callback_data: StepBackButton, tap: Tap, card: ApplicationCard
) -> None:
    """Nothing is signed, and what was held is free again (D6)."""
    await tap.core.signing.abandon(callback_data.request, person_of(tap), tap.moment)
    await _forget(tap)
    await show_application(tap, card)


async def code_typed(message: Message, tap: Tap) -> None:
    """The code, or what was typed in its place."""
    code = SPACES.sub("", message.text or "")
    if code.isdecimal():
        await tap.delete_message()
    if tap.visitor.person is None or not tap.visitor.session:
        await enter_again(tap, JournalButton().pack())
        return
    details = tap.visitor.details
    card = await tap.core.applications.card(
        details["application"], tap.visitor.person, tap.core.clock.now()
    )
    if SIX_DIGITS.fullmatch(code):
        await _enter(tap, card, code)
    else:
        await _follow(tap, card, signing.not_a_code(card, details["request"], tap.t))


async def _enter(tap: Tap, card: ApplicationCard, code: str) -> None:
    request_id = tap.visitor.details["request"]
    try:
        answer = await tap.core.signing.enter(
            request_id, person_of(tap), code, tap.moment, tap.try_key
        )
    except Refused as error:
        await _forget(tap)
        await refused(tap, card.id, error.refusal)
        return
    if isinstance(answer, Signed):
        await _done(tap, answer)
    else:
        await _follow(tap, card, signing.not_right(card, request_id, answer, tap.t))


async def _put(tap: Tap, card: ApplicationCard, asked: Asked) -> None:
    """Wait for the code, send it, show what it signs."""
    pressed = tap.message_id if tap.callback_id else None
    await _await_code(tap, card, asked.request_id, pressed)
    if await tap.code_post.deliver(asked.code_id):
        shown = await tap.show(signing.asked(card, asked, person_of(tap).phone, tap.t))
    else:
        shown = await tap.show(signing.waiting(card, asked, tap.moment, tap.t))
    if shown != pressed:
        await _await_code(tap, card, asked.request_id, shown)


async def _done(tap: Tap, signed: Signed) -> None:
    """The act is done: say so in place of what was asked, and send the documents it made."""
    asked_in = tap.visitor.details["message"]
    await _forget(tap)
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


async def _follow(tap: Tap, card: ApplicationCard, screen: Screen) -> None:
    """Answer below what was typed, in place of what was asked before."""
    before = tap.visitor.details["message"]
    shown = await tap.send(screen)
    await _await_code(tap, card, tap.visitor.details["request"], shown)
    if before is not None:
        await tap.gate.delete(tap.chat_id, before)


async def _await_code(
    tap: Tap, card: ApplicationCard, request_id: int, message_id: int | None
) -> None:
    details = {"application": card.id, "request": request_id, "message": message_id}
    await tap.core.visitors.expect(tap.chat_id, AWAITING, details, tap.moment)


async def _forget(tap: Tap) -> None:
    """No code is awaited any more."""
    await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
