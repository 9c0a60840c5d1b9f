"""The bot's desk routes: its clock, its deadlines, and whether it is idle."""

from __future__ import annotations

from typing import Any

import aiohttp

from sandbox.settings import DeskSettings
from sandbox.state import Json

TIMEOUT = aiohttp.ClientTimeout(total=300)


class LinkError(Exception):
    """The bot refused (`status` 400, with its words) or failed (502)."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class BotLink:
    """Each call answers None when the bot has no desk routes, or is not there."""

    def __init__(self, settings: DeskSettings) -> None:
        self._base = settings.bot_url.rstrip("/")
        self._headers = {"X-Desk-Secret": settings.desk_secret}
        self._session: aiohttp.ClientSession | None = None

    def start(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def clock(self, working_days: int | None = None) -> Json | None:
        """`{"now", "next_due"}`, with `"target"` when working days are asked for."""
        params = {} if working_days is None else {"working_days": str(working_days)}
        return await self._ask("GET", "/desk/clock", params=params)

    async def move(self, to: str) -> Json | None:
        """Moves the bot's clock to `to`, or to what falls due before it."""
        return await self._ask("POST", "/desk/clock", json={"to": to})

    async def deadline(self, iin: str) -> Json | None:
        return await self._ask("POST", "/desk/deadline", json={"iin": iin})

    async def settle(self) -> Json | None:
        """Answers when the bot is idle."""
        return await self._ask("POST", "/desk/settle")

    async def _ask(self, method: str, path: str, **options: Any) -> Json | None:
        assert self._session is not None
        try:
            async with self._session.request(
                method, self._base + path, headers=self._headers, timeout=TIMEOUT, **options
            ) as response:
                if response.status in (404, 405):
                    return None
                body = await response.json() if response.content_type.endswith("json") else {}
                if response.status in (400, 422):
                    raise LinkError(400, str(body.get("detail", "the bot refused")))
                if response.status >= 300:
                    raise LinkError(502, f"the bot answered {response.status} to {path}")
                return body if isinstance(body, dict) else {}
        except aiohttp.ClientConnectorError:
            return None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise LinkError(502, f"the bot broke off {path}: {type(error).__name__}") from error
