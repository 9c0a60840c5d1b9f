"""The citizens' base asked over HTTP: POST {url}/lookup."""

import datetime as dt
from typing import Annotated, Literal

import aiohttp
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from core.citizens.port import Citizen, CitizensBaseUnavailable
from core.identity.rules import IdentityError, Iin, Phone

TIMEOUT = aiohttp.ClientTimeout(total=5)
"""Seconds that a parent waits before being told that the base does not answer."""


class _Registered(BaseModel):
    registered: Literal[True]
    full_name: Annotated[str, Field(min_length=1)]
    birth_date: dt.date
    phone: str


class _Unregistered(BaseModel):
    registered: Literal[False]


_ANSWER: TypeAdapter[_Registered | _Unregistered] = TypeAdapter(_Registered | _Unregistered)


class HttpCitizens:
    """A CitizensBase behind `url`, whose bearer secret is `secret`."""

    def __init__(self, url: str, secret: str, session: aiohttp.ClientSession) -> None:
        self._lookup = f"{url.rstrip('/')}/lookup"
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._session = session

    async def find(self, iin: Iin, phone: Phone) -> Citizen | None:
        """The person for whom both match, else None (R3). Raises CitizensBaseUnavailable."""
        # "from None": what the base answered, and our question, are personal
        try:
            answer = _ANSWER.validate_json(await self._ask(iin, phone))
            if isinstance(answer, _Unregistered) or Phone.parse(answer.phone) != phone:
                return None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise CitizensBaseUnavailable(type(error).__name__) from None
        except (ValidationError, IdentityError):
            raise CitizensBaseUnavailable("the answer is not of the agreed form") from None
        return Citizen(iin, phone, answer.full_name, answer.birth_date)

    async def _ask(self, iin: Iin, phone: Phone) -> bytes:
        async with self._session.post(
            self._lookup,
            json={"iin": iin.value, "phone": phone.value},
            headers=self._headers,
            timeout=TIMEOUT,
            allow_redirects=False,
        ) as response:
            if response.status != 200:
                raise CitizensBaseUnavailable(f"status {response.status}")
            return await response.read()
