"""An SMS gateway with the wire format of SMSC.kz (smsc.kz/api)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.clock import ALMATY
from sandbox.desk import Desk
from sandbox.faults import CutOff, Struck
from sandbox.people import normal_phone
from sandbox.receipts import smsc_error
from sandbox.sms import BALANCE, PRICE, status_of
from sandbox.state import Json, Sms

WORDS = {
    1: "parameters error",
    2: "authorise error",
    3: "not enough money",
    4: "IP is blocked",
    5: "invalid date",
    6: "message is denied",
    7: "invalid number",
    8: "message can not be delivered",
    9: "too many equal requests",
}
NOT_FOUND: Json = {"status": -3, "last_date": "", "last_timestamp": 0, "err": 0}


class SmscError(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(WORDS.get(code, "error"))
        self.code = code

    def answer(self) -> Json:
        return {"error": str(self), "error_code": self.code}


@dataclass
class Gateway:
    """Takes SMS to the operator; the sender's own id makes a repetition harmless."""

    desk: Desk

    async def answer(self, method: str, form: dict[str, str]) -> Json:
        """What `send` and `status` answer, errors included."""
        try:
            self._check_login(form)
            return self._send(form) if method == "send" else self._status(form)
        except SmscError as error:
            return error.answer()

    def _send(self, form: dict[str, str]) -> Json:
        """Takes one SMS. Raises SmscError."""
        text = form.get("mes", "")
        if not text.strip() or not form.get("phones"):
            raise SmscError(1)
        try:
            phone = normal_phone(form["phones"])
        except ValueError:
            raise SmscError(7) from None
        carrier, own_id = self.desk.carrier, form.get("id") or None
        sms = carrier.repeated(phone, own_id) if own_id else None
        sms = sms or carrier.take("smsc", phone, text, own_id)
        answer: Json = {"id": int(own_id) if own_id and own_id.isdecimal() else sms.id}
        answer["cnt"] = sms.segments
        if form.get("cost") == "3":
            answer["cost"] = str(sms.segments * PRICE)
            answer["balance"] = str(BALANCE - carrier.spent["smsc"])
        return answer

    def _status(self, form: dict[str, str]) -> Json:
        """What became of an SMS. With `all` also when it was sent, and what it cost."""
        sms = self._asked_for(form)
        if sms is None:
            return NOT_FOUND
        status = status_of(sms)
        answer = {"status": status, **_moment("last", sms), "err": smsc_error(status)}
        if form.get("all") in ("1", "2"):
            answer |= _moment("send", sms)
            answer |= {"phone": sms.phone.removeprefix("+"), "cost": f"{sms.segments * PRICE:.2f}"}
        return answer

    def _asked_for(self, form: dict[str, str]) -> Sms | None:
        try:
            phone = normal_phone(form.get("phone", ""))
        except ValueError:
            return None
        sms = self.desk.carrier.sent_as(phone, form.get("id", ""))
        return sms if sms is not None and sms.gateway == "smsc" else None

    def _check_login(self, form: dict[str, str]) -> None:
        settings = self.desk.settings
        pairs = (("login", settings.smsc_login), ("psw", settings.smsc_password))
        if not all(
            hmac.compare_digest(form.get(name, "").encode(), right.encode())
            for name, right in pairs
        ):
            raise SmscError(2)


def _moment(name: str, sms: Sms) -> Json:
    """`send` is when it was taken, `last` when its status changed."""
    at = (sms.status_at or sms.at) if name == "last" else sms.at
    return {
        f"{name}_date": f"{at.astimezone(ALMATY):%d.%m.%Y %H:%M:%S}",
        f"{name}_timestamp": int(at.timestamp()),
    }


def read_form(query: bytes, body: bytes) -> dict[str, str]:
    """Without `charset=utf-8` the gateway reads windows-1251, and mangles the rest."""
    raw = b"&".join(part for part in (query, body) if part).decode("ascii", "replace")
    charset = dict(parse_qsl(raw)).get("charset", "").lower()
    encoding = "utf-8" if charset in ("utf-8", "utf8") else "windows-1251"
    return dict(parse_qsl(raw, keep_blank_values=True, encoding=encoding, errors="replace"))


def routes(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/smsc/sys")
    gateway = Gateway(desk)

    async def serve(request: Request, method: str) -> Response:
        form = read_form(request.scope["query_string"], await request.body())
        try:
            answer = await desk.faults.around("smsc", method, lambda: gateway.answer(method, form))
        except Struck as struck:
            code = struck.fault.code or 0
            if struck.drops:
                return CutOff()
            if code >= 500:
                return PlainTextResponse("Internal Server Error", code)
            answer = SmscError(code).answer()
        return _written(answer, as_json=form.get("fmt") == "3")

    @router.api_route("/send.php", methods=["GET", "POST"])
    async def send(request: Request) -> Response:
        return await serve(request, "send")

    @router.api_route("/status.php", methods=["GET", "POST"])
    async def status(request: Request) -> Response:
        return await serve(request, "status")

    return router


def _written(answer: Json, *, as_json: bool) -> Response:
    if as_json:
        return JSONResponse(answer)
    if "error" in answer:
        return PlainTextResponse(f"ERROR = {answer['error_code']} ({answer['error']})")
    return PlainTextResponse("OK - " + ", ".join(f"{k.upper()} - {v}" for k, v in answer.items()))
