"""Telegram takes 64 bytes of callback data; ours fit with ids that a region will not reach."""

from typing import Any

import pytest

from bot.keyboards.application import (
    CalendarButton,
    CountedButton,
    DocumentButton,
    LivesButton,
    NumbersButton,
    OpenApplication,
    Tab,
)
from bot.keyboards.base import ApplicationButton
from bot.keyboards.places import (
    ChooseButton,
    FiltersButton,
    MapButton,
    PlaceButton,
    PlacesButton,
    SearchButton,
    SignPlaceButton,
)
from bot.keyboards.signing import NewCodeButton, StepBackButton
from bot.keyboards.voucher import ActButton, AskButton
from core.applications.rules import Event

HUGE = 999_999_999
OF: dict[str, Any] = {"application": HUGE, "version": 99_999}
VIEW: dict[str, Any] = {
    "page": 9_999,
    "mode": "t",
    "language": "kk",
    "ownership": "p",
    "free": True,
    "found": True,
}

LONGEST: list[ApplicationButton] = [
    OpenApplication(**OF, tab=Tab.DOCUMENTS),
    CountedButton(**OF),
    CalendarButton(**OF),
    LivesButton(**OF),
    NumbersButton(**OF),
    DocumentButton(**OF, signature=HUGE, kind="contract"),
    ActButton(**OF, act=Event.REMOVE_FROM_QUEUE),
    AskButton(**OF, act=Event.REMOVE_FROM_QUEUE),
    NewCodeButton(**OF, request=HUGE),
    StepBackButton(**OF, request=HUGE),
    *(made(**OF, **VIEW) for made in (PlacesButton, FiltersButton, SearchButton)),
    *(made(**OF, **VIEW, place=HUGE) for made in (PlaceButton, ChooseButton)),
    MapButton(**OF, place=HUGE),
    SignPlaceButton(**OF, place=HUGE),
]


@pytest.mark.parametrize("data", LONGEST, ids=lambda data: type(data).__name__)
def test_callback_data_fits_and_reads_back(data: ApplicationButton) -> None:
    packed = data.pack()
    assert len(packed.encode()) <= 64
    assert type(data).unpack(packed) == data


@pytest.mark.parametrize(
    "made_up", ["act:1:3:take_place", "act:1:3:issue_voucher", "ask:1:3:restore"]
)
def test_an_act_that_no_button_offers_is_no_callback_data(made_up: str) -> None:
    """Callback data that nobody made: a place cannot be taken without a place, and so on."""
    with pytest.raises(ValueError, match="validation error"):
        (ActButton if made_up.startswith("act") else AskButton).unpack(made_up)
