"""A cheap Bot API, and SMSC.kz beside it: every call is answered at once, and nothing is kept.

`python -m bench.bot_api PORT [enforced]`. `enforced`: it refuses what is over Telegram's limits, by
the desk's rules, and after an overrun everything for PUNISHMENT seconds. `GET /count` tells what
has passed and what was refused.
"""

import asyncio
import json
import re
import sys
import time
from itertools import count

from sandbox.errors import TooManyRequests
from sandbox.pace import Pace

PUNISHMENT = 5
COUNTED = ("sendMessage", "editMessageText")
CHAT = re.compile(rb"chat_id(?:=|\W+)(\d+)")
ME = {"id": 1_000_000, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
SMS = b'{"id": 1, "cnt": 1, "cost": "1"}'


class Answers:
    """What is answered to a call."""

    def __init__(self, *, enforced: bool) -> None:
        self._enforced = enforced
        self._ids = count(1000)
        self._begin()

    def to(self, path: str, body: bytes) -> bytes:
        """The JSON for one request."""
        method = path.rpartition("/")[2]
        if method == "again":
            self._begin()
        if method in ("again", "count"):
            counts = {"passed": self._passed, "refused": self._refused}
            return json.dumps(counts | {"seconds": self._last - self._first}).encode()
        if method == "send.php":
            return SMS
        if method in COUNTED:
            return self._message(body)
        return json.dumps({"ok": True, "result": ME if method == "getMe" else True}).encode()

    def _begin(self) -> None:
        self._pace = Pace(enforced=self._enforced, punish=PUNISHMENT)
        self._passed = self._refused = 0
        self._first = self._last = 0.0

    def _message(self, body: bytes) -> bytes:
        try:
            chat = CHAT.search(body)
            self._pace.arrive(chat[1] if chat else b"")
        except TooManyRequests as refused:
            self._refused += 1
            return json.dumps(refused.answer()).encode()
        self._last = time.monotonic()
        self._first = self._first if self._passed else self._last
        self._passed += 1
        return (
            b'{"ok":true,"result":{"message_id":%d,"date":1775538000,'
            b'"chat":{"id":1,"type":"private","first_name":"A"},"text":"."}}' % next(self._ids)
        )


class Connection(asyncio.Protocol):
    """HTTP as far as bots' clients speak it: a body with its length, one request after another."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._got = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        while self._answer_one():
            pass

    def _answer_one(self) -> bool:
        head, separator, rest = self._got.partition(b"\r\n\r\n")
        length = _length(head)
        if not separator or len(rest) < length:
            return False
        self._got = rest[length:]
        answer = self._answers.to(head.split(b" ", 2)[1].decode(), rest[:length])
        status = b"200 OK" if b'"error_code"' not in answer else b"429 Too Many Requests"
        assert self._transport is not None
        self._transport.write(
            b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (status, len(answer), answer)
        )
        return True


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def serve(port: int, *, enforced: bool) -> None:
    """For ever."""
    answers = Answers(enforced=enforced)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answers), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), enforced="enforced" in sys.argv))
