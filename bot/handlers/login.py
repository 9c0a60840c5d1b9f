"""Entering (R2-R4): warning and consent, the phone, the IIN. The code follows in login_code.py."""

from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import Awaiting, HasContact, digits_of
from bot.handlers.journal import open_journal
from bot.handlers.start import cancel, show_home
from bot.keyboards.login import OtherPhoneButton, WhatHappensButton, is_back
from bot.keyboards.start import ConsentButton, EnterButton
from bot.screens import fallback as fallbacks
from bot.screens import login as screens
from bot.screens import troubles
from bot.tap import Tap
from core.citizens.port import CitizensBaseUnavailable
from core.codes.rules import Why
from core.codes.values import CodesExhausted
from core.identity.rules import IdentityError, Iin, IinProblem, Phone, PhoneProblem
from core.login.values import PairUnknown

STEPS = ("phone", "iin", "login_code")
"""What entering waits for."""


def build() -> Router:
    router = Router(name="login")
    router.callback_query.register(enter, EnterButton.filter())
    router.callback_query.register(what_happens, WhatHappensButton.filter())
    router.callback_query.register(other_phone, OtherPhoneButton.filter())
    router.callback_query.register(give_consent, ConsentButton.filter())
    router.message.register(contact, HasContact())
    router.message.register(typed_phone, Awaiting("phone"))
    router.message.register(typed_iin, Awaiting("iin"))
    return router


async def enter(_: CallbackQuery, tap: Tap) -> None:
    """A known person needs a code only; a new one gives consent first."""
    if tap.visitor.person is None:
        await begin(tap)
    elif tap.visitor.session:
        await open_journal(tap)
    else:
        await ask_linked_person(tap, {})


async def what_happens(_: CallbackQuery, tap: Tap) -> None:
    """Read before the consent is given, with the way back to it."""
    await tap.show(screens.what_happens(tap.t))


async def other_phone(_: CallbackQuery, tap: Tap) -> None:
    """In a chat that is linked it may be another person: a consent is each person's own."""
    if tap.visitor.person is None:
        await begin(tap)
    else:
        await tap.show(screens.consent(tap.t))


async def give_consent(_: CallbackQuery, tap: Tap) -> None:
    """Record the consent with its version; a second tap records nothing. That of the person to
    whom the chat is linked is not counted: theirs is one already."""
    if not tap.visitor.consented or tap.visitor.person is not None:
        await tap.core.login.give_consent(tap.chat_id, tap.facts.consent_version, tap.moment)
    await _ask_phone(tap)


async def begin(tap: Tap) -> None:
    """Begin with what is still missing: the consent, or the phone."""
    if tap.visitor.consented:
        await _ask_phone(tap)
    else:
        await tap.show(screens.consent(tap.t))


async def contact(message: Message, tap: Tap) -> None:
    """The phone by one tap; it must be the sender's own."""
    shared = message.contact
    assert shared is not None
    asked = tap.visitor.awaiting == "phone"
    if (tap.visitor.session and not asked) or not tap.visitor.consented:
        await show_home(tap)
    elif shared.user_id != tap.chat_id:
        await tap.send(screens.not_your_contact(tap.t))
    else:
        await _take_phone(shared.phone_number, tap, by_contact=True)


async def typed_phone(message: Message, tap: Tap) -> None:
    text = message.text or ""
    if is_back(text):
        await cancel(message, tap)
        return
    if len(digits_of(text)) == 12 and digits_of(text).isdecimal():  # an IIN, too early
        await tap.delete_message()
    await _take_phone(text, tap, by_contact=False)


async def typed_iin(message: Message, tap: Tap) -> None:
    """Take the IIN off the chat, then ask for a code for the pair."""
    await tap.delete_message()
    try:
        iin = Iin.parse(message.text or "")
    except IdentityError as error:
        await tap.send(screens.iin_wrong(IinProblem(error.reason), tap.t))
        return
    details = tap.visitor.details
    await tap.gate.typing(tap.chat_id)
    try:
        asked = await tap.core.login.begin(
            tap.chat_id,
            iin,
            Phone(details["phone"]),
            by_contact=details["by_contact"],
            language=tap.t.language,
            moment=tap.moment,
            keep=kept(tap),
        )
    except PairUnknown:
        await tap.send(screens.pair_unknown(tap.facts, tap.t))
    except CodesExhausted as trouble:
        await tap.send(screens.cannot_enter(troubles.codes_exhausted(trouble, tap.t), tap.t))
    except CitizensBaseUnavailable:
        await tap.send(screens.cannot_enter(troubles.citizens_base_silent(tap.t), tap.t))
    else:
        sent = await tap.code_post.deliver(asked.code_id)
        await tap.send(screens.code(asked.attempt_id, asked.phone, tap.t, sent=sent))


async def enter_again(tap: Tap, data: str) -> None:
    """A button was pressed without a session: ask for a code, then go on to what it does."""
    resume = {"resume": {"data": data, "moment": tap.moment.isoformat(), "message": tap.message_id}}
    if tap.visitor.person is None:
        await _go_on_entering(tap, resume)
        return
    try:
        await ask_linked_person(tap, resume)
    except CodesExhausted as trouble:
        if trouble.why is not Why.PAUSE or tap.visitor.awaiting != "login_code":
            raise
        details = {**tap.visitor.details, **resume}  # a code is on its way: it opens this as well
        await tap.core.visitors.expect(tap.chat_id, "login_code", details, tap.moment)
        await tap.alert(troubles.codes_exhausted(trouble, tap.t))


async def _go_on_entering(tap: Tap, resume: dict[str, Any]) -> None:
    """A step that waits for an answer goes on waiting: the code on its way still opens the door."""
    awaiting = tap.visitor.awaiting
    if awaiting in STEPS:
        details = {**tap.visitor.details, **resume}
        await tap.core.visitors.expect(tap.chat_id, awaiting, details, tap.moment)
        await tap.send(fallbacks.still_waiting(awaiting, "", tap.t))
    else:
        await tap.core.visitors.expect(tap.chat_id, None, resume, tap.moment)
        await tap.send(screens.consent(tap.t))


async def ask_linked_person(tap: Tap, resume: dict[str, Any]) -> None:
    """The session has ended, the link lives: a code to the person's own phone."""
    asked = await tap.core.login.begin_again(tap.chat_id, tap.t.language, tap.moment, resume)
    sent = await tap.code_post.deliver(asked.code_id)
    await tap.send(
        screens.code(asked.attempt_id, asked.phone, tap.t, sent=sent, session_ended=bool(resume))
    )


def kept(tap: Tap) -> dict[str, Any]:
    """What has to outlive each step: the press that is taken up again after entering."""
    return {name: value for name, value in tap.visitor.details.items() if name == "resume"}


async def _ask_phone(tap: Tap) -> None:
    await tap.core.visitors.expect(tap.chat_id, "phone", kept(tap), tap.moment)
    await tap.send(screens.phone(tap.t))


async def _take_phone(text: str, tap: Tap, *, by_contact: bool) -> None:
    try:
        phone = Phone.parse(text)
    except IdentityError as error:
        await tap.send(screens.phone_wrong(PhoneProblem(error.reason), tap.t))
        return
    details = {**kept(tap), "phone": phone.value, "by_contact": by_contact}
    await tap.core.visitors.expect(tap.chat_id, "iin", details, tap.moment)
    await tap.send(screens.iin(phone, tap.t))
