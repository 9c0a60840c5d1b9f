"""Notices by SMS, for those whom Telegram does not reach: with a link into the bot."""

from bot.outgoing.cards import card_of
from bot.outgoing.gate import Gate
from bot.outgoing.health import Health
from bot.screens import sms
from core.notices.values import Again, Notice, Outcome, Pointless, SmsTaken
from core.services import Core
from core.sms.port import UNREACHABLE, Accepted, Rejected, Unknown
from core.sms.service import SmsSender

PURPOSE = "notice"
PORTAL = "akmola.kz"


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
        """Send it in the reader's language. One whose fate is not known is asked after first."""
        card = await card_of(self._core, notice)
        text = sms.notice_text(notice.kind, card, notice.language, await self._link(notice))
        if text is None:
            return Pointless()
        assert notice.phone is not None, "an SMS without a phone is not claimed"
        result = await self._sender.send(PURPOSE, notice.phone, text, again=notice.sms_id)
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
