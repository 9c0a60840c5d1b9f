"""What all doors of the HTTP face share: a body of bounded size, and a refusal in words."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

BODY_LIMIT = 1_000_000
"""Bytes; Telegram's updates and the portal's events are smaller."""


class TooLarge(Exception):
    """A body over BODY_LIMIT."""


async def read_body(request: Request) -> bytes:
    """The body, never more of it than BODY_LIMIT. Raises TooLarge."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise TooLarge
    return body


def refused(status: int, detail: str, more: Mapping[str, Any] | None = None) -> Response:
    """`{"detail": …}`, which never repeats what was sent."""
    return JSONResponse({"detail": detail, **(more or {})}, status)
