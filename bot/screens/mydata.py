"""What is held about a person; consent and log-out, with what follows from them said first."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bot.keyboards import menu as menus
from bot.keyboards import mydata as buttons
from bot.keyboards.base import button, rows
from bot.keyboards.broadcasts import InformationalButton
from bot.screens.base import Screen
from bot.screens.words import actor, happened, status
from core.applications.values import HistoryLine, NumberedCard
from core.clock import local
from core.login.values import Consent, MyData
from core.places.districts import DISTRICTS
from core.signing.signatures import Signature
from core.signing.values import SMS_CODE
from locales.texts import Texts

FILE = "orynbot-my-data.json"
SHOWN = 10
"""The newest consents: a message holds 4,096 characters, however often somebody returns."""


class Held(NamedTuple):
    """An application with all that has happened to it, and all that was signed for it."""

    card: NumberedCard
    history: Sequence[HistoryLine]
    signatures: Sequence[Signature]


def held(data: MyData, t: Texts) -> Screen:
    """What is held, masked: a phone may be read over a shoulder."""
    text = t(
        "<b>My data</b>\n"
        "{name}\n"
        "IIN: {iin}, phone: {phone}\n"
        "This chat gets your notices. You are signed in until {until}.",
        name=data.person.full_name,
        iin=data.person.iin.masked,
        phone=data.person.phone.masked,
        until=t.moment(local(data.session_until)) if data.session_until else "—",
    )
    consents = [_consent(consent, t) for consent in data.consents[-SHOWN:]]
    earlier = len(data.consents) - SHOWN
    if earlier > 0:
        consents.append(t("Earlier consents, in the file: {count}", count=earlier))
    informational = (
        t("Informational messages: off. Notices about your application always come.")
        if data.muted
        else t("Informational messages: on.")
    )
    switch = (
        t.plain("🔔 Get informational messages")
        if data.muted
        else t.plain("🔕 No informational messages")
    )
    return Screen(
        "\n".join((text, informational, *consents)),
        rows(
            button(switch, InformationalButton(wanted=data.muted)),
            button(t.plain("Get my data as a file"), buttons.DataFileButton()),
            button(t.plain("What happens with my data?"), menus.GuideButton(topic="data")),
            button(t.plain("Withdraw consent"), buttons.WithdrawButton(sure=False), "danger"),
            menus.to_menu(t),
        ),
    )


def file(data: MyData, applications: Sequence[Held], t: Texts) -> bytes:
    """All that is held as JSON in UTF-8, with labels in the reader's language."""
    content = {
        t.plain("Full name"): data.person.full_name,
        t.plain("IIN"): data.person.iin.value,
        t.plain("Phone"): data.person.phone.value,
        t.plain("Language"): data.language,
        t.plain("District"): DISTRICTS[data.district].in_(t.language) if data.district else None,
        t.plain("Informational messages"): not data.muted,
        t.plain("Chat linked"): _when(data.linked_at, t),
        t.plain("Signed in until"): _when(data.session_until, t),
        t.plain("Codes sent by SMS"): data.codes_sent,
        t.plain("Consents"): [
            {
                t.plain("Version"): consent.version,
                t.plain("Given"): _when(consent.given_at, t),
                t.plain("Withdrawn"): _when(consent.withdrawn_at, t),
            }
            for consent in data.consents
        ],
        t.plain("Applications"): [
            _application(held.card, t)
            | {
                t.plain("History of changes"): [_line(line, t) for line in held.history],
                t.plain("Signatures"): [_signature(one, t) for one in held.signatures],
            }
            for held in applications
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def file_caption(t: Texts) -> str:
    """Under the file."""
    return t("What Orynbot holds about you. The file has your full IIN: keep it to yourself.")


def withdraw(t: Texts) -> Screen:
    """What withdrawing the consent means, before it is done."""
    text = t(
        "<b>If you withdraw your consent:</b>\n"
        "this chat is signed out and gets no more notices, so you can miss a term.\n"
        "Your applications stay as they are, and their terms run on: "
        "you can go on at akmola.kz.\n"
        "To come back, enter again and give your consent anew."
    )
    return Screen(
        text,
        rows(
            button(
                t.plain("Yes, withdraw my consent"), buttons.WithdrawButton(sure=True), "danger"
            ),
            button(t.plain("Back"), menus.MyDataButton()),
        ),
    )


def withdrawn(t: Texts) -> Screen:
    """The consent is withdrawn."""
    text = t(
        "✅ <b>Your consent is withdrawn, this chat is signed out.</b>\n"
        "No notices come here any more. Your applications stay as they are."
    )
    return Screen(text, rows(menus.to_menu(t)))


def log_out(t: Texts) -> Screen:
    """What logging out means, before it is done."""
    text = t(
        "<b>If you log out, no notices come to this chat</b>, "
        "and you can miss a term.\n"
        "Your applications stay as they are. You can enter again at any time."
    )
    return Screen(
        text,
        rows(
            button(t.plain("Yes, log out"), buttons.LeaveButton(), "danger"),
            button(t.plain("Back"), menus.MenuButton()),
        ),
    )


def logged_out(t: Texts) -> Screen:
    """Out."""
    text = t(
        "✅ <b>You have logged out.</b>\n"
        "No notices come to this chat until you enter again. "
        "Your applications stay as they are."
    )
    return Screen(text, rows(menus.to_menu(t)))


def _consent(consent: Consent, t: Texts) -> str:
    given = t.moment(local(consent.given_at))
    if consent.withdrawn_at is None:
        return t("Consent {version}: given {given}", version=consent.version, given=given)
    return t(
        "Consent {version}: given {given}, withdrawn {withdrawn}",
        version=consent.version,
        given=given,
        withdrawn=t.moment(local(consent.withdrawn_at)),
    )


def _line(line: HistoryLine, t: Texts) -> dict[str, object]:
    return {
        t.plain("When"): _when(line.at, t),
        t.plain("What"): happened(line, t),
        t.plain("Who"): actor(line.actor, t),
    }


def _signature(one: Signature, t: Texts) -> dict[str, object]:
    return {
        t.plain("When"): _when(one.signed_at, t),
        t.plain("Signed text"): one.text,
        t.plain("How"): t.plain("one-time code by SMS") if one.method == SMS_CODE else one.method,
        "SHA-256": one.digest,
    }


def _application(card: NumberedCard, t: Texts) -> dict[str, object]:
    privilege = card.child.privilege
    return {
        t.plain("Registration number"): card.registration_number,
        t.plain("Registered"): _when(card.registered_at, t),
        t.plain("Status"): status(card.status, t),
        t.plain("Applicant"): {
            t.plain("IIN"): card.applicant.iin.value,
            t.plain("Full name"): card.applicant.full_name,
            t.plain("Date of birth"): t.day(card.applicant.birth_date),
            t.plain("Phone"): card.applicant.phone,
            t.plain("Email"): card.applicant.email,
            t.plain("Address"): card.applicant.address,
        },
        t.plain("Child"): {
            t.plain("IIN"): card.child.iin.value,
            t.plain("Full name"): card.child.full_name,
            t.plain("Date of birth"): t.day(card.child.birth_date),
            t.plain("Privilege"): privilege.in_(t.language) if privilege else None,
        },
        t.plain("Queue stage"): card.category.in_(t.language),
        t.plain("Queue number"): card.queue_number,
        t.plain("Kindergarten"): card.place.kindergarten if card.place else None,
    }


def _when(moment: datetime | None, t: Texts) -> str | None:
    return t.moment(local(moment)) if moment else None
