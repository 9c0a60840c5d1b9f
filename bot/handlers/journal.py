"""The journal of applications (R5)."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.handlers.answers import person_of
from bot.keyboards.menu import JournalButton
from bot.screens import application, journal
from bot.tap import Tap


def build() -> Router:
    router = Router(name="journal")
    router.callback_query.register(pressed, JournalButton.filter())
    return router


async def pressed(query: CallbackQuery, tap: Tap) -> None:
    await open_journal(tap)


async def open_journal(tap: Tap) -> None:
    """The person's applications: a single one opens by itself. Needs a session."""
    now = tap.core.clock.now()
    cards = await tap.core.applications.journal(person_of(tap), now)
    if not cards:
        await tap.show(journal.empty(tap.facts, tap.t, staff=tap.visitor.member is not None))
    elif len(cards) == 1:
        await tap.show(application.application(cards[0], tap.t, now))
    else:
        await tap.show(journal.several(cards, tap.t))
