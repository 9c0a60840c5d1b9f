"""What comes through the portal's door, before anybody looks at what it means."""

import json
from typing import Any

import pytest

from bot.portal.reading import Event, read
from bot.portal.shapes import DATA
from core.portal.events import PUTS, TYPES
from core.portal.values import MOST, Item, NotDone, Why
from core.registry.rows import FIELDS, OPTIONAL

VOUCHER = {"registration_number": "ОДО.2026.248"}


def event(**changes: Any) -> bytes:
    whole = {"id": "e", "type": "voucher.issue", "at": "2026-04-07T11:30:00+05:00", "data": VOUCHER}
    return json.dumps({**whole, **changes}).encode()


def items(*raws: Any) -> list[Item | NotDone]:
    read_ = read(event(type="batch", data={"events": list(raws)}))
    assert isinstance(read_, Event)
    assert isinstance(read_.of, list)
    return read_.of


def test_the_document_and_the_records_know_the_same_types_and_fields() -> None:
    assert set(DATA) == set(TYPES)
    for type_, kind in PUTS.items():
        fields = DATA[type_].model_fields
        assert set(fields) == set(FIELDS[kind])
        optional = {name for name, field in fields.items() if not field.is_required()}
        assert optional == OPTIONAL[kind]


@pytest.mark.parametrize("broken", ["\0", "a\0b", "a\n\0", "", "x" * 65])
def test_what_no_database_keeps_is_no_event(broken: str) -> None:
    """NUL in a text is a fault of the sender's (422); it must not look like one of ours."""
    assert isinstance(read(event()), Event)
    assert isinstance(read(event(id=broken)), NotDone)
    number = {"registration_number": broken}
    assert isinstance(read(event(data=number)), NotDone)


def test_unknown_fields_are_ignored_wherever_they_stand() -> None:
    read_ = read(event(new_field=1, data={**VOUCHER, "new_field": {"deep": [1]}}))
    assert isinstance(read_, Event)
    assert isinstance(read_.of, Item)
    assert dict(read_.of.data) == VOUCHER


def test_what_is_wrong_is_named_and_never_repeated() -> None:
    wrong = read(event(type="citizen.put", data={"iin": 900517400001, "phone": ["secret"]}))
    assert wrong == NotDone(Why.WRONG, "missing or wrong: birth_date, full_name, iin, phone")


def test_in_a_batch_each_item_stands_for_itself() -> None:
    good = {"type": "voucher.issue", "data": VOUCHER}
    bad: list[Any] = [
        7,
        None,
        [],
        {},
        {"type": "voucher.issue"},
        {"type": "batch", "data": {"events": [good]}},
    ]
    bad += [{"type": "voucher.recall", "data": {}}, {"type": "voucher.issue", "data": {}}]
    told = items(good, *bad, good)
    assert [isinstance(one, Item) for one in told] == [True, *(False for _ in bad), True]


@pytest.mark.parametrize("events", [None, [], {}, "x", [{}] * (MOST + 1)])
def test_a_batch_that_is_none(events: Any) -> None:
    wrong = read(event(type="batch", data={"events": events}))
    assert wrong == NotDone(Why.WRONG, "missing or wrong: events")


@pytest.mark.parametrize("total", [True, "5", 5.0, -1, 2001, 1e400])
def test_a_number_of_places_is_a_whole_number(total: Any) -> None:
    place = {"district": "x", "kindergarten": "x", "language": "kk", "mode": "general"}
    assert isinstance(read(event(type="place.put", data={**place, "total": total})), NotDone)
