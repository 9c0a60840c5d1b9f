"""Notices by SMS, for those whom Telegram does not reach: with a link into the bot."""

from datetime import timedelta

from bot.outgoing.cards import card_of
from bot.outgoing.gate import Gate
from bot.outgoing.health import Health
from bot.screens import sms
from core.notices.values import Again, Notice, Outcome, Pointless, SmsTaken
from core.services import Core
from core.sms.port import UNREACHABLE, Accepted, Rejected, Unknown
from core.sms.service import PATIENCE, SmsSender

PURPOSE = "notice"
PORTAL = "akmola.kz"
OFTEN, MORE_PATIENCE = 5, timedelta(hours=3)
"""After so many attempts it has most likely gone out twice: a gateway that takes messages and never
answers would send one, and be paid for it, every few minutes for days."""
LONGEST = timedelta(seconds=50)
"""How long a sending can take: what became of it before, and each of two gateways, twice ten
seconds. A notice whose lease may end meanwhile would be another's, and go out twice."""


class SmsNotices:
    """Carries notices to phones."""

    def __init__(
        self, core: Core, sender: SmsSender, health: Health, gate: Gate, bot_name: str
    ) -> None:
        self._core = core
        self._sender = sender
        self._health = health
        self._gate = gate
        self._bot_name = bot_name

    async def carry(self, notice: Notice) -> Outcome:
        """Send it in the reader's language. One whose fate is not known is asked after first; one
        that has stood behind its reader's others for long is claimed anew."""
        if notice.lease_until - self._core.clock.now() < LONGEST:
            return Again("no_turn")
        card = await card_of(self._core, notice)
        text = sms.notice_text(notice.kind, card, notice.language, await self._link(notice))
        if text is None:
            return Pointless()
        assert notice.phone is not None, "an SMS without a phone is not claimed"
        result = await self._sender.send(
            PURPOSE,
            notice.phone,
            text,
            again=notice.sms_id,
            patience=PATIENCE if notice.attempts < OFTEN else MORE_PATIENCE,
        )
        match result.answer:
            case Accepted():
                self._health.worked()
                return SmsTaken(result.sms_id)
            case Rejected(code):
                if code == UNREACHABLE:
                    self._health.failed()
                return Again(code[:40])
            case Unknown():
                self._health.failed()
                return Again("unknown", sms_id=result.sms_id)

    async def _link(self, notice: Notice) -> str:
        """The way into the bot; the portal, while nobody tells the bot's name."""
        name = self._bot_name or await self._gate.name()
        return f"t.me/{name}?start={notice.token}" if name else PORTAL
