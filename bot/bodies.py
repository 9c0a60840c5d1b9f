"""What all doors of the HTTP face share: a body of bounded size that comes in bounded time, and a
refusal in words."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

ENDS = "this process ends; send it again"
"""Said with 503 when uvicorn cuts off what is in hand, as the time is over that an end has."""
BODY_LIMIT = 1_000_000
"""Bytes; Telegram's updates and the portal's events are smaller."""
BODY_SECONDS = 10
"""In which a body has to have come: a client that sends it drop by drop holds up nothing longer."""


class Unreadable(Exception):
    """A body that cannot be taken: `status` of the answer, and why in words."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


async def read_body(request: Request) -> bytes:
    """The body. Raises Unreadable: 413 over BODY_LIMIT, 408 after BODY_SECONDS, 503 when the
    process ends before it is there."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise Unreadable(413, "the body is too large")
    except TimeoutError:
        raise Unreadable(408, "the body did not come in time") from None
    except asyncio.CancelledError:
        raise Unreadable(503, ENDS) from None
    return bytes(body)


def unreadable(error: Unreadable) -> Response:
    """The refusal; the connection is closed, or the rest of the body would still come by it."""
    answer = refused(error.status, error.detail)
    answer.headers["Connection"] = "close"
    return answer


def refused(status: int, detail: str, more: Mapping[str, Any] | None = None) -> Response:
    """`{"detail": …}`, which never repeats what was sent."""
    return JSONResponse({"detail": detail, **(more or {})}, status)
