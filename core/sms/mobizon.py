"""Mobizon over HTTP (github.com/mobizon/mobizon-api-docs): forms in, JSON with a code out."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import aiohttp
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from core.sms.port import UNREACHABLE, Accepted, Answer, Rejected, Sms, Taken, Unknown
from core.sms.rules import Report, State
from core.sms.segments import segments
from core.sms.wire import NO_ANSWER, NOT_CONNECTED, post

NAME = "mobizon"

DONE = 0
PARTLY_DONE = frozenset({98, 100})
"""Some of it was done; it goes on in the background: the message may have been taken. Every
other code is an error that took nothing."""
AWAITS_MODERATION = 1
SHORTEST_LIFE, LONGEST_LIFE = 60, 1440
"""`params[validity]`: minutes for which Mobizon tries to deliver."""

STATES = {
    "NEW": State.ACCEPTED,
    "ENQUEUD": State.ACCEPTED,
    "ACCEPTD": State.ACCEPTED,
    "PDLIVRD": State.ACCEPTED,
    "DELIVRD": State.DELIVERED,
    "UNDELIV": State.FAILED,
    "REJECTD": State.FAILED,
    "EXPIRED": State.FAILED,
    "DELETED": State.FAILED,
}


class _Answer(BaseModel):
    code: int
    data: Any = None


class _Taken(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    messageId: str
    status: int


class _Status(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: str
    status: str


_STATUSES = TypeAdapter(list[_Status])


class MobizonGateway:
    """An SmsGateway behind `url` (the desk speaks the same, at an address of its own)."""

    name = NAME

    def __init__(
        self,
        key: str,
        sender: str,
        session: aiohttp.ClientSession,
        url: str = "https://api.mobizon.kz",
    ) -> None:
        # The one secret of ours that stands in an address: Mobizon documents its key as a
        # parameter of the query, and nowhere else. No address is ever logged.
        self._query = urlencode({"output": "json", "api": "v1", "apiKey": key})
        self._sender = sender
        self._session = session
        self._url = url.rstrip("/")

    async def send(self, sms: Sms) -> Answer:
        """Hand the message over. Rejected with Mobizon's code, "unreachable", or "moderation" for
        a code that would wait until somebody has read it."""
        form = {
            "recipient": sms.phone.value.removeprefix("+"),
            "text": sms.text,
            "params[validity]": str(SHORTEST_LIFE if sms.urgent else LONGEST_LIFE),
        }
        if self._sender:
            form["from"] = self._sender
        try:
            answer = _Answer.model_validate_json(await self._post("sendsmsmessage", form))
            if answer.code in PARTLY_DONE:
                return Unknown()
            if answer.code != DONE:
                return Rejected(str(answer.code))
            taken = _Taken.model_validate(answer.data)
        except NOT_CONNECTED:
            return Rejected(UNREACHABLE)
        except (*NO_ANSWER, ValidationError):
            return Unknown()
        if taken.status == AWAITS_MODERATION and sms.urgent:
            return Rejected("moderation")
        return Accepted(taken.messageId, segments(sms.text), None)

    async def status(self, sms: Sms) -> Answer:
        """Mobizon takes no ids of ours, so it cannot be asked about a message whose own id it
        did not live to tell."""
        return Unknown()

    async def reports(self, messages: Sequence[Taken]) -> Mapping[int, Report]:
        """All of them in one question; those that Mobizon does not know are left out."""
        ours = {message.gateway_id: message.id for message in messages}
        try:
            answer = _Answer.model_validate_json(
                await self._post("getsmsstatus", {"ids": ",".join(ours)})
            )
            if answer.code != DONE:
                return {}
            found = _STATUSES.validate_python(answer.data)
        except (*NO_ANSWER, ValidationError):
            return {}
        return {
            ours[told.id]: Report(STATES[told.status], told.status)
            for told in found
            if told.id in ours and told.status in STATES
        }

    async def _post(self, method: str, form: dict[str, str]) -> bytes:
        return await post(
            self._session, f"{self._url}/service/message/{method}?{self._query}", form
        )
