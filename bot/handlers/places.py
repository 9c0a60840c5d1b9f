"""Choosing a kindergarten: the list, its filters and search, the card, the referral."""

from dataclasses import asdict, replace
from datetime import date

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import SECRET, Awaiting, digits_of
from bot.handlers.answers import refused, stale
from bot.handlers.login import enter_again
from bot.handlers.signing import press
from bot.keyboards.menu import JournalButton
from bot.keyboards.places import (
    ChooseButton,
    FiltersButton,
    MapButton,
    PlaceButton,
    PlacesButton,
    SearchButton,
    SignPlaceButton,
    View,
)
from bot.screens import place as words
from bot.screens import places, troubles
from bot.tap import Tap
from core.applications.rules import Event, Refusal, Refused
from core.applications.values import ApplicationCard
from core.clock import local
from core.places.values import Mode, PlacePage, PlaceRow

AWAITING = "place_search"
ACTS = {Mode.GENERAL: Event.TAKE_PLACE, Mode.TEMPORARY: Event.TAKE_TEMPORARY_PLACE}


def build() -> Router:
    router = Router(name="places")
    router.callback_query.register(listed, PlacesButton.filter())
    router.callback_query.register(filters, FiltersButton.filter())
    router.callback_query.register(search, SearchButton.filter())
    router.callback_query.register(opened, PlaceButton.filter())
    router.callback_query.register(on_map, MapButton.filter())
    router.callback_query.register(chosen, ChooseButton.filter())
    router.callback_query.register(signed, SignPlaceButton.filter())
    router.message.register(name_typed, Awaiting(AWAITING))
    return router


async def listed(
    query: CallbackQuery, callback_data: PlacesButton, tap: Tap, card: ApplicationCard
) -> None:
    """The list, as long as the voucher lets choose (R10)."""
    if Event.TAKE_PLACE not in card.actions:
        await stale(tap, card)
        return
    if tap.visitor.awaiting == AWAITING:
        await tap.core.visitors.expect(tap.chat_id, None, tap.visitor.details, tap.moment)
    await _show_list(tap, card, callback_data.view)


async def filters(
    query: CallbackQuery, callback_data: FiltersButton, tap: Tap, card: ApplicationCard
) -> None:
    """The filters."""
    if Event.TAKE_PLACE not in card.actions:
        await stale(tap, card)
        return
    view = callback_data.view
    page = await _page(tap, card, view, _searched(tap, card))
    await tap.show(places.filters(card, page, view, tap.t))


async def search(
    query: CallbackQuery, callback_data: SearchButton, tap: Tap, card: ApplicationCard
) -> None:
    """Asks for a name; the next text is taken for it. The way back leads to what the last one
    found."""
    if Event.TAKE_PLACE not in card.actions:
        await stale(tap, card)
        return
    view = callback_data.view
    details = {"application": card.id, "view": asdict(view), "search": _searched(tap, card)}
    await tap.core.visitors.expect(tap.chat_id, AWAITING, details, tap.moment)
    await tap.show(places.ask_name(card, view, tap.t))


async def name_typed(message: Message, tap: Tap) -> None:
    """The list of what the name finds."""
    if tap.visitor.person is None or not tap.visitor.session:
        await enter_again(tap, JournalButton().pack())
        return
    name = (message.text or "").strip()[: places.SEARCH_LENGTH]
    application_id = tap.visitor.details["application"]
    view = View(**tap.visitor.details["view"]).but(found=True)
    card = await tap.core.applications.card(application_id, tap.visitor.person, tap.moment)
    if SECRET.fullmatch(digits_of(name)):
        await tap.delete_message()
        await tap.send(places.not_a_name(card, tap.t))
        return
    details = {"application": card.id, "search": name}
    await tap.core.visitors.expect(tap.chat_id, None, details, tap.moment)
    if Event.TAKE_PLACE not in card.actions:
        await stale(tap, card)
        return
    page = await _page(tap, card, view, name)
    await tap.show(places.places(card, page, view, name, tap.t))


async def opened(
    query: CallbackQuery, callback_data: PlaceButton, tap: Tap, card: ApplicationCard
) -> None:
    """A kindergarten's card (R13)."""
    row = await _place(tap, card, callback_data.place, callback_data.view)
    if row is not None:
        await tap.show(places.place(card, row, callback_data.view, tap.t))


async def on_map(
    query: CallbackQuery, callback_data: MapButton, tap: Tap, card: ApplicationCard
) -> None:
    """The pin, below the card."""
    row = await _place(tap, card, callback_data.place, View())
    if row is not None and row.latitude is not None and row.longitude is not None:
        title, address = words.name(row), row.address or row.kindergarten
        await tap.gate.venue(tap.chat_id, row.latitude, row.longitude, title, address)


async def chosen(
    query: CallbackQuery, callback_data: ChooseButton, tap: Tap, card: ApplicationCard
) -> None:
    """The referral, read before it is signed (R14, R16)."""
    row = await _place(tap, card, callback_data.place, callback_data.view)
    if row is None:
        return
    if row.free == 0:
        await _gone(tap, card, callback_data.view)
        return
    calendar = await tap.core.calendar.load()
    withdraw_on = calendar.next_working_day(row.until) if row.until else None
    await tap.show(places.referral(card, row, callback_data.view, withdraw_on, tap.t))


async def signed(
    query: CallbackQuery, callback_data: SignPlaceButton, tap: Tap, card: ApplicationCard
) -> None:
    """The press: it reserves the act (D8) and holds the place (D6)."""
    row = await tap.core.places.place(callback_data.place)
    if row is None:
        await _gone(tap, card, View())
        return
    try:
        await press(tap, card, ACTS[row.mode], callback_data.version, row.id)
    except Refused as error:
        if error.refusal in (Refusal.PLACE_GONE, Refusal.PLACE_OVER):
            await _gone(tap, card, View(), error.refusal)
        else:
            await refused(tap, card.id, error.refusal)


async def _place(tap: Tap, card: ApplicationCard, place_id: int, view: View) -> PlaceRow | None:
    """A place that this voucher may choose (D10, D19); None: the person has been answered."""
    if Event.TAKE_PLACE not in card.actions:
        await stale(tap, card)
        return None
    row = await tap.core.places.place(place_id)
    if row is None or row.district != card.district:
        await _gone(tap, card, view)
        return None
    if row.is_over(await _first_day(tap)):
        await _gone(tap, card, view, Refusal.PLACE_OVER)
        return None
    return row


async def _gone(
    tap: Tap, card: ApplicationCard, view: View, why: Refusal = Refusal.PLACE_GONE
) -> None:
    """No free place there: say so, and show where there are some."""
    await tap.alert(troubles.refused(why, tap.t))
    await _show_list(tap, card, view)


async def _show_list(tap: Tap, card: ApplicationCard, view: View) -> None:
    name = _searched(tap, card)
    page = await _page(tap, card, view, name)
    await tap.show(places.places(card, page, replace(view, page=page.page), name, tap.t))


async def _page(tap: Tap, card: ApplicationCard, view: View, name: str | None) -> PlacePage:
    wanted, first_day = view.wanted(name), await _first_day(tap)
    return await tap.core.places.page(card.district, wanted, view.page, first_day=first_day)


async def _first_day(tap: Tap) -> date:
    """On which a child that takes a place now can come."""
    calendar = await tap.core.calendar.load()
    return calendar.next_working_day(local(tap.core.clock.now()).date())


def _searched(tap: Tap, card: ApplicationCard) -> str | None:
    """The name that was looked for last, for this application."""
    details = tap.visitor.details
    name = details.get("search") if details.get("application") == card.id else None
    return name if isinstance(name, str) else None
