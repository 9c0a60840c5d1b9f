"""Kindergartens, families, applications and their history, as statements."""

from collections.abc import Iterator

from bench.country.year import (
    ANSWERED,
    ENROLLED,
    ENROLS,
    HAD_VOUCHER,
    HAS_CHAT,
    ISSUED,
    SIGNED,
    STATUS,
    STOPPED,
    VERSION,
    Filled,
    Year,
    digits,
    phone,
)


def places(year: Year) -> Iterator[Filled]:
    """Kindergartens all over the steppe, two rows of places each."""
    yield (
        "kindergartens",
        {
            "id": "i",
            "district": "district",
            "name": f"'«Балдырған {year.homes} — ' || {digits('i')} || '» бөбекжай-бақшасы'",
            "folded_name": f"'балдырган {year.homes} ' || {digits('i')} || ' бобекжаи бакшасы'",
            "kind": "'nursery_kindergarten'",
            "ownership": "CASE WHEN i % 3 = 0 THEN 'private' ELSE 'state' END",
            "phone": phone("i"),
            "address": f"'Абай көшесі, ' || {digits('i')}",
            "latitude": "50.5 + (i * 7919 % 2500) / 1000.0",
            "longitude": "66.5 + (i * 104729 % 6000) / 1000.0",
        },
        f"WHERE i <= {year.homes}",
    )
    yield (
        "places",
        {
            "id": "i",
            "kindergarten_id": f"(i - 1) % {year.homes} + 1",
            "language": f"CASE WHEN i > {year.homes} THEN 'kk' ELSE 'ru' END",
            "mode": "'general'",
            "free": "i / 20 % 4",  # whatever the district: that goes by i % 20
        },
        f"WHERE i <= {2 * year.homes}",
    )


def people(year: Year) -> Iterator[Filled]:
    yield (
        "persons",
        {
            "id": "i",
            "iin": "iin",
            "full_name": "name",
            "birth_date": "born",
            "phone": phone("i"),
            "created_at": year.at(year.came),
        },
        "WHERE family = i",
    )
    yield (
        "chats",
        {
            "id": "i",
            "language": "CASE WHEN i % 3 = 0 THEN 'ru' ELSE 'kk' END",
            "district": "district",
            "person_id": "i",
            "linked_at": year.at(year.came),
            "session_until": year.ago(-20),
            "created_at": year.at(year.came),
        },
        f"WHERE family = i AND {HAS_CHAT}",
    )
    yield (
        "consents",
        {"chat_id": "i", "person_id": "i", "version": "'2026-04'", "given_at": year.at(year.came)},
        f"WHERE family = i AND {HAS_CHAT}",
    )


def applications(year: Year) -> Iterator[Filled]:
    yield (
        "applications",
        {
            "id": "i",
            "registration_number": f"'ОДО.2026.' || {digits('i')}",
            "registered_at": year.at(year.came),
            "district": "district",
            "category": "category",
            "applicant_iin": "iin",
            "applicant_name": "name",
            "applicant_birth_date": "born",
            "applicant_phone": phone("family"),
            "applicant_address": f"'Абай көшесі, ' || {digits('i % 300')}",
            "child_iin": "child_iin",
            "child_name": "child",
            "child_given_name": "given",
            "child_birth_date": "child_born",
            "status": STATUS,
            "version": VERSION,
            "archived_because": f"CASE WHEN k >= {ENROLLED} THEN 'refuse_voucher' END",
            "deadline": year.deadline(),
            "ends_at": year.ends_at(),
            "next_event_at": year.ends_at(),
            "place_id": f"CASE WHEN {ENROLS} THEN i % {2 * year.homes} + 1 END",
        },
        "",
    )


def words(year: Year) -> Iterator[Filled]:
    """In the order of the primary key, which SQLite keeps as the table itself."""
    union = " UNION ".join(
        f"SELECT {word} AS word, district, i FROM people"
        for word in ("first", "second", "third", "fourth")
    )
    columns = {"word": "w.word", "district": "w.district", "application_id": "w.i"}
    yield (
        "name_words",
        columns,
        f"JOIN ({union}) w ON people.i = 1 ORDER BY w.word, w.district, w.i",
    )


def changes(year: Year) -> Iterator[Filled]:
    """What the history says, and how the queue number came down."""

    def change(event: str, before: str, after: str, at: str, who: str, of: str) -> Filled:
        return (
            "application_history",
            {
                "application_id": "i",
                "at": at,
                "event": f"'{event}'",
                "from_status": f"'{before}'",
                "to_status": f"'{after}'",
                "actor": f"'{who}'",
                "details": year.json("{}"),
            },
            f"WHERE {of} ORDER BY people.i",
        )

    waits, voucher = "awaiting_confirmation", "voucher_issued"
    told, later = year.at(year.told), year.at(f"({year.told} + 7200 + k * 60)")
    yield change("issue_voucher", "in_queue", waits, told, "portal", HAD_VOUCHER)
    yield change("confirm_interest", waits, voucher, later, "parent", f"{SIGNED} AND {ANSWERED}")
    yield change(
        "confirmation_missed",
        waits,
        "stop_list",
        later,
        "clock",
        f"k >= {ISSUED} AND k < {STOPPED}",
    )
    yield change("take_place", voucher, "enrolled", later, "parent", ENROLS)
    yield change("refuse_voucher", waits, "archived", later, "parent", f"k >= {ENROLLED}")
    number = {"application_id": "i", "at": year.ago(40, "i % 1000"), "number": "1 + i / 100"}
    yield ("queue_numbers", number, f"WHERE k < {ISSUED} ORDER BY people.i")
