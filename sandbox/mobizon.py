"""An SMS gateway with the wire format of Mobizon (mobizon-api-docs, API v1)."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.clock import ALMATY
from sandbox.desk import Desk
from sandbox.faults import CutOff, Struck
from sandbox.people import normal_phone
from sandbox.sms import CAMPAIGNS, MESSAGES, status_of
from sandbox.state import Json, Sms

MOST_IDS = 100
VALIDITY = range(60, 1441)  # minutes

WORDS = {
    1: "Validation error",
    2: "Record not found",
    4: "Incorrect module",
    5: "Incorrect method",
    8: "Login error: the API key is not known",
    12: "Incorrect parameter",
    14: "The account is blocked",
    15: "The operation failed",
    30: "Too many requests to this method",
    99: "Nothing was done",
    999: "General error of the service",
}


@dataclass
class Form:
    """The fields of a call, each with all its values; `ids[]` and `ids[0]` are both `ids`."""

    fields: list[tuple[str, str]]

    def one(self, name: str) -> str:
        """The last value under this very name."""
        return dict(self.fields).get(name, "")

    def several(self, name: str) -> list[str]:
        """An array, or one text with commas."""
        keys = re.compile(rf"{name}(\[\d*\])?")
        texts = [value for key, value in self.fields if keys.fullmatch(key)]
        return [part.strip() for text in texts for part in text.split(",") if part.strip()]


class MobizonError(Exception):
    """`data` names the fields that are wrong."""

    def __init__(self, code: int, data: dict[str, str] | None = None) -> None:
        super().__init__(WORDS.get(code, "Error"))
        self.code = code
        self.data = data or {}

    def answer(self) -> Json:
        return {"code": self.code, "data": self.data, "message": str(self)}


@dataclass
class Gateway:
    """Takes SMS to the operator, the same one as often as it is asked to."""

    desk: Desk

    async def answer(self, key: str, module: str, method: str, form: Form) -> Json:
        """`{"code", "data", "message"}`, errors included."""
        try:
            right = self.desk.settings.mobizon_key
            if not hmac.compare_digest(key.encode(), right.encode()):
                raise MobizonError(8)
            if module != "message":
                raise MobizonError(4)
            if method == "sendsmsmessage":
                data: object = self._send(form)
            elif method == "getsmsstatus":
                data = self._statuses(form)
            else:
                raise MobizonError(5)
        except MobizonError as error:
            return error.answer()
        return {"code": 0, "data": data, "message": ""}

    def _send(self, form: Form) -> Json:
        """Takes one SMS; `status` 1 waits for a moderator. Raises MobizonError."""
        wrong: dict[str, str] = {}
        phone = ""
        try:
            phone = normal_phone(form.one("recipient"))
        except ValueError:
            wrong["recipient"] = "The number is not one of an international format"
        if not form.one("text").strip():
            wrong["text"] = "The text is empty"
        validity = form.one("params[validity]")
        if validity and not (validity.isdecimal() and int(validity) in VALIDITY):
            wrong["validity"] = "The validity is 60 to 1440 minutes"
        if wrong:
            raise MobizonError(1, wrong)
        sms = self.desk.carrier.take("mobizon", phone, form.one("text"))
        status = 1 if sms.status == "moderated" else 2
        ids = {"campaignId": CAMPAIGNS + sms.id, "messageId": MESSAGES + sms.id}
        return {**ids, "status": status}

    def _statuses(self, form: Form) -> list[Json]:
        """Those that are known, in the order asked for. Raises MobizonError."""
        ids = form.several("ids")
        if not ids:
            raise MobizonError(2)
        if len(ids) > MOST_IDS:
            raise MobizonError(12)
        numbers = [int(one) - MESSAGES for one in ids if one.isdecimal()]
        found = [sms for number in numbers if (sms := self.desk.carrier.find(number))]
        return [_view(sms) for sms in found if sms.gateway == "mobizon"]


def _view(sms: Sms) -> Json:
    started = sms.status != "moderated"
    return {
        "id": MESSAGES + sms.id,
        "status": status_of(sms),
        "segNum": sms.segments,
        "startSendTs": _moment(sms.at) if started else None,
        "statusUpdateTs": _moment(sms.status_at) if sms.status_at and started else None,
    }


def _moment(at: datetime) -> str:
    return f"{at.astimezone(ALMATY):%Y-%m-%d %H:%M:%S}"


def routes(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/mobizon/service")
    gateway = Gateway(desk)

    @router.api_route("/{module}/{method}", methods=["GET", "POST"])
    async def serve(module: str, method: str, request: Request) -> Response:
        raw = b"&".join((await request.body(), request.scope["query_string"]))
        form = Form(parse_qsl(raw.decode("ascii", "replace"), keep_blank_values=True))
        key = request.query_params.get("apiKey", "")  # the documents know no other place for it
        call = key, module.lower(), method.lower(), form
        try:
            answer = await desk.faults.around("mobizon", method, lambda: gateway.answer(*call))
        except Struck as struck:
            code = struck.fault.code or 0
            if struck.drops:
                return CutOff()
            if 500 <= code < 600:
                return PlainTextResponse("Internal Server Error", code)
            answer = MobizonError(code).answer()
        return JSONResponse(answer)

    return router
