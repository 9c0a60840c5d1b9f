"""An SMS gateway: what takes a text message to a phone, and what it can answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from core.identity.rules import Phone
from core.sms.rules import Report


@dataclass(frozen=True)
class Sms:
    """One message under our own id (1 to 2**31 - 1), by which a gateway can be asked about it.

    `urgent`: a one-time code, worth nothing once some minutes have passed.
    """

    id: int
    phone: Phone
    text: str = field(repr=False)
    urgent: bool = False


@dataclass(frozen=True)
class Accepted:
    """The gateway has the message. `cost` is in tenge; None where the gateway does not say."""

    gateway_id: str
    segments: int
    cost: Decimal | None


UNREACHABLE = "unreachable"
"""The code of a gateway that could not be asked at all."""


@dataclass(frozen=True)
class Rejected:
    """The gateway certainly will not deliver it; `code` is its own word for why."""

    code: str


@dataclass(frozen=True)
class Unknown:
    """No answer that can be relied on: the gateway may have taken the message."""


Answer = Accepted | Rejected | Unknown


class SmsGateway(Protocol):
    """Takes messages; raises nothing for what a network or a gateway can do wrong."""

    name: str

    async def send(self, sms: Sms) -> Answer:
        """Hand the message over."""

    async def status(self, sms: Sms) -> Answer:
        """What became of the message with that id."""


@dataclass(frozen=True)
class Taken:
    """A message that a gateway has accepted, by our id and by the gateway's."""

    id: int
    gateway_id: str
    phone: Phone


class Reporter(Protocol):
    """A gateway that can be asked what became of messages."""

    name: str

    async def reports(self, messages: Sequence[Taken]) -> Mapping[int, Report]:
        """By our ids; without those of which nothing can be said now. 100 messages at most."""
