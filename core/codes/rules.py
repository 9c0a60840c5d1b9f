"""The numbers of one-time codes (OWASP ASVS 5.0 §6.5-6.6, NIST SP 800-63B-4 §3.1.3)."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

DIGITS = 6
LIFE = timedelta(minutes=5)
TRIES = 5
"""Wrong entries that one code survives."""

FAILURES_IN_A_ROW = 10
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=1)

RETRY = timedelta(seconds=30)
"""After how long a code that no gateway took is sent again."""
GIVE_UP = timedelta(days=1)
"""After how long a code that no gateway takes is not tried any more."""
LEASE = timedelta(seconds=60)
"""How long a delivery may take before another one may begin: it was cut off."""
AT_ONCE = 50
"""Codes that one process hands to gateways at a time: whatever hangs, it is no flood. A session of
aiohttp's has a hundred connections, and who waits for one of them is taken not to be answered."""
STEP = 0.1
"""Seconds between two looks at a delivery that another process has begun."""
PATIENCE = timedelta(seconds=10)
"""For how long that is waited for, as long as a gateway may take: if it was
killed, whoever waits would hold back all that its person does, the entering of that code too."""

OFFER_AFTER = timedelta(seconds=60)
"""How long a gateway may take to confirm a code before the other one is offered."""


class Why(StrEnum):
    """What stands against another code just now."""

    PAUSE = "pause"
    HOUR = "hour"
    DAY = "day"
    LOCKED = "locked"
    CEILING = "ceiling"


@dataclass(frozen=True)
class Limit:
    """At most `count` codes within `window`, which rolls."""

    count: int
    window: timedelta
    why: Why


PAUSE = Limit(1, timedelta(seconds=60), Why.PAUSE)
HOUR = Limit(3, timedelta(hours=1), Why.HOUR)
DAY = Limit(6, timedelta(days=1), Why.DAY)
PERSON_HOUR = Limit(6, timedelta(hours=1), Why.CEILING)
PERSON_DAY = Limit(12, timedelta(days=1), Why.CEILING)
"""For one person in all the chats that are not linked to them; the three above count in each of
these, so that somebody else's chat does not use up the parent's own."""
CHAT = Limit(20, timedelta(days=1), Why.CEILING)
ALL = Limit(3_000, timedelta(hours=1), Why.CEILING)


def digits_of(secret: bytes, code_id: int, subject: str, asked: datetime) -> str:
    """A code's digits, which nobody can foresee who has not the secret (as in RFC 4226): however
    often it is sent, because nobody knows whether it arrived, they are the same."""
    told = f"digits {code_id} {subject} {asked.astimezone(UTC).isoformat()}"
    made = hmac.new(secret, told.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(made) % 10**DIGITS:0{DIGITS}}"


def subject_of(secret: bytes, iin: str, phone: str = "") -> str:
    """Whose codes are counted together: a keyed hash, so that the counters hold no IIN. With a
    `phone` it is the pair's: who knows the IIN alone counts nothing against its owner."""
    told = f"subject {iin} {phone}".rstrip()
    return hmac.new(secret, told.encode(), hashlib.sha256).hexdigest()


def subject_in_chat(subject: str, chat_id: int) -> str:
    """Whose wrong codes are counted together where the chat is not linked to that person: the
    chat's own, or whoever guesses there would lock out the parent."""
    return hashlib.sha256(f"{subject} {chat_id}".encode()).hexdigest()


def subjects_of(keys: Sequence[bytes], iin: str, phone: str = "") -> list[str]:
    """Under each of the keys that are in use, the main one first."""
    return [subject_of(key, iin, phone) for key in keys]


def hash_of(secret: bytes, code_id: int, digits: str) -> str:
    """What is kept of a code. Its id binds it to the request that its row names."""
    return hmac.new(secret, f"code {code_id} {digits}".encode(), hashlib.sha256).hexdigest()


def fits(kept: str | None, keys: Sequence[bytes], code_id: int, digits: str) -> bool:
    """Whether that is what was kept of a code with these digits, under one of the keys."""
    made = [hash_of(secret, code_id, digits) for secret in keys]
    return any(hmac.compare_digest(hashed, kept or "") for hashed in made)


def expiry(sent: datetime, cap: datetime | None) -> datetime:
    """When a code sent at that moment ends."""
    ends = sent + LIFE
    return ends if cap is None else min(ends, cap)


def lock_time(failures: int) -> timedelta | None:
    """How long to wait after that many wrong codes in a row: 15, 30, then 60 minutes."""
    if failures < FAILURES_IN_A_ROW:
        return None
    doublings = min(failures - FAILURES_IN_A_ROW, 8)  # more would only overflow
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)
