"""What was sent, signed and noted around it, as statements."""

from collections.abc import Iterator

from bench.country.year import (
    AWAITING,
    HAD_VOUCHER,
    HAS_CHAT,
    IN_A_TERM,
    QUEUE,
    SIGNED,
    VERSION,
    Filled,
    Year,
    digits,
    series,
)

BY_SMS = f"{HAD_VOUCHER} AND family % 4 = 0"
"""Without a chat the news came as a text message."""
SENT_TO = f"{QUEUE} > k AND family = i AND {HAS_CHAT}"
"""The readers of the broadcast: those who wait, with a chat."""


def notices(year: Year) -> Iterator[Filled]:
    """Of each voucher its news, a reminder and a text message, all over; of each running term a
    reminder that is still to come."""

    def notice(kind: str, channel: str, state: str, **more: str) -> dict[str, str]:
        return {
            "key": f"'{kind}:{channel}:' || {digits('i')}",
            "kind": f"'{kind}'",
            "channel": f"'{channel}'",
            "lane": "2",
            "iin": "iin",
            "application_id": "i",
            "series": series("2"),
            "details": year.json('{"version": 2}'),
            "state": state,
            "created_at": year.at(year.told),
            "planned_at": year.at(year.told),
            "expires_at": year.at(f"({year.told} + 172800)"),
            "attempts": "1",
            **more,
        }

    out = {
        "chat_id": f"CASE WHEN {HAS_CHAT} THEN family END",
        "message_id": f"CASE WHEN {HAS_CHAT} THEN i END",
        "sent_at": f"CASE WHEN {HAS_CHAT} THEN {year.at(year.told)} END",
        "seen_at": f"CASE WHEN {HAS_CHAT} THEN {year.at(f'({year.told} + 3600)')} END",
        "ended_at": f"CASE WHEN {HAS_CHAT} THEN {year.at(f'({year.told} + 3600)')} END",
    }
    reached = f"CASE WHEN {HAS_CHAT} THEN 'seen' ELSE 'undeliverable' END"
    for kind in ("voucher_issued", "reminder"):
        yield (
            "notices",
            notice(kind, "telegram", reached, **out),
            f"WHERE {HAD_VOUCHER} ORDER BY people.i",
        )
    yield (
        "sms_messages",
        {
            "id": "i",
            "purpose": "'notice'",
            "phone": "'+77750000000'",
            "segments": "2",
            "gateway": "'smsc'",
            "gateway_id": digits("i"),
            "state": "'delivered'",
            "cost": "44",
            "created_at": year.at(year.told),
            "delivered_at": year.at(f"({year.told} + 60)"),
        },
        f"WHERE {BY_SMS} ORDER BY people.i",
    )
    texted = {
        "token": digits("i"),
        "sms_id": "i",
        "sent_at": year.at(year.told),
        "delivered_at": year.at(f"({year.told} + 60)"),
    }
    yield "notices", notice("voucher_issued", "sms", "'delivered'", **texted), f"WHERE {BY_SMS}"
    to_come = {
        "lane": "3",
        "series": series(VERSION),
        "planned_at": year.ago(-1),
        "due_at": year.ago(-1),
        "expires_at": year.ends_at(),
        "attempts": "0",
    }
    yield "notices", notice("last_day", "telegram", "'pending'", **to_come), f"WHERE {IN_A_TERM}"


def broadcast(year: Year) -> Iterator[Filled]:
    """One to everybody who waits, a month ago."""
    sent = year.ago(30)
    yield (
        "staff",
        {"id": "1", "iin": "'000000000000'", "role": "'administrator'", "granted_at": sent},
        "WHERE i = 1",
    )
    yield (
        "broadcasts",
        {
            "id": "1",
            "created_by": "1",
            "created_at": sent,
            "stage": "'done'",
            "kind": "'informational'",
            "audience": year.json("{}"),
            "content": year.json("{}"),
            "version": "1",
            "recipients": "0",
            "cursor": f"{year.size}",
            "written": "TRUE",
            "started_at": sent,
            "ended_at": sent,
        },
        "WHERE i = 1",
    )
    yield (
        "notices",
        {
            "key": f"'broadcast:1:' || {digits('i')}",
            "kind": "'broadcast'",
            "channel": "'telegram'",
            "lane": "4",
            "iin": "iin",
            "series": "'broadcast:1'",
            "details": year.json('{"broadcast": 1}'),
            "state": "CASE WHEN i % 3 = 0 THEN 'seen' ELSE 'sent' END",
            "created_at": sent,
            "planned_at": sent,
            "expires_at": year.ago(28),
            "attempts": "1",
            "chat_id": "i",
            "message_id": "i + 5000000",
            "sent_at": sent,
            "seen_at": f"CASE WHEN i % 3 = 0 THEN {sent} END",
            "ended_at": f"CASE WHEN i % 3 = 0 THEN {sent} END",
        },
        f"WHERE {SENT_TO} ORDER BY people.i",
    )


def signed(year: Year) -> Iterator[Filled]:
    """What was put before parents, and what they signed."""
    act = {
        "application_id": "i",
        "person_id": "family",
        "act": "'confirm_interest'",
        "facts": year.json("{}"),
        "text": "'Мен ваучер бойынша қызығушылықты растаймын. ' || name || ', ' || child",
        "digest": f"'{'0' * 64}'",
    }
    asked = {"id": "i", **act, "chat_id": "family", "pressed_at": year.at(year.told)}
    yield "signing_requests", {**asked, "state": "'signed'"}, f"WHERE {SIGNED} ORDER BY people.i"
    done = {**act, "request_id": "i", "method": "'sms_code'", "signed_at": year.at(year.told)}
    yield "signatures", done, f"WHERE {SIGNED} ORDER BY people.i"


def around(year: Year) -> Iterator[Filled]:
    """Codes and attempts of the last month, what passed between the portal and us, the audit."""
    lately = year.ago(1, f"i * {28 * 86_400} / {year.size}")
    yield (
        "login_attempts",
        {
            "id": "i",
            "chat_id": "i",
            "iin": "iin",
            "phone": "'+77750000000'",
            "known": "TRUE",
            "created_at": lately,
        },
        f"WHERE i % 10 < 2 AND family = i AND {HAS_CHAT} ORDER BY people.i",
    )
    yield (
        "codes",
        {
            "purpose": "'login'",
            "subject": "iin",
            "trusted": "TRUE",
            "chat_id": "i",
            "target_id": "i",
            "language": "'kk'",
            "hash": "'0'",
            "created_at": lately,
            "sent_at": lately,
            "expires_at": lately,
            "tries": "1",
            "used_at": lately,
        },
        f"WHERE i % 10 < 2 AND family = i AND {HAS_CHAT} ORDER BY people.i",
    )
    yield (
        "portal_events",
        {
            "id": f"'event-' || {digits('i')}",
            "type": "'voucher.issue'",
            "received_at": year.ago(1, "k * 7000"),
            "answer": year.json("{}"),
        },
        "WHERE i % 5 = 0",
    )
    yield (
        "portal_outbox",
        {
            "key": series("3"),
            "application_id": "i",
            "at": year.ago(1, "k * 7000"),
            "data": year.json("{}"),
            "created_at": year.ago(1, "k * 7000"),
            "attempts": "1",
            "delivered_at": year.ago(1, "k * 7000"),
        },
        f"WHERE k >= {AWAITING} ORDER BY people.i",
    )
    yield (
        "audit_log",
        {
            "at": year.at(year.told),
            "staff_id": "1",
            "act": "'family_seen'",
            "subjects": year.json('{"application": [1]}'),
            "details": year.json("{}"),
        },
        "WHERE i % 5 = 0 ORDER BY people.i",
    )
