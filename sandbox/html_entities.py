"""Telegram's HTML: read into text and entities as its server does, and rendered safely."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from sandbox.errors import BadRequest
from sandbox.state import Json

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_START = re.compile(r"<([^\s>]*)((?:\s[^>]*)?)>")
_PLAIN = re.compile(r".[^<&]*", re.DOTALL)
_END = re.compile(r"</([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_PAIRS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
    "spoiler": ('<span class="tg-spoiler">', "</span>"),
    "bot_command": ('<span class="tg-command">', "</span>"),
}


def units(text: str) -> int:
    """Length in UTF-16 code units: how Telegram counts offsets and limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass
class _Open:
    tag: str
    start: int
    entity: Json | None


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Text and its entities, by offset. Raises BadRequest in Telegram's words."""
    text: list[str] = []
    length = 0
    open_tags: list[_Open] = []
    entities: list[Json] = []
    at = 0

    def add(piece: str) -> None:
        nonlocal length
        text.append(piece)
        length += units(piece)

    while at < len(source):
        if source.startswith("</", at):
            match = _END.match(source, at)
            if match is None:
                raise _refusal("Unclosed end tag", source, at)
            _close(match[1].strip().lower(), open_tags, entities, length, source, at)
            at = match.end()
        elif source[at] == "<":
            match = _START.match(source, at)
            if match is None:
                raise _refusal("Unclosed start tag", source, at)
            open_tags.append(_open(match[1].lower(), match[2], length, source, at))
            at = match.end()
        elif match := _REFERENCE.match(source, at):
            add(_character(match))
            at = match.end()
        elif match := _PLAIN.match(source, at):
            add(match[0])
            at = match.end()
    if open_tags:
        tag = open_tags[-1].tag
        raise BadRequest(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\""
        )
    return trimmed("".join(text), entities)


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without the white space around; entities that are left empty are gone."""
    lead = units(text) - units(text.lstrip())
    text = text.strip()
    total = units(text)
    kept = []
    for entity in entities:
        start = min(max(entity["offset"] - lead, 0), total)
        end = min(max(entity["offset"] + entity["length"] - lead, 0), total)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def render(text: str, entities: list[Json]) -> str | None:
    """Safe HTML of a text; None when it has no entities. Line breaks stay line breaks."""
    if not entities:
        return None
    starts = sorted(range(len(entities)), key=lambda n: _span(entities[n]))
    edges = sorted({edge for e in entities for edge in (e["offset"], e["offset"] + e["length"])})
    encoded = text.encode("utf-16-le", "surrogatepass")
    out: list[str] = []
    stack: list[int] = []
    last = 0
    for edge in edges:
        piece = encoded[last * 2 : edge * 2].decode("utf-16-le", "replace")
        out.append(html.escape(piece))
        last = edge
        ending = {n for n in stack if entities[n]["offset"] + entities[n]["length"] <= edge}
        reopen: list[int] = []
        while ending & set(stack):
            top = stack.pop()
            out.append(_tags(entities[top])[1])
            if top not in ending:
                reopen.insert(0, top)
        for n in [*reopen, *(n for n in starts if entities[n]["offset"] == edge)]:
            out.append(_tags(entities[n])[0])
            stack.append(n)
    out.append(html.escape(encoded[last * 2 :].decode("utf-16-le", "replace")))
    return "".join(out)


def _span(entity: Json) -> tuple[int, int]:
    return entity["offset"], -entity["length"]


def _tags(entity: Json) -> tuple[str, str]:
    if entity["type"] == "text_link" and _is_safe(str(entity.get("url", ""))):
        address = html.escape(str(entity["url"]))
        return f'<a href="{address}" target="_blank" rel="noopener noreferrer">', "</a>"
    return _PAIRS.get(entity["type"], ("", ""))


def _is_safe(url: str) -> bool:
    return urlsplit(url).scheme in {"http", "https", "tg", "tel", "mailto"}


def _refusal(words: str, source: str, at: int) -> BadRequest:
    offset = len(source[:at].encode("utf-8", "surrogatepass"))
    return BadRequest(f"can't parse entities: {words} at byte offset {offset}")


def _open(tag: str, attributes: str, start: int, source: str, at: int) -> _Open:
    if tag not in _TYPES:
        raise _refusal(f'Unsupported start tag "{tag}"', source, at)
    values = {
        m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "")
        for m in _ATTRIBUTE.finditer(attributes)
    }
    entity: Json | None = {"type": _TYPES[tag]}
    if tag == "span" and values.get("class") != "tg-spoiler":
        raise _refusal('Tag "span" must have class "tg-spoiler"', source, at)
    if tag == "a":
        url = values.get("href", "")
        entity = {"type": "text_link", "url": url} if _is_safe(url) else None
    if tag == "blockquote" and "expandable" in values:
        entity = {"type": "expandable_blockquote"}
    return _Open(tag, start, entity)


def _close(
    tag: str, open_tags: list[_Open], entities: list[Json], end: int, source: str, at: int
) -> None:
    if not open_tags:
        raise _refusal("Unexpected end tag", source, at)
    opened = open_tags.pop()
    if tag and tag != opened.tag:
        offset = len(source[:at].encode("utf-8", "surrogatepass"))
        raise BadRequest(
            f"can't parse entities: Unmatched end tag at byte offset {offset}, "
            f'expected "</{opened.tag}>", found "</{tag}>"'
        )
    if opened.entity is not None and end > opened.start:
        entities.append({**opened.entity, "offset": opened.start, "length": end - opened.start})


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]
