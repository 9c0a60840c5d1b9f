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
from bot.middlewares.admission import Admission
from bot.middlewares.answers import Answers
from bot.middlewares.arrival import Arrival
from bot.middlewares.errors import Errors
from bot.middlewares.order import InOrder, InOrderEverywhere
from bot.middlewares.ownership import Ownership
from bot.middlewares.slowing import Slowing
from bot.middlewares.sound import Sound
from bot.middlewares.straight import Straight
from bot.middlewares.traces import Named, Traces
from bot.middlewares.visitor import WhoIsThere
from bot.nursery import Nursery
from bot.outgoing.code_post import CodePost
from bot.outgoing.gate import Gate
from core.order.lines import Lines
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
    core: Core,
    gate: Gate,
    facts: Facts,
    nursery: Nursery,
    *,
    pauses: Sequence[float] = (),
    lines: Lines | None = None,
    slowing: Slowing | None = None,
) -> Dispatcher:
    """A new dispatcher with new routers: a router can be attached only once.

    The transport feeds it with `feed_update(bot, update, moment=…)`; a database that is still
    down after `pauses` (seconds) is raised out of it as DatabaseDown. `lines`: in which people's
    updates stand that come to several processes. `slowing`: keeps people to a pace; it may raise
    PutOff. Whatever AnswerCallbackQuery comes out is the transport's to send; with `rides=True`
    every answer without words comes out so.
    """
    dispatcher = Dispatcher(disable_fsm=True, gate=gate, facts=facts, nursery=nursery)
    if slowing is not None:
        dispatcher.update.outer_middleware(slowing)
    for middleware in (
        Traces(),
        Errors(pauses),
        Arrival(core.clock),
        Sound(),
        InOrder() if lines is None else InOrderEverywhere(lines),
        Admission(),
        WhoIsThere(core, gate, CodePost(core.codes, nursery), facts),
        Answers(),
    ):
        dispatcher.update.outer_middleware(middleware)
    for kind in (dispatcher.message, dispatcher.callback_query, dispatcher.my_chat_member):
        kind.middleware(Named())
    dispatcher.callback_query.middleware(Ownership(enter_again))
    converse(dispatcher)
    return dispatcher


def converse(dispatcher: Dispatcher) -> None:
    """Let it know all conversations, and the straight way to each."""
    dispatcher.include_routers(*(conversation.build() for conversation in CONVERSATIONS))
    dispatcher.callback_query.outer_middleware(Straight(dispatcher.sub_routers))
