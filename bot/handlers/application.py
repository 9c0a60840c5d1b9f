"""An application: where it stands, its tabs, and how its date was counted."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.handlers.answers import person_of, show_application, stale
from bot.handlers.documents import send
from bot.keyboards.application import (
    CountedButton,
    DocumentButton,
    NumbersButton,
    OpenApplication,
    Tab,
)
from bot.screens import application, deadline, history
from bot.tap import Tap
from core.applications.values import ApplicationCard


def build() -> Router:
    router = Router(name="application")
    router.callback_query.register(opened, OpenApplication.filter())
    router.callback_query.register(counted, CountedButton.filter())
    router.callback_query.register(numbers, NumbersButton.filter())
    router.callback_query.register(document, DocumentButton.filter())
    return router


async def opened(
    query: CallbackQuery, callback_data: OpenApplication, tap: Tap, card: ApplicationCard
) -> None:
    """A tab. The button may be old: what it opens is always current."""
    match callback_data.tab:
        case Tab.STATUS:
            await show_application(tap, card)
        case Tab.INFORMATION:
            await tap.show(application.information(card, tap.t))
        case Tab.HISTORY:
            lines = await tap.core.applications.history(card.id)
            await tap.show(history.history(card, lines, tap.t))
        case Tab.DOCUMENTS:
            signed = await tap.core.signing.documents(card.id, person_of(tap))
            await tap.show(history.documents(card, signed, tap.t))


async def counted(query: CallbackQuery, tap: Tap, card: ApplicationCard) -> None:
    """The sum of the running term; where none runs any more, what is current."""
    if card.deadline is None:
        await stale(tap, card)
    else:
        await tap.show(deadline.counted(card, card.deadline, tap.t))


async def numbers(query: CallbackQuery, tap: Tap, card: ApplicationCard) -> None:
    """How the queue number moved."""
    changes = await tap.core.applications.numbers(card.id)
    await tap.show(history.numbers(card, changes, tap.t))


async def document(
    query: CallbackQuery, callback_data: DocumentButton, tap: Tap, card: ApplicationCard
) -> None:
    """One signed document as a file."""
    signed = await tap.core.signing.documents(card.id, person_of(tap))
    wanted = (callback_data.signature, callback_data.kind)
    found = [one for one in signed if (one.signature_id, one.kind) == wanted]
    if not found:
        await stale(tap, card)
    else:
        await send(tap, found)
