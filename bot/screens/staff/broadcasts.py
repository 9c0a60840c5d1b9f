"""Broadcasts on the screen: the list, and a draft with its parts."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.keyboards.base import Style, button, rows
from bot.keyboards.staff.base import back_to_desk
from bot.keyboards.staff.broadcasts import (
    AudienceButton,
    BroadcastButton,
    BroadcastsButton,
    DiscardButton,
    FileButton,
    KindButton,
    NewBroadcastButton,
    OlderBroadcastsButton,
    PreviewButton,
    SendButton,
    TextButton,
    UnderButton,
    WhenButton,
    to_broadcast,
)
from bot.screens.base import Screen, of_lines
from bot.screens.staff.broadcast_audience import NAMES, Names, counted_lines, described
from bot.screens.staff.desk import district
from core.broadcasts.rules import LANGUAGES, Content, Kind, Problem, Stage
from core.broadcasts.values import Broadcast, Counted
from core.clock import local
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


def listed(broadcasts: Sequence[Broadcast], t: Texts, page: int, *, more: bool) -> Screen:
    """A page of them, a button each; `more`: there are older ones."""
    text = t(
        "📣 <b>Broadcasts</b>\nA message to many families at once, in their languages. "
        "A draft is kept until you send or delete it."
    )
    shown = [
        button(f"№{one.id} · {t.plain(STAGES[one.stage])}", BroadcastButton(broadcast=one.id))
        for one in broadcasts
    ]
    new = button(t.plain("New broadcast"), NewBroadcastButton(), "primary")
    turning = []
    if page:
        newer = OlderBroadcastsButton(page=page - 1) if page > 1 else BroadcastsButton()
        turning.append(button("◀️", newer))
    if more:
        turning.append(button("▶️", OlderBroadcastsButton(page=page + 1)))
    return Screen(text, rows(new, *shown, *([turning] if turning else []), back_to_desk(t)))


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
    return t.plain("This broadcast is not a draft any more: it stays as it was confirmed.")


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
    return ", ".join(name for name, has in extras.items() if has) or t.plain("nothing else")


def _draft_buttons(
    broadcast: Broadcast, t: Texts
) -> list[InlineKeyboardButton | list[InlineKeyboardButton]]:
    this, content = broadcast.id, broadcast.content
    statutory = broadcast.kind is Kind.STATUTORY
    kind = t.plain("Make informational") if statutory else t.plain("Make statutory")

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
