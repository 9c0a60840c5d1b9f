"""Reading an event of the portal: from bytes to what core is asked to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.portal.shapes import DATA, BatchData, Envelope, ItemShape
from core.portal.values import BATCH, Item, NotDone, Why

KNOWN = ", ".join([*DATA, BATCH])


@dataclass(frozen=True, repr=False)
class Event:
    """An event that has come; `of` is a list only in a batch."""

    id: str
    of: Item | list[Item | NotDone]


def read(body: bytes) -> Event | NotDone:
    """The event in `body`, or what is wrong with it."""
    try:
        envelope = Envelope.model_validate_json(body)
        if envelope.type == BATCH:
            items = BatchData.model_validate(envelope.data).events
            return Event(envelope.id, [_in_batch(item) for item in items])
    except ValidationError as error:
        return _wrong(error)
    item = _item(envelope.type, envelope.data)
    return item if isinstance(item, NotDone) else Event(envelope.id, item)


def _in_batch(raw: Any) -> Item | NotDone:
    try:
        shape = ItemShape.model_validate(raw)
    except ValidationError as error:
        return _wrong(error)
    return _item(shape.type, shape.data)


def _item(type_: str, data: Mapping[str, Any]) -> Item | NotDone:
    if type_ not in DATA:
        return NotDone(Why.WRONG, f"the type is not known; known: {KNOWN}")
    try:
        return Item(type_, DATA[type_].model_validate(data).model_dump())
    except ValidationError as error:
        return _wrong(error)


def _wrong(error: ValidationError) -> NotDone:
    """Which fields are wrong, and never what they said."""
    fields = {".".join(str(part) for part in e["loc"]) or "body" for e in error.errors()}
    return NotDone(Why.WRONG, "missing or wrong: " + ", ".join(sorted(fields)))
