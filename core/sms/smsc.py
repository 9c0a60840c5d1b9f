"""SMSC.kz over HTTP (smsc.kz/api/http): form in UTF-8, answers in JSON, our own id for repeats."""

from decimal import Decimal

import aiohttp
from pydantic import BaseModel, TypeAdapter, ValidationError

from core.sms.port import Accepted, Answer, Rejected, Sms, Unknown
from core.sms.segments import segments

TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=4)
"""Seconds. Not being connected in time is certain; not being answered in time is not."""

NOT_DELIVERED = frozenset({-3, -2, 3, 20, 22, 23, 24, 25})
"""Not found, stopped, expired, undeliverable, wrong number, forbidden, no money, unreachable."""
TAKEN = frozenset({-1, 0, 1, 2})
"""Waiting, at the operator, delivered, read."""


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


class SmscGateway:
    """An SmsGateway behind `url` (the desk speaks the same, at an address of its own)."""

    name = "smsc"

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
        try:
            answer = _SENT.validate_json(await self._post("/sys/send.php", form))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Rejected("unreachable")
        except (aiohttp.ClientError, TimeoutError, ValidationError):
            return Unknown()
        if isinstance(answer, _Refused):
            return Rejected(str(answer.error_code))
        return Accepted(str(answer.id), answer.cnt, answer.cost)

    async def status(self, sms: Sms) -> Answer:
        """What became of it. An error here says nothing about the message: Unknown."""
        form = {"phone": sms.phone.value.removeprefix("+"), "id": str(sms.id), "all": "2"}
        try:
            answer = _TOLD.validate_json(await self._post("/sys/status.php", form))
        except (aiohttp.ClientError, TimeoutError, ValidationError):
            return Unknown()
        if isinstance(answer, _Refused):
            return Unknown()
        if answer.status in NOT_DELIVERED:
            return Rejected(str(answer.status))
        if answer.status in TAKEN:
            return Accepted(str(sms.id), segments(sms.text), answer.cost)
        return Unknown()

    async def _post(self, path: str, form: dict[str, str]) -> bytes:
        """The body of a 200; anything else is raised as ClientResponseError.

        A form, so that no phone stands in a URL. No redirects: they would carry the password
        on. Each call has its own connection: one that the far side had closed while it idled
        would leave us not knowing whether the message was taken.
        """
        async with self._session.post(
            f"{self._url}{path}",
            data=self._access | form,
            headers={"Connection": "close"},
            timeout=TIMEOUT,
            allow_redirects=False,
        ) as response:
            if response.status != 200:
                raise aiohttp.ClientResponseError(response.request_info, (), status=response.status)
            return await response.read()
