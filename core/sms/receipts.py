"""Receipts as gateways send them: read, and checked against the secret that we share."""

import hmac
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import md5, sha1
from typing import Any
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from core.sms import mobizon, smsc

STORABLE = r"^[^\x00]*$"
"""PostgreSQL keeps no NUL in a text."""
SMS_DELIVERY_REPORT = "sms-delivery-report"


@dataclass(frozen=True)
class Receipt:
    """A gateway's word: what happened (`event`, once for all), to which message (the id that
    the gateway tells), and the status as told. `phone`, where the gateway's own id is not enough
    to know the message by, is never kept."""

    gateway: str
    event: str
    gateway_id: str
    status: str
    phone: str | None = None


class Forged(Exception):
    """It is not signed with our secret."""


class NotAReceipt(Exception):
    """Something else, which can never become one."""


class _Smsc(BaseModel):
    """smsc.kz/api, callback: it also brings incoming messages, which have no status."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: str = Field(pattern=r"^[0-9]{1,18}$")
    phone: str = Field(max_length=20, pattern=r"^\+?[0-9]+$")
    status: str = Field(pattern=r"^-?[0-9]{1,3}$")
    sha1: str = ""
    md5: str = ""


class _Data(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    messageId: str = Field(min_length=1, max_length=40, pattern=STORABLE)
    status: str = Field(max_length=12, pattern=STORABLE)


class _Mobizon(BaseModel):
    """mobizon-api-docs, webhooks: `sign` does not cover `data`."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    eventId: str = Field(min_length=1, max_length=20, pattern=STORABLE)
    eventType: str = SMS_DELIVERY_REPORT
    eventCreateTs: str
    attempt: str
    data: _Data
    sign: str


def read(gateway: str, query: str, body: bytes, secrets: Sequence[str]) -> Receipt:
    """The receipt in a call of that gateway: the query of a GET, JSON, or a form; signed with one
    of the secrets.

    Raises Forged, NotAReceipt; KeyError for a gateway that sends none.
    """
    fields = _fields(query, body)
    for secret in secrets:
        with suppress(Forged):
            return READERS[gateway](fields, secret)
    raise Forged


def _fields(query: str, body: bytes) -> Mapping[str, Any]:
    try:
        if body.lstrip()[:1] == b"{":
            return dict(from_json(body))  # unlike json, it takes no letters that no text has
        text = body.decode() if body else query
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=50))
    except ValueError as error:
        raise NotAReceipt from error


def _of_smsc(fields: Mapping[str, Any], secret: str) -> Receipt:
    """H("id:phone:status:secret") covers neither time nor error, so neither is believed."""
    try:
        told = _Smsc.model_validate(fields)
    except ValidationError as error:
        raise NotAReceipt from error
    signed = f"{told.id}:{told.phone}:{told.status}:{secret}".encode()
    given, hashed = (told.sha1, sha1) if told.sha1 else (told.md5, md5)
    _check(given, hashed(signed, usedforsecurity=False).hexdigest())
    number = str(int(told.id))
    phone = "+" + told.phone.removeprefix("+")
    return Receipt(smsc.NAME, f"{number}:{told.status}", number, told.status, phone)


def _of_mobizon(fields: Mapping[str, Any], secret: str) -> Receipt:
    """The event's name holds the message's: whoever replays a signature with other data stands in
    no true receipt's way."""
    try:
        told = _Mobizon.model_validate(fields)
    except ValidationError as error:
        raise NotAReceipt from error
    signed = f"{told.eventId}|{told.attempt}|{told.eventCreateTs}|{secret}".encode()
    _check(told.sign, sha1(signed, usedforsecurity=False).hexdigest())
    if told.eventType != SMS_DELIVERY_REPORT:
        raise NotAReceipt
    event = f"{told.eventId}:{told.data.messageId}"
    return Receipt(mobizon.NAME, event, told.data.messageId, told.data.status)


READERS = {smsc.NAME: _of_smsc, mobizon.NAME: _of_mobizon}


def _check(given: str, expected: str) -> None:
    if not hmac.compare_digest(given.lower().encode(), expected.encode()):
        raise Forged
