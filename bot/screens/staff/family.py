"""A family's card for staff: where it stands, who they are, how they are reached."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot.keyboards.base import button
from bot.keyboards.staff.base import to_desk
from bot.keyboards.staff.families import FamilyButton, FindButton, FoundButton
from bot.keyboards.staff.family import (
    FamilyHistoryButton,
    FamilyNoticesButton,
    PhoneButton,
    ResendButton,
    RestoreButton,
)
from bot.screens import deadline, words
from bot.screens.base import Screen, of_lines
from bot.screens.place import name
from core.clock import local
from core.families.values import Chat, Family
from core.identity.rules import Iin, dialled_phone
from core.notices.lives import Life
from core.notices.plan import Channel
from core.places.districts import DISTRICTS
from documents import lives
from locales.texts import Texts, mark

LAST = 3
"""Notices on the card itself."""
CHATS = {
    Chat.OPEN: mark("Telegram: there is a chat with the bot"),
    Chat.BLOCKED: mark("Telegram: the bot is blocked"),
    Chat.NONE: mark("Telegram: there is no chat with the bot"),
}
RESEND = {
    Channel.TELEGRAM: mark("Send the notice again"),
    Channel.SMS: mark("Send it again by SMS"),
}


def card(
    family: Family, told: Sequence[Life], t: Texts, now: datetime, *, iin: bool, listed: bool
) -> Screen:
    """The family. `iin`: in full; `listed`: there is a list to go back to."""
    one, this = family.card, family.card.id
    lines = [
        t("<b>{child}</b>, {number}", child=one.child.full_name, number=one.registration_number),
        *_stands(family, t, now),
        t(
            "District: {district}. Queue stage: {stage}. Queue number: {number}",
            district=DISTRICTS[one.district].in_(t.language),
            stage=one.category.in_(t.language),
            number=one.queue_number or "—",
        ),
        t("Registered: {moment}", moment=f"{local(one.registered_at):%d.%m.%Y %H:%M:%S}"),
        Markup(""),
        *_people(family, t, iin),
        Markup(""),
        *_reached(family, t),
        *(t("• {line}", line=line) for line in lives.told(told, t)[:LAST]),
    ]
    shown = [] if iin else [button(t.plain("Show the IINs"), FamilyButton(family=this, iin=True))]
    resend = [
        button(t.plain(text), ResendButton(family=this, channel=channel))
        for channel, text in RESEND.items()
        if channel in family.resend
    ]
    restore = [button(t.plain("Restore the place in the queue"), RestoreButton(family=this))]
    back = [button(t.plain("Back to the list"), FoundButton())] if listed else []
    return of_lines(
        lines,
        *shown,
        [
            button(t.plain("History of changes"), FamilyHistoryButton(family=this)),
            button(t.plain("Notices"), FamilyNoticesButton(family=this)),
        ],
        *resend,
        button(t.plain("Correct the phone"), PhoneButton(family=this)),
        *(restore if family.restorable else []),
        *back,
        [button(t.plain("🔎 Find another one"), FindButton()), to_desk(t)],
    )


def _stands(family: Family, t: Texts, now: datetime) -> list[Markup]:
    one = family.card
    lines = [t("Status: <b>{status}</b>", status=words.status(one.status, t))]
    if one.deadline:
        until = t.until(one.deadline.last_day)
        lines += [t("Deadline: <b>{until}</b>", until=until), deadline.left(one.deadline, t, now)]
    if one.archived_because:
        because = words.event(one.archived_because, one.status, t)
        lines.append(t("Reason: {reason}.", reason=because))
    if one.place:
        lines.append(t("Kindergarten: {name}", name=name(one.place)))
    if one.stay:
        day = t.dated(one.stay.last_day)
        lines.append(
            t("Temporary stay: {name}. Last day: <b>{day}</b>.", name=name(one.stay.place), day=day)
        )
    return lines


def _people(family: Family, t: Texts, in_full: bool) -> list[Markup]:
    applicant, child = family.card.applicant, family.card.child
    privilege = child.privilege.in_(t.language) if child.privilege else t.plain("no privileges")
    return [
        t("<b>Applicant:</b> {name}", name=applicant.full_name),
        t(
            "IIN: {iin}, born: {day}",
            iin=_iin(applicant.iin, in_full),
            day=t.day(applicant.birth_date),
        ),
        t("Registered address: {address}", address=applicant.address),
        t("E-mail: {email}", email=applicant.email or "—"),
        t("<b>Child:</b> {name}", name=child.full_name),
        t("IIN: {iin}, born: {day}", iin=_iin(child.iin, in_full), day=t.day(child.birth_date)),
        t("Privilege: {name}", name=privilege),
    ]


def _reached(family: Family, t: Texts) -> list[Markup]:
    """By which ways the family can be told something."""
    given = dialled_phone(family.card.applicant.phone)
    lines = [t("Phone: {phone}", phone=given)]
    if family.corrected:
        lines = [t("Phone, corrected by staff: {phone}", phone=given)]
    if family.phone is None:
        lines.append(t("No SMS can be sent: this is not a mobile number."))
    elif family.phone.value != given:
        lines.append(
            t("SMS go to the number of the citizens' base: {phone}", phone=family.phone.value)
        )
    return [*lines, t(CHATS[family.chat])]


def _iin(iin: Iin, in_full: bool) -> str:
    return iin.value if in_full else iin.masked
