"""Routing: how long a tap takes to its handler, among all of ours and with one handler only."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any

from aiogram import BaseMiddleware, Bot, Dispatcher, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, Update

from bench.contest import Aim, Contest, Side
from bench.processes import TOKEN
from bot.dispatcher import converse
from bot.keyboards.application import OpenApplication
from bot.keyboards.menu import JournalButton
from bot.keyboards.places import PlacesButton
from bot.keyboards.signing import NewCodeButton
from bot.keyboards.voucher import ActButton
from core.applications.rules import Event
from core.login.values import Visitor

TAPS = 4000
PRESSED = (
    JournalButton(),
    OpenApplication(application=7, version=3),
    ActButton(application=7, version=3, act=Event.CONFIRM_INTEREST),
    NewCodeButton(application=7, version=3, request=5),
    PlacesButton(application=7, version=3),
)
"""What a parent presses on the way from the menu to a kindergarten."""


def contest(share: float = 1.0) -> Contest:
    """Row 3."""
    return Contest(
        name="routing",
        title="Routing a tap to its handler",
        figures={"microseconds": "µs of processor a tap"},
        sides=partial(_sides, max(1, round(TAPS * share))),
        aims=[
            Aim(
                3,
                "all our handlers / one handler",
                "microseconds",
                "ours",
                "one",
                must=3,
                aim=1.2,
            )
        ],
    )


class Arrived(BaseMiddleware):
    """Counts the taps that have found their handler, and calls none."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self, handler: Any, event: Any, data: dict[str, Any]) -> None:
        self.count += 1


@asynccontextmanager
async def _sides(taps: int) -> AsyncIterator[Sequence[Side]]:
    arrived = Arrived()
    ours = Dispatcher(disable_fsm=True)
    ours.callback_query.middleware(arrived)
    converse(ours)
    ones = [_one_handler(button, arrived) for button in PRESSED]
    yield [
        Side("one", "one handler with its filter", partial(_route, ones, arrived, taps)),
        Side("ours", "all our handlers", partial(_route, [ours], arrived, taps)),
    ]


def _one_handler(button: CallbackData, arrived: Arrived) -> Dispatcher:
    """A dispatcher that knows that button only."""
    dispatcher, router = Dispatcher(disable_fsm=True), Router()
    dispatcher.callback_query.middleware(arrived)
    router.callback_query.register(_never_called, type(button).filter())
    dispatcher.include_router(router)
    return dispatcher


async def _never_called(query: CallbackQuery) -> None: ...


async def _route(
    dispatchers: Sequence[Dispatcher], arrived: Arrived, taps: int
) -> Mapping[str, float]:
    bot = Bot(TOKEN)
    updates = [_update(number, bot) for number in range(taps)]
    tap = SimpleNamespace(visitor=Visitor(1))  # what filters ask for
    before = arrived.count
    began = time.process_time()
    for number, update in enumerate(updates):
        dispatcher = dispatchers[number % len(dispatchers)]
        await dispatcher.feed_update(bot, update, tap=tap)
    seconds = time.process_time() - began
    assert arrived.count - before == taps, "a tap has not found its handler"
    return {"microseconds": 1e6 * seconds / taps}


def _update(number: int, bot: Bot) -> Update:
    query = {
        "id": str(number),
        "from": {"id": 1, "is_bot": False, "first_name": "A"},
        "chat_instance": "c",
        "data": PRESSED[number % len(PRESSED)].pack(),
        "message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}},
    }
    return Update.model_validate(
        {"update_id": number, "callback_query": query}, context={"bot": bot}
    )
