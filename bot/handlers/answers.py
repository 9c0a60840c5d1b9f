"""Answers that several conversations give about an application."""

from bot.screens import application, troubles
from bot.tap import Tap
from core.applications.rules import Refusal
from core.applications.values import ApplicationCard
from core.login.values import Person

OUT_OF_DATE = frozenset({Refusal.STALE, Refusal.NOT_NOW})


def person_of(tap: Tap) -> Person:
    """The person in session: the ownership middleware lets nobody else through."""
    assert tap.visitor.person is not None
    return tap.visitor.person


async def show_application(tap: Tap, card: ApplicationCard) -> None:
    """Where the application stands."""
    numbered = await tap.core.applications.numbered(card)
    await tap.show(application.application(numbered, tap.t, tap.core.clock.now()))


async def stale(tap: Tap, card: ApplicationCard) -> None:
    """The button was drawn for an earlier state: say so, and show the current one."""
    await tap.toast(application.stale(card, tap.t))
    await show_application(tap, card)


async def refused(tap: Tap, application_id: int, refusal: Refusal) -> None:
    """The rules say no: say why, and show where the application stands now."""
    now = tap.core.clock.now()
    card = await tap.core.applications.card(application_id, person_of(tap), now)
    if refusal in OUT_OF_DATE:
        await stale(tap, card)
    else:
        await tap.alert(troubles.refused(refusal, tap.t))
        await show_application(tap, card)
