"""SMSC.kz over HTTP (smsc.kz/api/http): form in UTF-8, answers in JSON, our own id for repeats."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import aiohttp
from pydantic import BaseModel, TypeAdapter, ValidationError

from core.sms.port import UNREACHABLE, Accepted, Answer, Rejected, Sms, Taken, Unknown
from core.sms.rules import Report, State
from core.sms.segments import segments
from core.sms.wire import NO_ANSWER, NOT_CONNECTED, post

NAME = "smsc"

NOT_DELIVERED = frozenset({-3, -2, 3, 20, 22, 23, 24, 25})
"""Not found, stopped, expired, undeliverable, wrong number, forbidden, no money, unreachable."""
UNDER_WAY = frozenset({-1, 0})
"""Waiting, at the operator."""
DELIVERED = frozenset({1, 2})
"""Delivered, read."""
URGENT = "00:05"
"""`valid`: hours and minutes for which SMSC tries to deliver a code."""


class _Taken(BaseModel):
    id: int
    cnt: int
    cost: Decimal | None = None


class _Status(BaseModel):
    status: int
    cost: Decimal | None = None


class _Refused(BaseModel):
    error: str
    error_code: int


_SENT: TypeAdapter[_Refused | _Taken] = TypeAdapter(_Refused | _Taken)
_TOLD: TypeAdapter[_Refused | _Status] = TypeAdapter(_Refused | _Status)


def report(status: int) -> Report | None:
    """What a status means for a message that SMSC has taken; None for one that we do not know."""
    if status in DELIVERED:
        return Report(State.DELIVERED, str(status))
    if status in NOT_DELIVERED:
        return Report(State.FAILED, str(status))
    if status in UNDER_WAY:
        return Report(State.ACCEPTED, str(status))
    return None


class SmscGateway:
    """An SmsGateway behind `url` (the desk speaks the same, at an address of its own)."""

    name = NAME

    def __init__(
        self,
        login: str,
        password: str,
        sender: str,
        session: aiohttp.ClientSession,
        url: str = "https://smsc.kz",
    ) -> None:
        self._access = {"login": login, "psw": password, "charset": "utf-8", "fmt": "3"}
        self._sender = sender
        self._session = session
        self._url = url.rstrip("/")

    async def send(self, sms: Sms) -> Answer:
        """Hand the message over. Rejected with SMSC's error_code, or "unreachable"."""
        form = {
            "phones": sms.phone.value.removeprefix("+"),
            "mes": sms.text,
            "id": str(sms.id),
            "sender": self._sender,
            "translit": "0",
            "cost": "3",
        }
        if sms.urgent:
            form["valid"] = URGENT
        try:
            answer = _SENT.validate_json(await self._post("/sys/send.php", form))
        except NOT_CONNECTED:
            return Rejected(UNREACHABLE)
        except (*NO_ANSWER, ValidationError):
            return Unknown()
        if isinstance(answer, _Refused):
            return Rejected(str(answer.error_code))
        return Accepted(str(answer.id), answer.cnt, answer.cost)

    async def status(self, sms: Sms) -> Answer:
        """What became of it. An error here says nothing about the message: Unknown."""
        answer = await self._ask(sms.id, sms.phone.value)
        if answer is None:
            return Unknown()
        if answer.status in NOT_DELIVERED:
            return Rejected(str(answer.status))
        if answer.status in UNDER_WAY | DELIVERED:
            return Accepted(str(sms.id), segments(sms.text), answer.cost)
        return Unknown()

    async def reports(self, messages: Sequence[Taken]) -> Mapping[int, Report]:
        """One question for each message."""
        found: dict[int, Report] = {}
        for message in messages:
            answer = await self._ask(message.id, message.phone.value)
            told = report(answer.status) if answer is not None else None
            if told is not None:
                found[message.id] = told
        return found

    async def _ask(self, sms_id: int, phone: str) -> _Status | None:
        """The status by our own id; None when SMSC says nothing about the message."""
        form = {"phone": phone.removeprefix("+"), "id": str(sms_id), "all": "2"}
        try:
            answer = _TOLD.validate_json(await self._post("/sys/status.php", form))
        except (*NO_ANSWER, ValidationError):
            return None
        return answer if isinstance(answer, _Status) else None

    async def _post(self, path: str, form: dict[str, str]) -> bytes:
        return await post(self._session, f"{self._url}{path}", self._access | form)
