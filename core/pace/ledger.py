"""The ledger of the pace: what all processes together have sent, and may send next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.db.wire import Wire

FURTHEST = 2.0
"""Seconds: so far ahead nobody ever gets. More means that the database's clock was set back."""
FORGOTTEN = 60.0
"""Seconds after which a chat at rest is forgotten."""
NOW = "coalesce($8::float8, extract(epoch FROM clock_timestamp())::float8)"
SETTLE = f"""
WITH booked AS (
    INSERT INTO chat_paces AS c (chat_id, at_rest_at)
    SELECT chat, {NOW} + count(*) * $4::float8 FROM unnest($1::bigint[] || $2::bigint[]) AS chat
    GROUP BY chat ORDER BY chat
    ON CONFLICT (chat_id) DO UPDATE
    SET at_rest_at = greatest(c.at_rest_at, {NOW}) + excluded.at_rest_at - {NOW}
    WHERE c.chat_id = ANY($1) OR c.at_rest_at <= {NOW}
    RETURNING c.chat_id, c.at_rest_at
)
UPDATE pace SET
    free_at = greatest(least(free_at, {NOW} + {FURTHEST}), {NOW} - $5::float8) + $3::float8 *
        (cardinality($1) + (SELECT count(*) FROM booked WHERE chat_id = ANY($2))),
    held_until = greatest(held_until, {NOW} + $6::float8)
WHERE id = $7
RETURNING free_at - {NOW} AS lead, held_until - {NOW} AS held,
    (SELECT array_agg(chat_id ORDER BY chat_id) FROM booked) AS chats,
    (SELECT array_agg(at_rest_at - {NOW} ORDER BY chat_id) FROM booked) AS rests
"""
"""$1 chats that have been sent to, $2 chats that are to be, $3 seconds a message, $4 seconds a
message in one chat, $5 seconds that may be made up for, $6 a pause, $7 the row, $8 the time. Each
statement takes the chats in their order, and the one row last: none waits for another in a ring."""
ROW = 1
FIRST_TIME = "INSERT INTO pace VALUES ($1, 0, 0) ON CONFLICT DO NOTHING"
PAUSE = "pause"
"""The word by which processes tell each other of a pause."""


@dataclass(frozen=True)
class Standing:
    """Seconds, all from now. `lead`: how far messages have been taken ahead; `held`: how long
    Telegram wants silence; `rests`: chat -> until it is at rest, of those that were sent to and of
    those that got a turn; who asked and is not there got none."""

    lead: float
    held: float
    rests: Mapping[int, float] = field(default_factory=dict)


class Ledger:
    """One statement on the wire for many messages."""

    def __init__(self, wire: Wire, per_second: float, per_chat: float) -> None:
        self._wire = wire
        self._step = 1 / per_second
        self._chat_step = 1 / per_chat
        self._begun = False

    async def settle(
        self,
        sent: Sequence[int],
        wanted: Sequence[int],
        *,
        late: float,
        hold: float,
        now: float | None = None,
    ) -> Standing:
        """Enter messages that have gone to these chats, and take a turn for each of those that are
        `wanted` and at rest: distinct, and none of them just `sent` to. Turns are one `_step` after
        the other, the last one of them a step before the lead.

        `late`: seconds of the past that may be made up for; `hold`: what Telegram has just asked
        for; `now` for tests only: all processes go by the database's clock. Raises DatabaseDown.
        """
        steps = (self._step, self._chat_step)
        asked: list[Any] = [list(sent), list(wanted), *steps, late, hold, ROW, now]
        if not self._begun:
            await self._wire.fetch(FIRST_TIME, ROW)
            self._begun = True
        (row,) = await self._wire.fetch(SETTLE, *asked)
        if hold:
            self._wire.tell(PAUSE, str(hold))
        rests = dict(zip(row["chats"] or (), row["rests"] or (), strict=True))
        return Standing(row["lead"], row["held"], rests)

    async def forget(self) -> None:
        """Forget the chats that have long been at rest. Raises DatabaseDown."""
        await self._wire.fetch(
            "DELETE FROM chat_paces WHERE at_rest_at <"
            " extract(epoch FROM clock_timestamp())::float8 - $1::float8",
            FORGOTTEN,
        )
