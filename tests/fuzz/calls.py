"""Calls of the other doors: receipts of both gateways, and the portal's events."""

import json
from dataclasses import dataclass, field
from hashlib import md5, sha1
from random import Random
from typing import Any
from urllib.parse import quote_plus, urlencode

from bot.portal.examples import EVENTS
from core.portal.signature import sign
from tests.fuzz.house import SECRET, Fuzzed
from tests.fuzz.values import as_bytes, mutated, odd, odd_text


@dataclass
class Call:
    """One call of the HTTP face."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    query: bytes = b""


def event(random: Random, fuzzed: Fuzzed) -> Call:
    """An event of the portal, or what looks like one; mostly signed."""
    value = json.loads(json.dumps(random.choice(list(EVENTS.values()))))
    if random.random() < 0.9:
        value["id"] = f"fuzz-{random.randrange(10**9)}"
    if random.random() < 0.3 and "registration_number" in value["data"]:
        value["data"]["registration_number"] = random.choice(fuzzed.known.numbers)
    if random.random() < 0.7:
        value = mutated(random, value)
    body = as_bytes(random, value)
    seconds = random.choice((0, 0, 0, 0, 299, 301, 10**12))
    stamp = str(int(fuzzed.clock.now().timestamp()) + seconds)
    headers = {"X-Timestamp": stamp, "X-Signature": sign(SECRET, stamp, body)}
    if random.random() < 0.03:
        headers[random.choice(list(headers))] = random.choice(("", "0" * 64, "-1", "9" * 400))
    return Call("POST", "/portal/events", body, headers)


def receipt(random: Random, fuzzed: Fuzzed) -> Call:
    """A receipt of either gateway: as JSON, as a form, or in the query of a GET."""
    if random.random() < 0.5:
        gateway, told = "smsc", _of_smsc(random, fuzzed)
    else:
        gateway, told = "mobizon", _of_mobizon(random, fuzzed)
    secret = SECRET if random.random() < 0.97 else "wrong"
    path = f"/sms/{gateway}/receipt/{secret}"
    way = random.random()
    if way < 0.4:
        return Call("POST", path, as_bytes(random, told))
    form = urlencode(told, errors="replace", quote_via=quote_plus).encode()
    if way < 0.7:
        return Call("POST", path, form)
    return Call("GET", path, query=form)


def _of_smsc(random: Random, fuzzed: Fuzzed) -> dict[str, Any]:
    id_, phone = random.choice(fuzzed.known.sms) if fuzzed.known.sms else (1, "+77010000101")
    told: dict[str, Any] = {
        "id": str(id_),
        "phone": phone.removeprefix("+"),
        "status": random.choice(("-3", "-1", "0", "1", "2", "3", "20", "22", "25", "99")),
        "time": "07.04.2026 12:00:00",
        "err": "0",
    }
    if random.random() < 0.5:
        told = mutated(random, told)
    if random.random() < 0.9:
        signed = ":".join(str(told.get(name)) for name in ("id", "phone", "status"))
        name, hashed = random.choice((("sha1", sha1), ("md5", md5)))
        data = f"{signed}:{SECRET}".encode(errors="replace")
        told[name] = hashed(data, usedforsecurity=False).hexdigest()
    return told


def _of_mobizon(random: Random, fuzzed: Fuzzed) -> dict[str, Any]:
    id_ = random.choice(fuzzed.known.sms)[0] if fuzzed.known.sms else 1
    status = random.choice(("DELIVRD", "UNDELIV", "EXPIRED", "PDLIVRD", odd_text(random)))
    told: dict[str, Any] = {
        "eventId": str(random.randrange(10**6)),
        "eventType": "sms-delivery-report",
        "eventCreateTs": "2026-04-07 12:00:00",
        "attempt": random.choice((1, "1")),
        "data": {"messageId": id_, "status": status, "to": "77010000101"},
    }
    if random.random() < 0.5:
        told = mutated(random, told)
    if random.random() < 0.9:
        signed = "|".join(str(told.get(name)) for name in ("eventId", "attempt", "eventCreateTs"))
        data = f"{signed}|{SECRET}".encode(errors="replace")
        told["sign"] = sha1(data, usedforsecurity=False).hexdigest()
    elif random.random() < 0.5:
        told["sign"] = odd(random)
    return told
