"""Broadcasts on the screen: the list, and a draft with its parts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.keyboards.base import Style, button, columns, rows
from bot.keyboards.staff.base import back_to_desk
from bot.keyboards.staff.broadcasts import (
    AudienceButton,
    BroadcastButton,
    BroadcastsButton,
    DiscardButton,
    FileButton,
    KindButton,
    NewBroadcastButton,
    PreviewButton,
    SendButton,
    TextButton,
    Under,
    UnderButton,
    WhenButton,
    to_broadcast,
)
from bot.screens.base import Screen, of_lines
from bot.screens.staff.broadcast_audience import NAMES, Names, counted_lines, described
from bot.screens.staff.desk import district
from core.broadcasts.rules import LANGUAGES, Content, Kind, Problem, Stage, TextProblem
from core.broadcasts.values import Broadcast, Counted
from core.clock import local
from core.notices.plan import QUIET_FROM, QUIET_UNTIL
from locales.texts import Texts, mark

STAGES = {
    Stage.DRAFT: mark("draft"),
    Stage.SCHEDULED: mark("waits for its time"),
    Stage.RUNNING: mark("is being sent"),
    Stage.PAUSED: mark("paused"),
    Stage.DONE: mark("sent"),
    Stage.CANCELLED: mark("stopped"),
    Stage.RECALLING: mark("is being recalled"),
    Stage.RECALLED: mark("recalled"),
}
KINDS = {
    Kind.INFORMATIONAL: mark("informational: a parent may mute such messages"),
    Kind.STATUTORY: mark("statutory: cannot be muted"),
}
DAYS = 14
"""Ahead of today, on which a broadcast can be planned."""


def listed(broadcasts: Sequence[Broadcast], t: Texts) -> Screen:
    """The newest ones, a button each."""
    text = t(
        "📣 <b>Broadcasts</b>\nA message to many families at once, in their languages. "
        "A draft is kept until you send or delete it."
    )
    shown = [
        button(f"№{one.id} · {t.plain(STAGES[one.stage])}", BroadcastButton(broadcast=one.id))
        for one in broadcasts
    ]
    new = button(t.plain("New broadcast"), NewBroadcastButton(), "primary")
    return Screen(text, rows(new, *shown, back_to_desk(t)))


def draft(broadcast: Broadcast, counted: Counted, names: Names, now: datetime, t: Texts) -> Screen:
    """All parts of a draft, and what is still missing."""
    content = broadcast.content
    lines = [
        t(
            "📣 <b>Broadcast №{id}</b>: {stage}",
            id=broadcast.id,
            stage=t.plain(STAGES[Stage.DRAFT]),
        ),
        t("To whom: {audience}", audience=described(broadcast.audience, names, t)),
        *counted_lines(counted, broadcast.kind, t),
        t("Texts: {texts}", texts=_texts(content, counted, t)),
        t("With it: {extras}", extras=_extras(content, t)),
        t("Kind: {kind}", kind=t.plain(KINDS[broadcast.kind])),
        t("When: {when}", when=when(broadcast, now, t)),
    ]
    if broadcast.corrects is not None:
        lines.insert(1, t("It corrects broadcast №{id}.", id=broadcast.corrects))
    return of_lines(lines, *_draft_buttons(broadcast, t))


def when(broadcast: Broadcast, now: datetime, t: Texts) -> str:
    """When it goes out."""
    if broadcast.starts_at is None or broadcast.starts_at <= now:
        return t.plain("at once")
    return t.moment(local(broadcast.starts_at))


def ask_text(broadcast: Broadcast, language: str, t: Texts) -> Screen:
    """Which text is wanted, and how long it may be; the one that it has is shown."""
    text = t(
        "Write the text in this language: <b>{language}</b>.\n"
        "Bold, italics, links and other formatting of Telegram are kept. "
        "Up to {limit} characters.",
        language=NAMES[language],
        limit=broadcast.content.limit,
    )
    return Screen(text, rows(to_broadcast(broadcast.id, t)))


def text_refused(problem: TextProblem, limit: int, size: int, broadcast: int, t: Texts) -> Screen:
    """Why a text or a link was not taken; it is still waited for."""
    if problem is TextProblem.TOO_LONG:
        text = t(
            "The text is too long: {size} characters, at most {limit} are possible. "
            "Shorten it and send it again.",
            size=size,
            limit=limit,
        )
    elif problem is TextProblem.EMPTY:
        text = t("There is no text in this message. Write it and send it again.")
    else:
        text = t("This is no link. It begins with https:// and has no spaces. Send it again.")
    return Screen(text, rows(to_broadcast(broadcast, t)))


def ask_file(broadcast: Broadcast, t: Texts) -> Screen:
    """A picture or a file is wanted."""
    text = t(
        "Send one picture or one file. The text stands under it, "
        "so it may have 1024 characters at most."
    )
    content = broadcast.content
    remove = []
    if content.photo or content.document:
        remove = [
            button(t.plain("Without it"), FileButton(broadcast=broadcast.id, remove=True), "danger")
        ]
    return Screen(text, rows(*remove, to_broadcast(broadcast.id, t)))


def ask_under(broadcast: Broadcast, t: Texts) -> Screen:
    """Which button is to stand under it."""
    choices = {
        Under.LINK: t.plain("Link “Read more”"),
        Under.APPLICATIONS: t.plain("“My applications”"),
        Under.NOTHING: t.plain("No button"),
    }
    made = [
        button(text, UnderButton(broadcast=broadcast.id, under=under))
        for under, text in choices.items()
    ]
    return Screen(
        t("<b>Which button is to stand under the message?</b>"),
        rows(*made, to_broadcast(broadcast.id, t)),
    )


def ask_link(broadcast: int, t: Texts) -> Screen:
    """Where “Read more” is to lead."""
    text = t("Send the link that the button opens. It begins with https://")
    return Screen(text, rows(to_broadcast(broadcast, t)))


def ask_day(broadcast: int, now: datetime, t: Texts) -> Screen:
    """On which day it is to go out."""
    today = local(now).date()
    days = [today + timedelta(days=n) for n in range(DAYS)]
    choices = [
        button(f"{day:%d.%m}, {t.weekday(day)}", WhenButton(broadcast=broadcast, day=number(day)))
        for day in days
    ]
    at_once = button(t.plain("At once"), WhenButton(broadcast=broadcast, now=True))
    text = t(
        "<b>On which day is it to go out?</b>\n"
        "Between 21:00 and 08:00 nobody gets anything: what is left goes on in the morning."
    )
    return Screen(text, rows(at_once, *columns(choices, 2), to_broadcast(broadcast, t)))


def ask_hour(broadcast: int, day: date, now: datetime, t: Texts) -> Screen:
    """At which hour of that day."""
    today, hour_now = local(now).date(), local(now).hour
    hours = [h for h in range(QUIET_UNTIL, QUIET_FROM) if day > today or h > hour_now]
    choices = [
        button(f"{hour}:00", WhenButton(broadcast=broadcast, day=number(day), hour=hour))
        for hour in hours
    ]
    text = t("<b>At which hour?</b> {day}, time of Kazakhstan.", day=t.dated(day))
    if not hours:
        text = t("{day}: no hour is left of this day. Choose another one.", day=t.dated(day))
    back = button(t.plain("Back"), WhenButton(broadcast=broadcast))
    return Screen(text, rows(*columns(choices, 4), back))


def number(day: date) -> int:
    """A day in a button: 20260409."""
    return int(f"{day:%Y%m%d}")


def confirm(broadcast: Broadcast, counted: Counted, now: datetime, t: Texts) -> Markup:
    """What happens when the number is typed."""
    at, where = when(broadcast, now, t), _districts(broadcast, t)
    number = counted.recipients
    head = t.plural(
        "<b>The broadcast goes to {count} person</b>, {when}.",
        "<b>The broadcast goes to {count} people</b>, {when}.",
        number,
        when=at,
    )
    rest = t(
        "District: {district}. Sent messages can be deleted within 48 hours only.", district=where
    )
    return head + Markup("\n") + rest


def not_ready(why: Sequence[Problem], counted: Counted, content: Content, t: Texts) -> str:
    """What is missing, as an alert."""
    if Problem.NOBODY in why:
        return t.plain("Nobody of this audience has a chat with the bot. Choose others.")
    if Problem.NO_TEXT in why:
        missing = [NAMES[x] for x in LANGUAGES if x in counted.readers and x not in content.texts]
        return t.plain(
            "There are readers of these languages, and no text for them: {languages}.",
            languages=", ".join(missing),
        )
    return t.plain(
        "Under a picture or a file a text may have 1024 characters. Too long: {languages}.",
        languages=", ".join(NAMES[language] for language in content.too_long()),
    )


def previewed(broadcast: int, mine: bool, counted: Counted, t: Texts) -> Screen:
    """Below the messages that were shown."""
    text = t(
        "☝️ This is how it will look in each language. Nobody else has got it. "
        "Recipients: {recipients}",
        recipients=counted.recipients,
    )
    if mine:
        text = t("☝️ This is the test in your language. Nobody else has got it.")
    back = button(t.plain("To the draft"), BroadcastButton(broadcast=broadcast))
    return Screen(text, rows(back))


def changed(t: Texts) -> str:
    """Somebody has changed the draft while the number was typed."""
    return t.plain("The draft has been changed meanwhile. Look at it and confirm it again.")


def no_text(t: Texts) -> str:
    """There is nothing to show yet."""
    return t.plain("Write the text first.")


def begun(t: Texts) -> str:
    """It is no draft any more."""
    return t.plain("This broadcast is no draft any more: it stays as it was confirmed.")


def unknown(t: Texts) -> str:
    """There is none, or not here."""
    return t.plain("There is no such broadcast.")


def discard(broadcast: int, t: Texts) -> Screen:
    """The second question."""
    sure = DiscardButton(broadcast=broadcast, sure=True)
    return Screen(
        t("<b>Delete the draft?</b> Its texts cannot be brought back."),
        rows(button(t.plain("Yes, delete the draft"), sure, "danger"), to_broadcast(broadcast, t)),
    )


def _districts(broadcast: Broadcast, t: Texts) -> str:
    chosen = sorted(broadcast.audience.districts)
    return ", ".join(district(code, t) for code in chosen) or district(None, t)


def _texts(content: Content, counted: Counted, t: Texts) -> str:
    """Each language with its readers."""
    return " · ".join(
        f"{NAMES[language]} {'✅' if language in content.texts else '—'} "
        f"({counted.readers.get(language, 0)})"
        for language in LANGUAGES
    )


def _extras(content: Content, t: Texts) -> str:
    extras: Mapping[str, object] = {
        t.plain("a picture"): content.photo,
        t.plain("a file"): content.document,
        t.plain("a link"): content.link,
        t.plain("the button “My applications”"): content.applications,
    }
    return ", ".join(name for name, has in extras.items() if has) or t.plain("nothing")


def _draft_buttons(
    broadcast: Broadcast, t: Texts
) -> list[InlineKeyboardButton | list[InlineKeyboardButton]]:
    this, content = broadcast.id, broadcast.content
    statutory = broadcast.kind is Kind.STATUTORY
    kind = t.plain("Make it informational") if statutory else t.plain("Make it statutory")

    def text(language: str) -> InlineKeyboardButton:
        sign = "✅ " if language in content.texts else "✏️ "
        return button(sign + NAMES[language], TextButton(broadcast=this, language=language))

    send: Style = "success"
    return [
        button(t.plain("To whom"), AudienceButton(broadcast=this)),
        [text(language) for language in LANGUAGES],
        [
            button(t.plain("Picture or file"), FileButton(broadcast=this)),
            button(t.plain("Button"), UnderButton(broadcast=this)),
        ],
        [
            button(kind, KindButton(broadcast=this, statutory=not statutory)),
            button(t.plain("When"), WhenButton(broadcast=this)),
        ],
        [
            button(t.plain("Preview"), PreviewButton(broadcast=this)),
            button(t.plain("Test to me"), PreviewButton(broadcast=this, mine=True)),
        ],
        button(t.plain("Send…"), SendButton(broadcast=this), send),
        button(t.plain("Delete the draft"), DiscardButton(broadcast=this), "danger"),
        button(t.plain("Back"), BroadcastsButton()),
    ]
