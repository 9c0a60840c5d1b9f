"""The check of the catalogues sees what it is there for."""

import pytest
from babel.messages.catalog import Catalog

from tests.catalogues import faults

TEXTS: dict[str | tuple[str, str], list[str]] = {
    "Until <b>{day}</b>.": [],
    ("{count} day", "{count} days"): [],
}


def _catalogue(one: str, many: tuple[str, ...], **more: str) -> Catalog:
    catalogue = Catalog(locale="ru")
    catalogue.add("Until <b>{day}</b>.", one)
    catalogue.add(("{count} day", "{count} days"), many)
    for name, text in more.items():
        catalogue.add(name, text)
    return catalogue


DAYS = ("{count} день", "{count} дня", "{count} дней")


def test_a_complete_catalogue_has_no_faults() -> None:
    assert not list(faults(_catalogue("До <b>{day}</b>.", DAYS), TEXTS))


@pytest.mark.parametrize(
    ("catalogue", "fault"),
    [
        (_catalogue("", DAYS), "not translated"),
        (_catalogue("До <b>{date}</b>.", DAYS), "other placeholders"),
        (_catalogue("До {day}.", DAYS), "other tags"),
        (_catalogue("До <b>{day</b>.", DAYS), "braces"),
        (_catalogue("До <b>{day}</b>.", ("{count} день", "", "")), "not translated"),
        (_catalogue("До <b>{day}</b>.", DAYS, orphan="сирота"), "no code uses"),
    ],
)
def test_a_fault_is_found(catalogue: Catalog, fault: str) -> None:
    assert any(fault in line for line in faults(catalogue, TEXTS))


def test_a_text_that_was_not_gathered_is_found() -> None:
    assert [line for line in faults(Catalog(locale="ru"), TEXTS) if "not gathered" in line]
