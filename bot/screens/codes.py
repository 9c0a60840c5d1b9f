"""A code whose arrival nobody has confirmed: another operator is offered."""

from markupsafe import Markup

from bot.keyboards.base import button
from bot.keyboards.codes import OtherOperatorLoginButton, OtherOperatorSignButton
from bot.screens.base import Screen, of_lines
from bot.screens.signing import whose
from core.applications.values import ApplicationCard
from locales.texts import Texts, mark

SEND = mark("Send by another operator")


def unconfirmed_login(attempt: int, t: Texts) -> Screen:
    """For a code to enter with. It claims nothing about the message: whether one went out at all
    is not told to whoever types a phone and an IIN (R3)."""
    data = OtherOperatorLoginButton(attempt=attempt)
    return of_lines(_lines(t), button(t.plain(SEND), data))


def unconfirmed_signing(card: ApplicationCard, request_id: int, t: Texts) -> Screen:
    """For a code that signs an act."""
    data = OtherOperatorSignButton(application=card.id, version=card.version, request=request_id)
    return of_lines([whose(card, t), *_lines(t)], button(t.plain(SEND), data))


def _lines(t: Texts) -> list[Markup]:
    return [
        t("<b>Has the SMS with the code not come?</b>"),
        t(
            "A new code can be sent by another operator; the one before is then no longer valid.\n"
            "If it has come, just type it here."
        ),
    ]
