"""People at the desk, played over its control interface alone."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from fastapi import FastAPI

from locales.texts import Texts, texts

CODE = re.compile(r"\b([0-9]{6})\b")
PATIENCE = 30.0
"""Seconds that a button may take to appear."""


@dataclass
class Desk:
    """The desk's control interface; `app` lets a test look behind the scenes."""

    http: aiohttp.ClientSession
    base: str
    app: FastAPI | None

    async def get(self, path: str, **params: str | int) -> Any:
        async with self.http.get(path, params=params) as response:
            assert response.status == 200, f"{path}: {response.status} {await response.text()}"
            return await response.json()

    async def post(self, path: str, **body: Any) -> Any:
        async with self.http.post(path, json=body) as response:
            assert response.status == 200, f"{path}: {response.status} {await response.text()}"
            return await response.json()

    async def travel(self, to: str) -> None:
        """To that moment of Kazakhstan: `2026-04-09T23:59`."""
        await self.post("/sim/clock", to=f"{to}:00+05:00" if len(to) == 16 else to)

    async def voucher(self, registration_number: str = "ОДО.2026.248") -> dict[str, Any]:
        """The portal's button."""
        answer: dict[str, Any] = await self.post(
            "/sim/portal", type="voucher.issue", registration_number=registration_number
        )
        return answer

    def player(self, user_id: int, language: str = "kk") -> Player:
        return Player(self, user_id, texts(language))


@dataclass
class Player:
    """One person with a phone; counts what they do."""

    desk: Desk
    id: int
    t: Texts
    taps: int = 0
    typed: int = 0
    answer: dict[str, Any] | None = None
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, text: str) -> None:
        self.typed += 1
        self._hear(await self.desk.post(f"/sim/users/{self.id}/send", text=text))

    async def share_contact(self) -> None:
        self.taps += 1
        self._hear(await self.desk.post(f"/sim/users/{self.id}/send", contact=True))

    async def send(self, **content: object) -> None:
        """Anything else that the desk can send: `photo`, `sticker`, `location`, a `contact`."""
        self._hear(await self.desk.post(f"/sim/users/{self.id}/send", **content))

    async def press(self, message: str, /, **values: object) -> None:
        """The newest button of that label (a msgid) in the person's language."""
        await self.press_label(self.t.plain(message, **values))

    async def press_label(self, label: str, message_id: int | None = None) -> None:
        """The newest button whose label contains these words, or callback data."""
        self.taps += 1
        if self.desk.app is None:
            await self._shown(label)
        body: dict[str, Any] = {"button": label}
        if message_id is not None:
            body["message_id"] = message_id
        self._hear(await self.desk.post(f"/sim/users/{self.id}/press", **body))
        if self.desk.app is not None:
            assert self.answer is not None, f"{label} would spin for a minute"

    async def code(self) -> str:
        """The newest code that came by SMS."""
        me = await self.me()
        arrived = await self.desk.get("/sim/sms", phone=me["phone"])
        found = CODE.search(arrived[-1]["text"])
        assert found, "the newest SMS has a code"
        return found[1]

    async def type_code(self) -> None:
        await self.say(await self.code())

    async def me(self) -> dict[str, Any]:
        people = await self.desk.get("/sim/users")
        return next(person for person in people if person["id"] == self.id)

    async def chat(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = (await self.desk.get(f"/sim/users/{self.id}/chat"))[
            "messages"
        ]
        return messages

    async def screen(self) -> str:
        """The text of the bot's newest message."""
        text: str = next(m["text"] for m in reversed(await self.chat()) if m["from"] == "bot")
        return text

    async def document(self) -> str:
        """The name of the first file that came; a bot that polls may still be setting it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for message in await self.chat():
                    if message["document"]:
                        name: str = message["document"]["file_name"]
                        return name
                await asyncio.sleep(0.2)

    async def labels(self) -> list[str]:
        """The labels of all buttons of the newest message that has any."""
        for message in reversed(await self.chat()):
            if message["from"] == "bot" and message["buttons"]:
                return [button["text"] for row in message["buttons"] for button in row]
        return []

    async def _shown(self, label: str) -> None:
        """Wait for that button: a bot in a process of its own that polls may still be at work when
        the desk takes it for idle."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for message in await self.chat():
                    if any(label in button["text"] for row in message["buttons"] for button in row):
                        return
                await asyncio.sleep(0.2)

    def _hear(self, reply: dict[str, Any]) -> None:
        self.heard = reply["messages"]
        self.answer = reply["answer"]
