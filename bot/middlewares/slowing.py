"""Whoever hammers is slowed, with a friendly word; nobody else feels it."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import CallbackQuery, TelegramObject, Update
from markupsafe import escape

from bot.hammering import Button, Fate, Hammering, Person
from bot.metrics import UPDATES
from bot.middlewares.arrival import Handler
from bot.middlewares.order import HANDLED
from bot.middlewares.visitor import language_of, sender
from bot.nursery import Nursery
from bot.outgoing.gate import Gate
from bot.screens import troubles
from bot.screens.base import Screen
from locales.texts import texts

ROOM = 8
"""Presses above their person's pace that wait here while Telegram holds the webhook's connection;
it has 40 for all people."""
WORTH_A_WORD = 0.5
"""Seconds: a shorter wait nobody notices."""


class PutOff(Exception):
    """The update is above its person's pace, and there is no room to wait: Telegram is to bring it
    again in so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


class Slowing(BaseMiddleware):
    """The outermost: what is dropped here costs no work, and what waits here holds nothing that
    others need. Its answer to a press is returned, for the transport to pass on: as the webhook's
    own response it costs no call."""

    def __init__(
        self,
        hammering: Hammering,
        gate: Gate,
        room: float = math.inf,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`room`: updates that may wait here at once; beyond that PutOff is raised."""
        self._hammering = hammering
        self._gate = gate
        self._room = room
        self._sleep = sleep

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)
        user, chat = sender(event)
        within = user is not None and HANDLED.get() == user.id
        if user is None or within or (chat is not None and chat.type != "private"):
            return await handler(event, data)
        person = self._hammering.person(user.id)
        person.t = person.t or texts(language_of(user))
        verdict = self._hammering.judge(person, event.update_id, _button(event.callback_query))
        if verdict.fate in (Fate.REPEATS, Fate.TOO_MANY):
            UPDATES.labels("surplus").inc()
            if verdict.fate is Fate.REPEATS:
                self._hammering.answered(person, event.update_id)
            return self._drop(verdict.fate, person, event, data["nursery"])
        if verdict.fate is Fate.LATER and not self._room:
            raise PutOff(verdict.wait)
        self._hammering.take(person, event.update_id, _button(event.callback_query))
        try:
            if verdict.fate is Fate.LATER:
                await self._hold(verdict.wait, person, user.id, data["nursery"])
            return await handler(event, data)
        finally:
            self._hammering.answered(person, event.update_id)
            if (tap := data.get("tap")) is not None:
                person.t = tap.t  # the language that they have chosen

    async def _hold(self, seconds: float, person: Person, chat_id: int, nursery: Nursery) -> None:
        if seconds >= WORTH_A_WORD:
            self._tell(Fate.LATER, person, chat_id, nursery)
        self._room -= 1
        try:
            await self._sleep(seconds)
        finally:
            self._room += 1

    def _drop(
        self, fate: Fate, person: Person, event: Update, nursery: Nursery
    ) -> AnswerCallbackQuery | None:
        """Nothing is done. A press is answered all the same, or its button would spin; in words
        the first time, and each time that something is not taken."""
        query = event.callback_query
        if query is None:
            assert event.message is not None
            self._tell(fate, person, event.message.chat.id, nursery)
            return None
        new = fate not in person.told or fate is Fate.TOO_MANY
        person.told.add(fate)
        return AnswerCallbackQuery(
            callback_query_id=query.id, text=_word(fate, person) if new else None
        )

    def _tell(self, fate: Fate, person: Person, chat_id: int, nursery: Nursery) -> None:
        """Say it in the chat, once until all is calm. Nothing waits for it."""
        if fate not in person.told:
            person.told.add(fate)
            screen = Screen(escape(_word(fate, person)))
            nursery.start(self._gate.send(chat_id, screen), name="a friendly word")


def _word(fate: Fate, person: Person) -> str:
    assert person.t is not None
    return {
        Fate.REPEATS: troubles.pressed_again,
        Fate.LATER: troubles.too_fast,
        Fate.TOO_MANY: troubles.too_many,
    }[fate](person.t)


def _button(query: CallbackQuery | None) -> Button | None:
    """What was pressed, if anything was."""
    if query is None or query.data is None:
        return None
    return query.message.message_id if query.message else 0, query.data
