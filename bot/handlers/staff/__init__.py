"""The staff desk: one router, which nobody but staff may enter."""

from aiogram import Router

from bot.handlers.login import enter_again
from bot.handlers.staff import (
    audit,
    broadcast_audience,
    broadcast_runs,
    broadcasts,
    calls,
    confirm,
    desk,
    distribution,
    exports,
    families,
    family,
    figures,
    imports,
    issuing,
    leaves,
    outages,
    renewal,
    roles,
)
from bot.middlewares.staff import Rights, StaffOnly
from core.staff.rules import Right

ACTS: dict[str, confirm.Act] = {
    **distribution.ACTS,
    **renewal.ACTS,
    **outages.ACTS,
    "import": imports.ACT,
    broadcasts.SEND: confirm.Act(Right.BROADCAST, broadcasts.confirmed),
}
"""What is done once its number has been typed (`confirm.ask`)."""
CONVERSATIONS = (
    desk,
    families,
    family,
    calls,
    issuing,
    distribution,
    leaves,
    broadcasts,
    broadcast_audience,
    broadcast_runs,
    figures,
    imports,
    exports,
    renewal,
    outages,
    roles,
    audit,
)


def build() -> Router:
    router = Router(name="staff")
    for observer in (router.message, router.callback_query):
        observer.filter(StaffOnly())
        observer.middleware(Rights(enter_again))
    for conversation in CONVERSATIONS:
        router.include_router(conversation.build())
    router.include_router(confirm.build(ACTS))
    return router
