"""The dispatcher: middlewares and conversations in their order."""

from collections.abc import Sequence
from typing import Any

from aiogram import Dispatcher

from bot.facts import Facts
from bot.handlers import (
    application,
    broadcasts,
    district,
    fallback,
    forecast,
    groups,
    guide,
    journal,
    language,
    login,
    login_code,
    members,
    mydata,
    places,
    signing,
    staff,
    start,
    voucher,
)
from bot.handlers.login import enter_again
from bot.middlewares.answers import Answers
from bot.middlewares.arrival import Arrival
from bot.middlewares.errors import Errors
from bot.middlewares.order import InOrder
from bot.middlewares.ownership import Ownership
from bot.middlewares.straight import Straight
from bot.middlewares.visitor import WhoIsThere
from bot.outgoing.gate import Gate
from core.services import Core

CONVERSATIONS: Sequence[Any] = (
    groups,
    start,
    staff,
    language,
    district,
    guide,
    mydata,
    broadcasts,
    login,
    login_code,
    journal,
    application,
    forecast,
    voucher,
    signing,
    places,
    members,
    fallback,
)
"""Commands come first: they step out of whatever is under way. What catches all comes last."""


def build_dispatcher(
    core: Core, gate: Gate, facts: Facts, *, pauses: Sequence[float] = ()
) -> Dispatcher:
    """A new dispatcher with new routers: a router can be attached only once.

    The transport feeds it with `feed_update(bot, update, moment=…)`; a database that is still
    down after `pauses` (seconds) is raised out of it as DatabaseDown.
    """
    dispatcher = Dispatcher(disable_fsm=True, gate=gate, facts=facts)
    for middleware in (
        Errors(pauses),
        Arrival(core.clock),
        InOrder(),
        WhoIsThere(core, gate, facts),
        Answers(),
    ):
        dispatcher.update.outer_middleware(middleware)
    dispatcher.callback_query.middleware(Ownership(enter_again))
    converse(dispatcher)
    return dispatcher


def converse(dispatcher: Dispatcher) -> None:
    """Let it know all conversations, and the straight way to each."""
    dispatcher.include_routers(*(conversation.build() for conversation in CONVERSATIONS))
    dispatcher.callback_query.outer_middleware(Straight(dispatcher.sub_routers))
