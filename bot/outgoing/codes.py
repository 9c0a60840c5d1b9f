"""Offering another SMS gateway to those whose code nobody has confirmed."""

import structlog

from bot.middlewares.errors import described
from bot.outgoing.gate import Gate
from bot.screens import codes as screens
from bot.screens.base import Screen
from core.applications.values import NotYours
from core.codes.offers import Unconfirmed, unconfirmed
from core.login.values import Visitor
from core.services import Core
from locales.texts import texts

log = structlog.get_logger(__name__)

ENTERING, SIGNING = "login_code", "signing_code"
"""What a chat awaits that waits for a code."""


class OtherGateway:
    """Sends the offers that are due, in the lane of answers: a person waits for that code."""

    def __init__(self, core: Core, gate: Gate) -> None:
        self._core = core
        self._gate = gate

    async def offer_due(self) -> int:
        """Offer it where the chat still waits for that very code. How many codes were due. One
        that cannot be sent is not sent again: the buttons under the code's message stay."""
        due = await unconfirmed(self._core.db, self._core.clock.now())
        for code in due:
            try:
                screen = await self._screen(code)
                if screen is not None:
                    await self._gate.send(code.chat_id, screen)
            except Exception as error:  # noqa: BLE001 one chat never holds up the others
                log.warning("other gateway not offered", code=code.code_id, **described(error))
        return len(due)

    async def _screen(self, code: Unconfirmed) -> Screen | None:
        """What is offered; None when the conversation has gone on to something else."""
        now = self._core.clock.now()
        visitor = await self._core.visitors.load(code.chat_id, now)
        t = texts(visitor.language or code.language)
        if _awaits(visitor, ENTERING, "attempt", code.target_id):
            return screens.unconfirmed_login(code.target_id, t)
        if visitor.person is None or not _awaits(visitor, SIGNING, "request", code.target_id):
            return None
        application = visitor.details["application"]
        try:
            card = await self._core.applications.card(application, visitor.person, now)
        except NotYours:
            return None
        return screens.unconfirmed_signing(card, code.target_id, t)


def _awaits(visitor: Visitor, awaiting: str, of: str, target_id: int) -> bool:
    return visitor.awaiting == awaiting and visitor.details.get(of) == target_id
