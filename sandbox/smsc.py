"""An SMS gateway with the wire format of SMSC.kz (smsc.kz/api)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.clock import ALMATY
from sandbox.desk import Desk
from sandbox.faults import CutOff, Dropped
from sandbox.html_entities import units
from sandbox.people import normal_phone
from sandbox.state import Json, Sms

PRICE = 25  # tenge for one segment
BALANCE = 100_000  # tenge before the first SMS

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

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


class SmscError(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(WORDS.get(code, "error"))
        self.code = code


@dataclass
class Gateway:
    """Takes SMS into the desk's memory; the sender's own id makes a repetition harmless."""

    desk: Desk

    def send(self, form: dict[str, str]) -> Json:
        """Takes one SMS. Raises SmscError."""
        self._check_login(form)
        text = form.get("mes", "")
        if not text.strip() or not form.get("phones"):
            raise SmscError(1)
        try:
            phone = normal_phone(form["phones"])
        except ValueError:
            raise SmscError(7) from None
        own_id = form.get("id") or None
        sms = self._repeated(phone, own_id) or self._new(phone, text, own_id)
        answer: Json = {"id": int(own_id) if own_id and own_id.isdecimal() else sms.id}
        answer["cnt"] = sms.segments
        if form.get("cost") == "3":
            spent = sum(sms.segments for sms in self.desk.state.sms) * PRICE
            answer["cost"] = str(sms.segments * PRICE)
            answer["balance"] = str(BALANCE - spent)
        return answer

    def status(self, form: dict[str, str]) -> Json:
        """What became of an SMS: here everything arrives. Raises SmscError."""
        self._check_login(form)
        for sms in self.desk.state.sms:
            if form.get("id") in (sms.own_id, str(sms.id)) and _same(form, sms):
                return {
                    "status": 1,
                    "last_date": f"{sms.at.astimezone(ALMATY):%d.%m.%Y %H:%M:%S}",
                    "last_timestamp": int(sms.at.timestamp()),
                    "err": 0,
                }
        return {"status": -3, "last_date": "", "last_timestamp": 0, "err": 0}

    def _check_login(self, form: dict[str, str]) -> None:
        settings = self.desk.settings
        pairs = (("login", settings.smsc_login), ("psw", settings.smsc_password))
        if not all(
            hmac.compare_digest(form.get(name, "").encode(), right.encode())
            for name, right in pairs
        ):
            raise SmscError(2)

    def _repeated(self, phone: str, own_id: str | None) -> Sms | None:
        if own_id is None:
            return None
        fits = (s for s in self.desk.state.sms if s.own_id == own_id and s.phone == phone)
        return next(fits, None)

    def _new(self, phone: str, text: str, own_id: str | None) -> Sms:
        sms = Sms(
            id=len(self.desk.state.sms) + 1,
            phone=phone,
            text=text,
            at=self.desk.clock.now(),
            segments=segments(text),
            own_id=own_id,
        )
        self.desk.state.sms.append(sms)
        self.desk.changes.note(f"sms:{phone}")
        self.desk.receipts.send(sms)
        return sms


def _same(form: dict[str, str], sms: Sms) -> bool:
    try:
        return normal_phone(form.get("phone", "")) == sms.phone
    except ValueError:
        return False


def segments(text: str) -> int:
    """Letters beyond the Latin set need UCS-2: 70 in one segment, 67 in each of several."""
    alone, each = (160, 153) if set(text) <= _GSM7 else (70, 67)
    length = units(text)
    return 1 if length <= alone else -(-length // each)


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
        as_json = form.get("fmt") == "3"
        try:
            fault = await desk.faults.meet("sms", method)
            if fault is not None and (fault.code or 0) >= 500:
                return PlainTextResponse("Internal Server Error", fault.code or 500)
            if fault is not None:
                raise SmscError(fault.code or 0)
            answer = gateway.send(form) if method == "send" else gateway.status(form)
        except Dropped:
            return CutOff()
        except SmscError as error:
            if as_json:
                return JSONResponse({"error": str(error), "error_code": error.code})
            return PlainTextResponse(f"ERROR = {error.code} ({error})")
        if as_json:
            return JSONResponse(answer)
        return PlainTextResponse(
            "OK - " + ", ".join(f"{k.upper()} - {v}" for k, v in answer.items())
        )

    @router.api_route("/send.php", methods=["GET", "POST"])
    async def send(request: Request) -> Response:
        return await serve(request, "send")

    @router.api_route("/status.php", methods=["GET", "POST"])
    async def status(request: Request) -> Response:
        return await serve(request, "status")

    return router
