"""Parameters of a Bot API call, whichever way they came."""

from __future__ import annotations

import json
import mimetypes
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.datastructures import UploadFile
from starlette.requests import Request

from sandbox.errors import BadRequest
from sandbox.state import Json

T = TypeVar("T")

_OBJECTS = {
    "allowed_updates",
    "caption_entities",
    "commands",
    "entities",
    "menu_button",
    "message_ids",
    "reply_markup",
    "reply_parameters",
    "link_preview_options",
    "scope",
}
_INTEGERS = {"chat_id", "message_id", "user_id", "offset", "limit", "timeout", "max_connections"}


@dataclass(frozen=True)
class Upload:
    """A file that came with the call."""

    name: str
    mime_type: str
    content: bytes


async def read_parameters(request: Request) -> Json:
    """Query, JSON, urlencoded and multipart, as one dictionary. Raises BadRequest."""
    params: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        params |= _json_body(await request.body())
    elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form(max_part_size=4 * 1024 * 1024) as form:
            for name, value in form.multi_items():
                params[name] = await _upload(value) if isinstance(value, UploadFile) else value
    return typed(params)


def typed(params: Json) -> Json:
    """Strings become the numbers and objects that they spell."""
    return {name: _typed(name, value) for name, value in params.items()}


def _typed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in _INTEGERS:
        digits = value.removeprefix("-")
        return int(value) if digits.isascii() and digits.isdigit() else value
    if name in _OBJECTS and value:
        try:
            return json.loads(value)
        except ValueError:
            raise BadRequest(_unreadable(name)) from None
    return value


def _unreadable(name: str) -> str:
    if name == "reply_markup":
        return "can't parse reply keyboard markup JSON object"
    return f"can't parse {name} JSON object"


def _json_body(body: bytes) -> Json:
    try:
        read = json.loads(body or b"{}")
    except ValueError:
        raise BadRequest("can't parse JSON object") from None
    if not isinstance(read, dict):
        raise BadRequest("can't parse JSON object")
    return read


async def _upload(value: UploadFile) -> Upload:
    name = value.filename or "file"
    kind = value.content_type
    if not kind or kind == "application/octet-stream":
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Upload(name, kind, await value.read())


def integer(params: Json, name: str, default: int = 0) -> int:
    """A whole number. Raises BadRequest."""
    value = params.get(name, default)
    if isinstance(value, str) and value.removeprefix("-").isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadRequest(f'invalid parameter "{name}": integer expected')
    return value


def list_of(kind: type[T], params: Json, name: str) -> list[T]:
    """A list of one kind, empty when it is missing. Raises BadRequest."""
    value = params.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
        raise BadRequest(_unreadable(name))
    return value


def flag(params: Json, name: str) -> bool:
    return params.get(name) in (True, 1, "1", "true", "True")


def words(params: Json, name: str) -> str:
    value = params.get(name)
    return "" if value is None else str(value)


def number(params: Json, name: str) -> float:
    """A decimal number. Raises BadRequest."""
    try:
        return float(params[name])
    except (KeyError, TypeError, ValueError):
        raise BadRequest(f'invalid parameter "{name}": number expected') from None
