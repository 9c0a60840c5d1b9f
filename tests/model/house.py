"""The real house at a desk of its own, with Telegram's habits: updates that come twice."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.assembly import House
from bot.screens import troubles
from core.applications.rules import Refused
from core.clock import TravelClock
from core.places.tables import HoldRecord
from core.vouchers.values import Reason
from demo import build_app, tcp_socket
from locales.texts import LANGUAGES, texts
from tests.model.people import PARENTS
from tests.serving import serving

WENT_WRONG = tuple(troubles.went_wrong(texts(language))[:40] for language in LANGUAGES)
CODE = re.compile(r"\b([0-9]{6})\b")
SENDING = {"smsc": "send", "mobizon": "SendSmsMessage"}
"""How each gateway is asked to send."""
LINK = "?start="
"""What only the SMS of a notice has."""
WEBHOOK = "/telegram/webhook"
SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Wire:
    """What stands before the house: `twice` makes it deliver each update twice, at once.

    Everything else passes. `last` gets the newest update of each person, as it was delivered.
    """

    def __init__(self, app: ASGIApp, last: dict[int, bytes]) -> None:
        self.app = app
        self.last = last
        self.twice = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != WEBHOOK:
            await self.app(scope, receive, send)
            return
        request = await receive()
        assert not request.get("more_body"), "updates of the desk are small"
        update = json.loads(request["body"])
        event = update.get("callback_query") or update.get("message")
        self.last[event["from"]["id"]] = request["body"]
        answers: list[list[Message]] = [[] for _ in range(2 if self.twice else 1)]
        await asyncio.gather(
            *(self.app(dict(scope), _told(request), _noted(answer)) for answer in answers)
        )
        for message in answers[0]:  # once both are done: nothing of it happens later
            await send(message)


def _told(request: Message) -> Receive:
    async def receive() -> Message:
        return request

    return receive


def _noted(answer: list[Message]) -> Send:
    async def send(message: Message) -> None:
        answer.append(message)

    return send


class RealHouse:
    """The bot, its database and the desk, over HTTP; can be closed and opened again."""

    def __init__(self, folder: Path, database_url: str, clock: TravelClock) -> None:
        self._folder = folder
        self._database_url = database_url
        self.clock = clock
        self._stack = AsyncExitStack()
        self._calls = 0
        self.last: dict[int, bytes] = {}

    async def open(self) -> None:
        """Start the server and wait until it is awake."""
        door = self._stack.enter_context(tcp_socket())
        door.bind(("127.0.0.1", 0))
        door.listen(100)
        base = f"http://127.0.0.1:{door.getsockname()[1]}"
        self._app = build_app(base, self._folder, self.clock, self._database_url)
        self._wire = Wire(self._app, self.last)
        await self._stack.enter_async_context(serving(self._wire, door))
        self._stack.callback(self._app.state.close_desk)
        timeout = aiohttp.ClientTimeout(60)
        self._http = await self._stack.enter_async_context(
            aiohttp.ClientSession(base, timeout=timeout)
        )
        self._calls = 0
        await self._get("/sim/clock")  # the desk reads the bot's clock
        await self.inside.worker.settle()

    async def close(self) -> None:
        """Stop; database and desk keep what they have."""
        await self._stack.aclose()

    @property
    def inside(self) -> House:
        """The parts of the house, to look into its records."""
        house: House = self._app.state.house
        return house

    async def move(self, to: datetime) -> None:
        """Let time pass, stopping at all that falls due."""
        await self._post("/sim/clock", to=to.isoformat())

    async def voucher(self, registration_number: str, event: str) -> int:
        """The portal's event; the HTTP status that it was answered with."""
        answer = await self._post(
            "/sim/portal", type="voucher.issue", id=event, registration_number=registration_number
        )
        status: int = answer["status"]
        return status

    async def withdraw(self, application: int, version: int) -> bool:
        """Staff take a voucher back; whether they could."""
        core = self.inside.core
        head = next(c.member for c in await core.staff.colleagues())
        try:
            await core.vouchers.withdraw(
                head, application, version, Reason.TECHNICAL, core.clock.now()
            )
        except Refused:
            return False
        finally:
            await self.inside.worker.settle()
        return True

    async def refuse_sms(self, times: int) -> None:
        """No gateway takes the next `times` messages: each is tried with both."""
        await self._http.delete("/sim/faults")
        if times:
            for target, method in SENDING.items():
                await self._post("/sim/faults", target=target, method=method, code=8, times=times)

    async def write(self, person: int, text: str, *, twice: bool = False) -> None:
        self._wire.twice = twice
        await self._post(f"/sim/users/{person}/send", text=text)
        self._wire.twice = False

    async def press(self, person: int, message: int, data: str, *, twice: bool = False) -> None:
        """Callback data under a message of the bot's."""
        self._wire.twice = twice
        await self._post(f"/sim/users/{person}/press", button=data, message_id=message)
        self._wire.twice = False

    async def again(self, person: int) -> None:
        """Telegram delivers that person's last update once more."""
        secret = self.inside.settings.webhook_secret
        async with self._http.post(
            WEBHOOK,
            data=self.last[person],
            headers={SECRET: secret.get_secret_value(), "Content-Type": "application/json"},
        ) as response:
            assert response.status == 200
        await self.inside.worker.settle()

    async def messages(self, person: int) -> list[dict[str, Any]]:
        """The bot's messages in that chat, newest first."""
        chat = await self._get(f"/sim/users/{person}/chat")
        return [m for m in reversed(chat["messages"]) if m["from"] == "bot"]

    async def holding(self) -> set[int]:
        """The applications for which a place is held."""
        async with self.inside.core.db.read() as session:
            return set(await session.scalars(select(HoldRecord.application_id)))

    async def codes(self) -> dict[int, list[str]]:
        """The codes that came to each person's phone, oldest first."""
        came: dict[int, list[str]] = {person.id: [] for person in PARENTS}
        for person, text in await self._texts():
            found = CODE.search(text)
            if LINK not in text:
                assert found, "an SMS is a notice, or has a code"
                came[person].append(found[1])
        return came

    async def notice_texts(self) -> list[int]:
        """Whose phones notices came to: one person for each."""
        return [person for person, text in await self._texts() if LINK in text]

    async def _texts(self) -> list[tuple[int, str]]:
        """Every SMS that came, oldest first: whose phone, and its text."""
        phones = {person.phone: person.id for person in PARENTS}
        return [(phones[sms["phone"]], sms["text"]) for sms in await self._get("/sim/sms")]

    async def sent(self) -> list[tuple[int, int, str]]:
        """What the bot has sent since the last look: chat, message id, text.

        AssertionError when it has told somebody that something went wrong on its side.
        """
        calls = await self._get("/sim/calls", since=self._calls)
        self._calls = max([self._calls, *(call["seq"] for call in calls)])
        for call in calls:
            assert not str(call["params"].get("text", "")).startswith(WENT_WRONG), call
        return [
            (
                int(call["params"]["chat_id"]),
                call["answer"]["result"]["message_id"],
                call["params"]["text"],
            )
            for call in calls
            if call["method"].lower() == "sendmessage" and call["answer"]["ok"]
        ]

    async def _get(self, path: str, **params: str | int) -> Any:
        async with self._http.get(path, params=params) as response:
            assert response.status == 200, f"{path}: {response.status} {await response.text()}"
            return await response.json()

    async def _post(self, path: str, **body: Any) -> Any:
        async with self._http.post(path, json=body) as response:
            assert response.status == 200, f"{path}: {response.status} {await response.text()}"
            return await response.json()
