"""A button leads straight to its conversation: asking a hundred filters costs more than the rest of
the way (`make bench WHAT=routing`)."""

from collections.abc import Iterator, Sequence
from typing import Any

from aiogram import BaseMiddleware, Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import CallbackQuery, TelegramObject

from bot.middlewares.arrival import Handler


class Straight(BaseMiddleware):
    """Looks up the conversation by the prefix of the button's data. What has no prefix of ours, or
    comes from a group, or is not taken there, goes the common way: all conversations in order."""

    def __init__(self, conversations: Sequence[Router]) -> None:
        """ValueError when two conversations know the same prefix."""
        self._roads: dict[str, Router] = {}
        for conversation in conversations:
            for prefix in set(_prefixes(conversation)):
                if prefix in self._roads:
                    raise ValueError(f"two conversations know the button {prefix}")
                self._roads[prefix] = conversation

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, CallbackQuery)
        road = self._roads.get((event.data or "").partition(":")[0])
        if road is not None and data.get("tap") is not None:
            answer = await road.propagate_event("callback_query", event, **data)
            if answer is not UNHANDLED:
                return answer
        return await handler(event, data)


def _prefixes(router: Router) -> Iterator[str]:
    """The prefixes of all buttons that the router, and those in it, know."""
    for each in router.chain_tail:
        for handler in each.callback_query.handlers:
            for used in handler.filters or ():
                if isinstance(used.callback, CallbackQueryFilter):
                    yield used.callback.callback_data.__prefix__
