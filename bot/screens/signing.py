"""An act that waits for its code: what is signed, where the code went, what was wrong with one."""

from markupsafe import Markup, escape

from bot.keyboards.base import rows
from bot.keyboards.signing import new_code, step_back
from bot.screens.application import headline
from bot.screens.base import Screen
from core.applications.values import ApplicationCard
from core.clock import local
from core.codes.values import CodeAnswer, Outcome
from core.identity.rules import Phone
from core.signing.values import Asked
from locales.texts import Texts, mark


def asked(card: ApplicationCard, asked: Asked, phone: Phone, t: Texts) -> Screen:
    """The code is out: it is typed into the chat."""
    if asked.valid_until is None:
        where = t(
            "The code went to {phone}. Type it here within 5 minutes: with it you sign this text.",
            phone=phone.masked,
        )
    elif asked.sent_at is None:
        where = t(
            "The code went to {phone}. Type it here before <b>{until}</b>: with it you sign this "
            "text.",
            phone=phone.masked,
            until=f"{local(asked.valid_until):%H:%M}",
        )
    else:
        where = t(
            "The code that went to {phone} at {sent} is still valid: type it here before "
            "<b>{until}</b>. With it you sign this text.",
            phone=phone.masked,
            sent=f"{local(asked.sent_at):%H:%M}",
            until=f"{local(asked.valid_until):%H:%M}",
        )
    return _screen([_signed_text(asked, t), where], card, asked.request_id, t)


def waiting(card: ApplicationCard, asked: Asked, t: Texts) -> Screen:
    """No gateway has taken the code yet: the press counts all the same (D8)."""
    lines = [
        _signed_text(asked, t),
        t(
            "The SMS is delayed. Your press counts as of <b>{moment}</b>.",
            moment=t.moment(local(asked.pressed_at)),
        ),
        t("The code comes by itself; nothing is lost. Type it here when it has come."),
    ]
    return _screen(lines, card, asked.request_id, t)


def not_a_code(card: ApplicationCard, request_id: int, t: Texts) -> Screen:
    """Something else was typed."""
    lines = [
        whose(card, t),
        t("The code is the 6 digits from the SMS."),
        t("Type them here, or step back: nothing is signed yet."),
    ]
    return _screen(lines, card, request_id, t)


def not_right(card: ApplicationCard, request_id: int, answer: CodeAnswer, t: Texts) -> Screen:
    """The code did not do: what is the matter, what helps."""
    return _screen([whose(card, t), _trouble(answer, t)], card, request_id, t)


def whose(card: ApplicationCard, t: Texts) -> Markup:
    """Which child's application it is about."""
    return headline(mark("<b>{child}, {number}</b>"), card, t)


def _trouble(answer: CodeAnswer, t: Texts) -> Markup:
    match answer.outcome:
        case Outcome.WRONG:
            return t("The code is wrong. Tries left: {count}.", count=answer.tries_left)
        case Outcome.NO_TRIES:
            return t("The code is wrong, and there are no tries left. Get a new code.")
        case Outcome.EXPIRED | Outcome.USED | Outcome.RIGHT:
            return t("This code is no longer valid. Get a new code, or step back.")
        case Outcome.LOCKED:
            if answer.locked_until is None:
                return t("Too many wrong codes in a row. Try again later.")
            return t(
                "Too many wrong codes in a row. Try again after <b>{moment}</b>.",
                moment=t.moment(local(answer.locked_until)),
            )
        case Outcome.NOT_SENT:
            return t("The code has not been sent yet. It comes by itself; nothing is lost.")


def _signed_text(asked: Asked, t: Texts) -> Markup:
    return t("✍️ <b>You are signing:</b>\n<blockquote>{text}</blockquote>", text=escape(asked.text))


def _screen(lines: list[Markup], card: ApplicationCard, request_id: int, t: Texts) -> Screen:
    buttons = rows(new_code(card, request_id, t), step_back(card, request_id, t))
    return Screen(Markup("\n").join(lines), buttons)
