"""Entering with a one-time code (R2-R4): warning and consent, phone, IIN, code."""

from aiogram.types import InlineKeyboardMarkup, ReplyKeyboardRemove
from markupsafe import escape

from bot.facts import Facts
from bot.keyboards import login as logins
from bot.keyboards import menu as menus
from bot.keyboards import start as starts
from bot.keyboards.base import button, rows
from bot.screens import troubles
from bot.screens.base import Screen
from bot.screens.topics import TOPICS
from core.codes.values import CodeAnswer, Outcome
from core.identity.rules import IinProblem, Phone, PhoneProblem
from core.login.values import Person
from locales.texts import Texts


def consent(t: Texts) -> Screen:
    """R4's warning and the consent that entering needs; what is held is one tap away."""
    text = t(
        "⚠️ <b>Enter with your own data only.</b> Unlawful use of someone else's credentials "
        "entails liability under the law of Kazakhstan.\n"
        "To enter, your consent to the processing of personal data is needed: IIN, full name, "
        "phone and the data of your queue applications. You can withdraw it at any time."
    )
    return Screen(
        text,
        rows(
            button(t.plain("I give my consent"), starts.ConsentButton(), "success"),
            button(t.plain("What happens with my data?"), logins.WhatHappensButton()),
            button(t.plain("Back"), menus.MenuButton()),
        ),
    )


def what_happens(t: Texts) -> Screen:
    """What the consent is about; the consent is one tap away."""
    topic = TOPICS["data"]
    return Screen(
        f"<b>{t(topic.title)}</b>\n\n{t(topic.body)}",
        rows(button(t.plain("Back"), logins.OtherPhoneButton())),
    )


def phone(t: Texts) -> Screen:
    """Asks for the phone: by one tap, or typed."""
    text = t(
        "📱 <b>Your phone number</b>\n"
        "Share it with the button below, or type another one: +7 7…\n"
        "In the citizens' base (MAB) this number must be registered for your IIN."
    )
    return Screen(text, logins.phone_keyboard(t))


def iin(number: Phone, t: Texts) -> Screen:
    """Asks for the IIN."""
    text = t(
        "<b>Type your IIN: 12 digits.</b>\n"
        "The applicant's, not the child's. Your message is deleted from the chat at once.\n"
        "Phone: {phone}",
        phone=number.masked,
    )
    return Screen(text, ReplyKeyboardRemove())


def iin_wrong(problem: IinProblem, t: Texts) -> Screen:
    """What was typed is no IIN."""
    if problem is IinProblem.WRONG_CHECK_DIGIT:
        return Screen(t("The IIN seems to be mistyped. Check all 12 digits and send it again."))
    return Screen(t("An IIN has 12 digits and nothing else. Check it and send it again."))


def phone_wrong(problem: PhoneProblem, t: Texts) -> Screen:
    """No code can be sent to what was typed or shared."""
    match problem:
        case PhoneProblem.NOT_KAZAKHSTAN:
            text = t(
                "This is not a number of Kazakhstan. Type the one that is registered for you "
                "in the citizens' base (MAB): +7 7…"
            )
        case PhoneProblem.NOT_MOBILE:
            text = t("This is not a mobile number, so it takes no SMS. Type a mobile one: +7 7…")
        case _:
            text = t("This is not a phone number. Type all its digits: +7 7XX XXX XX XX")
    return Screen(text, logins.phone_keyboard(t))


def not_your_contact(t: Texts) -> Screen:
    """Somebody else's contact was shared."""
    text = t(
        "This is someone else's contact. Share your own with the button below, or type your number."
    )
    return Screen(text, logins.phone_keyboard(t))


def code(
    attempt: int, number: Phone, t: Texts, *, sent: bool = True, session_ended: bool = False
) -> Screen:
    """The code is on its way."""
    first = (
        t("🔒 <b>The session has ended.</b> The queue and the terms are not affected.")
        if session_ended
        else t("<b>Type the code from the SMS: 6 digits.</b>")
    )
    second = (
        t("The code was sent to {phone} and is valid for 5 minutes.", phone=number.masked)
        if sent
        else t("The SMS is delayed. The code will come to {phone} by itself.", phone=number.masked)
    )
    third = (
        t("Type it here, and the step that you began goes on.")
        if session_ended
        else t(
            "Do not tell it to anyone. No SMS? Check the IIN, and whether this number is "
            "registered for it in the citizens' base (MAB)."
        )
    )
    return Screen(f"{first}\n{second}\n{third}", _code_keyboard(attempt, t))


def new_code_sent(t: Texts) -> str:
    """A toast."""
    return t.plain("A new code was sent. The one before is no longer valid.")


def code_later(t: Texts) -> str:
    """A toast: no gateway has taken the code yet."""
    return t.plain("The SMS is delayed. The code will come by itself.")


def code_refused(answer: CodeAnswer, attempt: int, t: Texts) -> Screen:
    """The code did not open the door."""
    locked = answer.outcome is Outcome.LOCKED
    keyboard = rows(menus.to_menu(t)) if locked else _code_keyboard(attempt, t)
    return Screen(escape(troubles.code_answer(answer, t)), keyboard)


def pair_unknown(facts: Facts, t: Texts) -> Screen:
    """The MAB does not know this phone with this IIN (R3): how to register it."""
    text = t(
        "<b>This phone is not registered for this IIN in the citizens' base (MAB).</b>\n"
        "Check the IIN. If it is right, register the number: on egov.kz, in eGov Mobile "
        "or at a public service centre, then enter again.\n"
        "Technical support: {phone}",
        phone=facts.support_phone,
    )
    return Screen(text, _again(t))


def cannot_enter(why: str, t: Texts) -> Screen:
    """No code can be sent just now; `why` is plain text of ours."""
    return Screen(escape(why), _again(t))


def entered(person: Person, t: Texts, *, elsewhere: bool) -> Screen:
    """Inside. `elsewhere`: until now the notices went to another chat."""
    text = t("✅ <b>You have entered:</b> {name}", name=person.full_name)
    notices = (
        t("Notices now come to this chat; the chat that had them before is disconnected.")
        if elsewhere
        else t("Notices about your applications will come to this chat.")
    )
    return Screen(f"{text}\n{notices}")


def not_expected(t: Texts) -> Screen:
    """An IIN or a code came that nobody had asked for; it is off the chat already."""
    text = t(
        "No IIN and no code is expected now, so your message has been deleted from the chat.\n"
        "To go on, open the menu."
    )
    return Screen(text, rows(menus.to_menu(t)))


def _code_keyboard(attempt: int, t: Texts) -> InlineKeyboardMarkup:
    return rows(
        button(t.plain("Get a new code"), logins.NewLoginCodeButton(attempt=attempt)),
        button(t.plain("Another phone or IIN"), logins.OtherPhoneButton()),
    )


def _again(t: Texts) -> InlineKeyboardMarkup:
    return rows(button(t.plain("Enter again"), logins.OtherPhoneButton()), menus.to_menu(t))
