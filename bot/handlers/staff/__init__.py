"""The staff desk: one router, which nobody but staff may enter."""

from aiogram import Router

from bot.handlers.login import enter_again
from bot.handlers.staff import (
    audit,
    calls,
    confirm,
    desk,
    distribution,
    exports,
    families,
    family,
    imports,
    issuing,
    leaves,
    renewal,
    roles,
)
from bot.middlewares.staff import Rights, StaffOnly

ACTS: dict[str, confirm.Act] = {**distribution.ACTS, **renewal.ACTS, "import": imports.ACT}
"""What is done once its number has been typed (`confirm.ask`)."""


def build() -> Router:
    router = Router(name="staff")
    for observer in (router.message, router.callback_query):
        observer.filter(StaffOnly())
        observer.middleware(Rights(enter_again))
    for conversation in (
        desk,
        issuing,
        distribution,
        families,
        family,
        calls,
        leaves,
        renewal,
        imports,
        exports,
        audit,
        roles,
    ):
        router.include_router(conversation.build())
    router.include_router(confirm.build(ACTS))
    return router
