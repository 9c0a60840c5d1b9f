"""Receipts as SMSC.kz and Mobizon send them; the examples of Mobizon's documents among them."""

import json
from hashlib import md5, sha1
from typing import Any
from urllib.parse import urlencode

import pytest

from core.sms.receipts import Forged, NotAReceipt, Receipt, read

SECRET = "a-long-random-secret"
SMSC: dict[str, Any] = {
    "id": "7",
    "phone": "77758759999",
    "status": "1",
    "time": "07.04.2026 11:31:08",
    "ts": "1775543468",
    "err": "0",
    "sha1": sha1(f"7:77758759999:1:{SECRET}".encode(), usedforsecurity=False).hexdigest(),
}
OF_SMSC = Receipt("smsc", "7:1", "7", "1", "+77758759999")
MOBIZON: dict[str, Any] = {
    "eventId": 26,
    "eventType": "sms-delivery-report",
    "eventCreateTs": "2026-01-15 11:42:28",
    "webhookId": 1,
    "attempt": 1,
    "data": {
        "campaignId": 245455096,
        "messageId": 169275418,
        "segNum": 3,
        "statusUpdateTs": "2026-01-15 11:42:08",
        "status": "DELIVRD",
        "to": "380737893456",
    },
    "sign": sha1(f"26|1|2026-01-15 11:42:28|{SECRET}".encode(), usedforsecurity=False).hexdigest(),
}
OF_MOBIZON = Receipt("mobizon", "26:169275418", "169275418", "DELIVRD")


def form(fields: dict[str, Any]) -> bytes:
    return urlencode(fields).encode()


def in_json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode()


def test_smsc_sends_a_form_json_or_a_query() -> None:
    assert read("smsc", "", form(SMSC), [SECRET]) == OF_SMSC
    assert read("smsc", "", in_json(SMSC), [SECRET]) == OF_SMSC
    assert read("smsc", urlencode(SMSC), b"", [SECRET]) == OF_SMSC
    numbers = SMSC | {"id": 7, "phone": 77758759999, "status": 1}
    assert read("smsc", "", in_json(numbers), [SECRET]) == OF_SMSC


def test_smsc_may_sign_with_md5() -> None:
    signed = md5(f"7:77758759999:1:{SECRET}".encode(), usedforsecurity=False).hexdigest()
    fields = {name: value for name, value in SMSC.items() if name != "sha1"} | {"md5": signed}
    assert read("smsc", "", form(fields), [SECRET]) == OF_SMSC


def test_the_same_message_and_status_is_the_same_event_whatever_else_is_told() -> None:
    later = read("smsc", "", form(SMSC | {"ts": "1775549999", "err": "6"}), [SECRET])
    assert later.event == OF_SMSC.event


@pytest.mark.parametrize(
    "change",
    [{"id": "8"}, {"phone": "77758759998"}, {"status": "20"}, {"sha1": "0" * 40}, {"sha1": ""}],
)
def test_what_smsc_did_not_sign_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(Forged):
        read("smsc", "", form(SMSC | change), [SECRET])


def test_mobizons_own_example_is_read() -> None:
    assert read("mobizon", "", in_json(MOBIZON), [SECRET]) == OF_MOBIZON


@pytest.mark.parametrize(
    "change", [{"eventId": 27}, {"attempt": 2}, {"eventCreateTs": "2026"}, {"sign": "ü"}]
)
def test_what_mobizon_did_not_sign_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Forged):
        read("mobizon", "", in_json(MOBIZON | change), [SECRET])


def test_a_later_attempt_is_the_same_event() -> None:
    sign = sha1(f"26|2|2026-01-15 11:42:28|{SECRET}".encode(), usedforsecurity=False).hexdigest()
    again = read("mobizon", "", in_json(MOBIZON | {"attempt": 2, "sign": sign}), [SECRET])
    assert again.event == OF_MOBIZON.event


def test_a_replayed_signature_with_other_data_is_another_event() -> None:
    """The signature does not cover the data: it must not stand in the true receipt's way."""
    other = MOBIZON["data"] | {"messageId": 1}
    assert (
        read("mobizon", "", in_json(MOBIZON | {"data": other}), [SECRET]).event != OF_MOBIZON.event
    )


def test_another_kind_of_event_is_no_receipt() -> None:
    with pytest.raises(NotAReceipt):
        read("mobizon", "", in_json(MOBIZON | {"eventType": "form-submission"}), [SECRET])


@pytest.mark.parametrize("gateway", ["smsc", "mobizon"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"{}",
        b"null",
        b"[]",
        b'{"id":"7\\u0000","eventId":"\\u0000"}',
        b'{"id":"\\ud800","phone":"\\ud800","status":"\\ud800","sha1":"\\ud800"}',
        b'{"a":' * 10_000,
        b'{"id":' + b"9" * 10_000 + b"}",
        b"&".join(b"a=%d" % number for number in range(1000)),
        b"id=7&phone=77758759999&mes=hello",  # an incoming message
        b"id=-1&phone=77758759999&status=1&sha1=x",
        b"id=7&phone=77758759999&status=delivered&sha1=x",
    ],
    ids=range(14),
)
def test_nonsense_is_no_receipt(gateway: str, body: bytes) -> None:
    with pytest.raises(NotAReceipt):
        read(gateway, "", body, [SECRET])


def test_letters_that_no_text_has_are_no_receipt() -> None:
    for change in ({"sign": "\ud800"}, {"eventCreateTs": "\ud800"}, {"attempt": "\ud800"}):
        with pytest.raises((Forged, NotAReceipt)):
            read("mobizon", "", in_json(MOBIZON | change), [SECRET])


@pytest.mark.parametrize("phone", ["\x00", "", "call me", "7775\x008759999"])
def test_a_phone_of_smsc_has_digits_and_nothing_else(phone: str) -> None:
    """However well it is signed: no database keeps a NUL."""
    signed = sha1(f"7:{phone}:1:{SECRET}".encode(), usedforsecurity=False).hexdigest()
    with pytest.raises(NotAReceipt):
        read("smsc", "", in_json(SMSC | {"phone": phone, "sha1": signed}), [SECRET])


def test_while_the_secret_is_changed_receipts_under_either_are_taken() -> None:
    assert read("smsc", "", form(SMSC), ["new", SECRET]) == OF_SMSC
    with pytest.raises(Forged):
        read("smsc", "", form(SMSC), ["new"])
