"""An application: where it stands, its tabs, and how its date was counted."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.handlers.answers import person_of, show_application, stale
from bot.handlers.documents import send
from bot.keyboards.application import (
    CalendarButton,
    CountedButton,
    DocumentButton,
    LivesButton,
    NumbersButton,
    OpenApplication,
    Tab,
)
from bot.screens import application, deadline, history, lives
from bot.tap import Tap
from core.applications.values import ApplicationCard
from documents import calendar_file


def build() -> Router:
    router = Router(name="application")
    router.callback_query.register(opened, OpenApplication.filter())
    router.callback_query.register(counted, CountedButton.filter())
    router.callback_query.register(in_calendar, CalendarButton.filter())
    router.callback_query.register(numbers, NumbersButton.filter())
    router.callback_query.register(what_was_sent, LivesButton.filter())
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
            numbered = await tap.core.applications.numbered(card)
            await tap.show(application.information(numbered, tap.t))
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


async def in_calendar(query: CallbackQuery, tap: Tap, card: ApplicationCard) -> None:
    """The running term as a calendar file; where nothing is to be done, what is current."""
    term = calendar_file.running(card)
    if term is None:
        await stale(tap, card)
        return
    data = calendar_file.render(card, term, tap.t, tap.core.clock.now())
    name, caption = calendar_file.file_name(card), deadline.in_calendar(tap.t)
    await tap.gate.document(tap.chat_id, name, data, caption)


async def numbers(query: CallbackQuery, tap: Tap, card: ApplicationCard) -> None:
    """How the queue number moved."""
    changes = await tap.core.applications.numbers(card.id)
    await tap.show(history.numbers(card, changes, tap.t))


async def what_was_sent(query: CallbackQuery, tap: Tap, card: ApplicationCard) -> None:
    """What became of each notice about it."""
    notices = await tap.core.lives.of(card.id)
    await tap.show(lives.lives(card, notices, tap.t))


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
