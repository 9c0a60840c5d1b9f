"""A desk with a tiny bot beside it, on one server as in the demo, on this machine only."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import aiohttp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from sandbox.app import build
from sandbox.people import Person
from sandbox.settings import DeskSettings
from tests.serving import serving

Json = dict[str, Any]

ALMATY = timezone(timedelta(hours=5))
START = datetime(2026, 4, 7, 11, 30, tzinfo=ALMATY)
TOKEN = "42:test"
AIGUL = Person(
    id=1,
    first_name="Айгүл",
    last_name="Серікова",
    full_name="Серікова Айгүл Маратқызы",
    language_code="kk",
    phone="+77758759999",
    iin="900514400018",
    birth_date=date(1990, 5, 14),
)
SETTINGS = DeskSettings(
    bot_url="http://127.0.0.1:1",
    desk_secret="desk-secret",
    portal_secret="portal-secret",
    bot_token=TOKEN,
    start=START,
    people=(AIGUL,),
    patience=10,
)


class FakeBot:
    """Answers updates with `react`; its clock stands still and stops at what is `due`."""

    def __init__(self) -> None:
        self.updates: list[Json] = []
        self.secrets: list[str | None] = []
        self.events: list[tuple[Json, bytes, str, str]] = []
        self.react: Callable[[Json], Awaitable[Response | None]] | None = None
        self.on_due: Callable[[datetime], Awaitable[None]] | None = None
        self.now = START
        self.due: list[datetime] = []
        self.visited: list[datetime] = []
        self.settled = 0
        self.receipts: list[tuple[str, dict[str, str]]] = []
        self.sms_events: list[Json] = []
        self.refusals = 0

    def routes(self) -> list[Route]:
        return [
            Route("/telegram/webhook", self.webhook, methods=["POST"]),
            Route("/desk/clock", self.clock, methods=["GET", "POST"]),
            Route("/desk/deadline", self.deadline, methods=["POST"]),
            Route("/desk/settle", self.settle, methods=["POST"]),
            Route("/sms/smsc/receipt/{secret}", self.receipt, methods=["GET", "POST"]),
            Route("/sms/mobizon/receipt/{secret}", self.event, methods=["POST"]),
            Route("/portal/events", self.portal, methods=["POST"]),
        ]

    async def webhook(self, request: Request) -> Response:
        update = await request.json()
        self.updates.append(update)
        self.secrets.append(request.headers.get("x-telegram-bot-api-secret-token"))
        answer = await self.react(update) if self.react else None
        return answer or Response()

    async def clock(self, request: Request) -> Response:
        self._check(request)
        if request.method == "POST":
            to = datetime.fromisoformat((await request.json())["to"])
            if to < self.now:
                return JSONResponse({"detail": "the past"}, 400)
            self.now = min([to, *self.due])
            self.visited.append(self.now)
            if self.now in self.due:
                self.due.remove(self.now)
                if self.on_due:
                    await self.on_due(self.now)
        body = {"now": self.now.isoformat(), "next_due": self._next()}
        if days := request.query_params.get("working_days"):
            body["target"] = (self.now + timedelta(days=int(days))).isoformat()
        return JSONResponse(body)

    async def deadline(self, request: Request) -> Response:
        self._check(request)
        assert (await request.json())["iin"]
        return JSONResponse({"next_deadline": self._next()})

    async def settle(self, request: Request) -> Response:
        self._check(request)
        self.settled += 1
        return JSONResponse({})

    async def portal(self, request: Request) -> Response:
        body = await request.body()
        headers = request.headers
        self.events.append((json.loads(body), body, headers["x-timestamp"], headers["x-signature"]))
        return JSONResponse({"taken": True})

    async def receipt(self, request: Request) -> Response:
        """A receipt of SMSC.kz; `refusals` of them are answered with 503."""
        async with request.form() as form:
            fields = request.query_params if request.method == "GET" else form
            receipt = {name: str(value) for name, value in fields.items()}
        self.receipts.append((request.path_params["secret"], receipt))
        return self._taken()

    async def event(self, request: Request) -> Response:
        """A receipt of Mobizon."""
        self.sms_events.append(await request.json())
        return self._taken()

    def _taken(self) -> Response:
        self.refusals -= 1
        return Response(status_code=503 if self.refusals >= 0 else 200)

    def _next(self) -> str | None:
        return min(self.due).isoformat() if self.due else None

    def _check(self, request: Request) -> None:
        assert request.headers["x-desk-secret"] == SETTINGS.desk_secret


@dataclass
class DeskAtWork:
    base: str
    bot: FakeBot
    session: aiohttp.ClientSession
    app: Any
    statuses: list[int] = field(default_factory=list)

    async def get(self, path: str) -> Any:
        async with self.session.get(self.base + path) as response:
            return await self._read(response)

    async def post(self, path: str, body: Any = None, **options: Any) -> Any:
        if body is not None:
            options["json"] = body
        async with self.session.post(self.base + path, **options) as response:
            return await self._read(response)

    async def delete(self, path: str) -> Any:
        async with self.session.delete(self.base + path) as response:
            return await self._read(response)

    async def api(self, method: str, **params: Any) -> Any:
        """A Bot API call as JSON; the whole answer."""
        return await self.post(f"/bot{TOKEN}/{method}", params)

    async def refusal(self, method: str, **params: Any) -> str:
        """The words with which the desk refuses."""
        answer = await self.api(method, **params)
        assert answer["ok"] is False, answer
        assert answer["error_code"] == self.status
        return str(answer["description"])

    async def say(self, text: str, person: int = 1) -> Any:
        return await self.post(f"/sim/users/{person}/send", {"text": text})

    async def press(self, button: str, message_id: int | None = None, person: int = 1) -> Any:
        body = {"button": button, "message_id": message_id}
        return await self.post(f"/sim/users/{person}/press", body)

    async def with_webhook(self, **params: Any) -> None:
        answer = await self.api("setWebhook", url=f"{self.base}/telegram/webhook", **params)
        assert answer["result"] is True

    async def started(self) -> None:
        """Somebody listens, and the first person has begun to talk with the bot."""
        await self.with_webhook()
        await self.say("/start")

    @property
    def status(self) -> int:
        """Of the last answer."""
        return self.statuses[-1]

    async def _read(self, response: aiohttp.ClientResponse) -> Any:
        self.statuses.append(response.status)
        if response.content_type == "application/json":
            return await response.json()
        return await response.text()


@asynccontextmanager
async def desk_at_work(settings: DeskSettings = SETTINGS) -> AsyncIterator[DeskAtWork]:
    """The bot's routes and the desk below "/" of one application, on a port of their own."""
    # with its protocol named, asyncio sends small packets at once: 40 ms less for each answer
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    desk_app = build(replace(settings, bot_url=base))
    bot = FakeBot()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with desk_app.router.lifespan_context(desk_app):
            yield

    app = Starlette(routes=[*bot.routes(), Mount("/", desk_app)], lifespan=lifespan)
    async with aiohttp.ClientSession() as session, serving(app, listener, patience=1):
        try:
            yield DeskAtWork(base, bot, session, desk_app)
        finally:
            desk_app.state.desk.close()
