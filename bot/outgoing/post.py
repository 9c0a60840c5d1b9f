"""The post: all lines of all channels, and when there is something to do for them."""

from collections.abc import Callable
from datetime import datetime

from bot.nursery import Nursery
from bot.outgoing.gate import Gate
from bot.outgoing.health import Health
from bot.outgoing.line import Line
from bot.outgoing.notices import TelegramNotices
from bot.outgoing.recorder import Recorder
from bot.outgoing.sms import SmsNotices
from core import agenda
from core.agenda import Due
from core.notices.plan import Channel, Lane
from core.services import Core
from core.sms.service import SmsSender

SMS_ROOM = 10
"""Text messages in hand at once."""
MOST_ROOM = 500
LEAST_ROOM = 20


class Post:
    """Sends what is owed, each lane for itself: none of them waits for another's notices."""

    def __init__(
        self,
        core: Core,
        gate: Gate,
        sender: SmsSender,
        nursery: Nursery,
        *,
        bot_name: str,
        per_second: int,
    ) -> None:
        """A lane of Telegram's has two seconds' worth of notices in hand, at `per_second`."""
        self._core = core
        self.when_room: Callable[[], None] = lambda: None
        """Called when there is room for more of what may be due; it asks for `send_due`."""
        recorder = Recorder(core.notices, core.clock)
        telegram, sms = Health("telegram", core.clock), Health("sms", core.clock)
        self._health = {Channel.TELEGRAM: telegram, Channel.SMS: sms}

        def line(channel: Channel, lane: Lane) -> Line:
            by_sms = channel is Channel.SMS
            carrier = (
                SmsNotices(core, sender, sms, gate, bot_name)
                if by_sms
                else TelegramNotices(core, gate, telegram)
            )
            return Line(
                channel,
                lane,
                notices=core.notices,
                carry=carrier.carry,
                recorder=recorder,
                health=sms if by_sms else telegram,
                nursery=nursery,
                clock=core.clock,
                room=SMS_ROOM if by_sms else max(LEAST_ROOM, min(2 * per_second, MOST_ROOM)),
                when_room=lambda: self.when_room(),
            )

        roads = [(Channel.TELEGRAM, lane) for lane in Lane]
        self._lines = {road: line(*road) for road in [*roads, (Channel.SMS, Lane.VOUCHER)]}

    async def send_due(self) -> int:
        """Take on what is due, the upper lanes first, and return while it is carried: how many.
        Broadcasts are left where they are while people wait; the next tick looks again."""
        due = await self._core.notices.due_lanes(self._core.clock.now())
        if self._core.db.crowded:
            due -= {(Channel.TELEGRAM, Lane.BROADCAST)}
        return sum([await line.fill() for road, line in self._lines.items() if road in due])

    def due(self, due: Due) -> datetime | None:
        """When a notice is to be sent next. Those of a channel that rests wait for its probe."""
        instants = {Channel.TELEGRAM: due.telegram, Channel.SMS: due.sms}
        return agenda.first(
            *(
                max(instant, self._health[channel].rest_until or instant)
                for channel, instant in instants.items()
                if instant is not None
            )
        )
