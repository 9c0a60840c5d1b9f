"""Keyboards that the bot sends: read and refused as Telegram does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import BadRequest
from sandbox.state import Json, ReplyKeyboard

STYLES = ("danger", "success", "primary")
_KINDS = ("callback_data", "url", "copy_text")


@dataclass
class Markup:
    """What `reply_markup` asks for; an inline keyboard may be empty."""

    inline: list[list[Json]] | None = None
    reply: ReplyKeyboard | None = None
    remove: bool = False
    force_reply: bool = False


def parse_markup(raw: Any) -> Markup:
    """Reads `reply_markup`; None gives no keyboard. Raises BadRequest."""
    if raw is None or raw == "":
        return Markup()
    if not isinstance(raw, dict):
        raise BadRequest("object expected as reply markup")
    if "inline_keyboard" in raw:
        return Markup(inline=_rows(raw["inline_keyboard"], _inline_button))
    if "keyboard" in raw:
        placeholder = raw.get("input_field_placeholder")
        if placeholder is not None and not 1 <= len(str(placeholder)) <= 64:
            raise BadRequest("input field placeholder must be 1-64 characters long")
        rows = _rows(raw["keyboard"], _reply_button)
        return Markup(reply=ReplyKeyboard(rows, bool(raw.get("one_time_keyboard")), placeholder))
    return Markup(remove=bool(raw.get("remove_keyboard")), force_reply=bool(raw.get("force_reply")))


def parse_inline(raw: Any) -> list[list[Json]]:
    """The keyboard of an edited message: inline, or none. Raises BadRequest."""
    markup = parse_markup(raw)
    if markup.reply or markup.remove or markup.force_reply:
        raise BadRequest("inline keyboard expected")
    return markup.inline or []


def _rows(raw: Any, read: Any) -> list[list[Json]]:
    if not isinstance(raw, list) or not all(isinstance(row, list) for row in raw):
        raise BadRequest("can't parse keyboard: Field must be of type Array of Arrays")
    rows = [[read(button) for button in row] for row in raw if row]
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        raise BadRequest("REPLY_MARKUP_TOO_LONG")
    return rows


def _text(raw: Any, kind: str) -> str:
    text = raw.get("text") if isinstance(raw, dict) else None
    if not isinstance(text, str):
        raise BadRequest(f"can't parse {kind}: Can't find field \"text\"")
    if not text.strip():
        raise BadRequest(f"{kind} text must be non-empty")
    return text


def _style(raw: Json, kind: str) -> Json:
    style = raw.get("style")
    if style is None:
        return {}
    if style not in STYLES:
        raise BadRequest(f"can't parse {kind}: Invalid button style specified")
    return {"style": style}


def _inline_button(raw: Any) -> Json:
    text = _text(raw, "inline keyboard button")
    kinds = [kind for kind in _KINDS if raw.get(kind) is not None]
    if not kinds:
        raise BadRequest(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(kinds) > 1:
        raise BadRequest("BUTTON_TYPE_INVALID")
    value = raw[kinds[0]]
    if kinds[0] == "callback_data" and not (
        isinstance(value, str) and 1 <= len(value.encode()) <= 64
    ):
        raise BadRequest("BUTTON_DATA_INVALID")
    if kinds[0] == "url":
        _check_url(str(value))
    return {"text": text, kinds[0]: value, **_style(raw, "inline keyboard button")}


def _check_url(url: str) -> None:
    parts = urlsplit(url if "://" in url or url.startswith("tel:") else f"http://{url}")
    problem = None
    if parts.scheme not in {"http", "https", "tg", "ton"}:
        problem = "Unsupported URL protocol"
    elif parts.scheme in {"http", "https"} and "." not in (parts.hostname or ""):
        problem = "Wrong HTTP URL"
    if problem:
        raise BadRequest(f"inline keyboard button URL '{url}' is invalid: {problem}")


def _reply_button(raw: Any) -> Json:
    if isinstance(raw, str):
        raw = {"text": raw}
    button: Json = {"text": _text(raw, "keyboard button")}
    for wish in ("request_contact", "request_location"):
        if raw.get(wish):
            button[wish] = True
    return {**button, **_style(raw, "keyboard button")}
