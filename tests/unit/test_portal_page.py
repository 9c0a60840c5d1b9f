"""docs/portal.md can be followed: its shell signs as the house checks, its examples are events."""

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.outgoing.portal import body_of
from bot.portal.document import ApplicationChanged
from bot.portal.examples import TOLD
from bot.portal.reading import Event, read
from bot.portal.shapes import DATA
from core.portal.outbox import Change
from core.portal.signature import problem, sign
from core.portal.values import BATCH, MOST

PAGE = (Path(__file__).parent.parent.parent / "docs/portal.md").read_text(encoding="utf-8")
SECRET = "құпия secret"
NOW = datetime(2026, 4, 7, 6, 30, tzinfo=UTC)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(not which("openssl"), reason="openssl is not here")
def test_the_shell_of_the_page_signs_as_we_check() -> None:
    """All of it but the sending: `curl` tells what it was given."""
    [shell] = blocks("sh")
    spoken = "curl() { printf '%s\\0' \"$@\"; }\n" + shell
    told = subprocess.run(
        ["sh", "-c", spoken], env={"PATH": "/usr/bin:/bin", "PORTAL_SECRET": SECRET},
        capture_output=True, check=True,
    ).stdout.decode().split("\0")  # fmt: skip
    headers = dict(one.split(": ", 1) for one in told if one.startswith("X-"))
    body = told[told.index("--data-binary") + 1].encode()
    timestamp, signature = headers["X-Timestamp"], headers["X-Signature"]
    now = datetime.fromtimestamp(int(timestamp), UTC)
    assert problem([SECRET], timestamp, signature, body, now) is None
    assert problem([SECRET], timestamp, signature, body + b" ", now) is not None
    assert isinstance(read(body), Event)


def test_every_type_stands_in_the_table_and_no_other() -> None:
    named = set(re.findall(r"^\| `([a-z_.]+)` \|", PAGE, re.MULTILINE))
    assert named == {*DATA, BATCH}
    assert f"up to {MOST} of the above" in PAGE


def test_its_json_is_json() -> None:
    batch, answer, told = (json.loads(block) for block in blocks("json"))
    assert batch["type"] == BATCH
    assert {one["result"] for one in answer["events"]} == {"done", "wrong"}
    TypeAdapter(ApplicationChanged).validate_python(told)


def test_what_is_sent_is_what_the_document_shows() -> None:
    body = body_of(
        Change(
            id=1,
            key=TOLD["id"],
            at=datetime.fromisoformat(TOLD["at"]),
            data=TOLD["data"],
            attempts=1,
            lease_until=NOW,
        )
    )
    sent: dict[str, Any] = json.loads(body)
    assert sent == TOLD
    ApplicationChanged.model_validate(sent)


def test_a_signature_is_good_for_five_minutes_either_way() -> None:
    for seconds, good in ((-301, False), (-300, True), (300, True), (301, False)):
        timestamp = str(int(NOW.timestamp()) + seconds)
        found = problem([SECRET], timestamp, sign(SECRET, timestamp, b"x"), b"x", NOW)
        assert (found is None) is good
