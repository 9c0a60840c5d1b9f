"""The audience of a broadcast on the screen: chosen by toggles, counted as one chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.keyboards.base import button, columns, rows
from bot.keyboards.staff.broadcasts import AudienceButton, Part, to_broadcast
from bot.screens.base import Screen, of_lines
from bot.screens.words import STATUSES
from core.broadcasts.rules import LANGUAGES, Audience, Kind
from core.broadcasts.values import Broadcast, Counted
from core.named import Named
from core.places.districts import DISTRICTS
from locales.texts import Texts, mark

NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
PARTS = {
    Part.DISTRICTS: mark("Districts"),
    Part.STATUSES: mark("Statuses"),
    Part.CATEGORIES: mark("Queue stages"),
    Part.LANGUAGES: mark("Language of the chat"),
    Part.KINDERGARTEN: mark("Kindergarten of the enrolled"),
}
ANY = "*"
"""Instead of a value: whatever had been chosen is put aside."""


@dataclass(frozen=True)
class Names:
    """What the codes of an audience are called: categories in their order, the kindergarten."""

    categories: Mapping[str, Named]
    kindergarten: str | None


def described(audience: Audience, names: Names, t: Texts) -> str:
    """The audience in words."""
    parts = [
        _some([DISTRICTS[code].in_(t.language) for code in DISTRICTS if code in audience.districts])
        or t.plain("all districts"),
        _some([t.plain(text) for status, text in STATUSES.items() if status in audience.statuses])
        or t.plain("all statuses but the archive"),
    ]
    if audience.categories:
        chosen = [n for n, code in enumerate(names.categories, 1) if code in audience.categories]
        parts.append(t.plain("queue stages {numbers}", numbers=_some(list(map(str, chosen)))))
    if audience.languages:
        parts.append(_some([NAMES[x] for x in LANGUAGES if x in audience.languages]))
    if audience.unanswered:
        parts.append(t.plain("voucher without an answer"))
    if audience.kindergarten is not None:
        parts.append(names.kindergarten or "—")
    return "; ".join(parts)


def counted_lines(counted: Counted, kind: Kind, t: Texts) -> list[Markup]:
    """How many that are."""
    lines = [
        t(
            "People: {people}, with a chat: {chats}. <b>Recipients: {recipients}</b>",
            people=counted.people,
            chats=counted.chats,
            recipients=counted.recipients,
        )
    ]
    if counted.muted and kind is Kind.INFORMATIONAL:
        lines.append(t("Have muted informational messages: {muted}", muted=counted.muted))
    if counted.blocked:
        lines.append(t("Have blocked the bot: {blocked}", blocked=counted.blocked))
    return lines


def audience(broadcast: Broadcast, counted: Counted, names: Names, t: Texts) -> Screen:
    """All parts, a button each."""
    this, chosen = broadcast.id, broadcast.audience
    lines = [
        t("<b>To whom?</b> {audience}", audience=described(chosen, names, t)),
        *counted_lines(counted, broadcast.kind, t),
        t("Everybody who filed a matching application gets one message, "
          "however many children there are."),
    ]  # fmt: skip
    parts = [
        button(t.plain(text), AudienceButton(broadcast=this, part=part))
        for part, text in PARTS.items()
        if part is not Part.DISTRICTS or broadcast.district is None
    ]
    unanswered = AudienceButton(
        broadcast=this, part=Part.UNANSWERED, value="0" if chosen.unanswered else "1"
    )
    sign = _sign(chosen.unanswered)
    return of_lines(
        lines,
        *parts,
        button(sign + t.plain("Voucher without an answer"), unanswered),
        to_broadcast(this, t),
    )


def part(broadcast: Broadcast, which: Part, counted: Counted, names: Names, t: Texts) -> Screen:
    """One part: its values to switch on and off."""
    lines = [
        t("<b>{part}</b>", part=t.plain(PARTS[which])),
        *counted_lines(counted, broadcast.kind, t),
    ]
    if which is Part.CATEGORIES:
        lines += [
            t("{number}. {name}", number=n, name=name.in_(t.language))
            for n, name in enumerate(names.categories.values(), 1)
        ]
    values = _values(which, broadcast.audience, names, t)
    made = [
        button(
            _sign(on) + text,
            AudienceButton(broadcast=broadcast.id, part=which, value=value, on=not on),
        )
        for value, text, on in values
    ]
    wide = 1 if which is Part.STATUSES else 5 if which is Part.CATEGORIES else 2
    everybody = AudienceButton(broadcast=broadcast.id, part=which, value=ANY)
    return of_lines(
        lines,
        *columns(made, wide),
        button(t.plain("No choice: all"), everybody),
        button(t.plain("Back"), AudienceButton(broadcast=broadcast.id)),
    )


def kindergarten(broadcast: Broadcast, names: Names, t: Texts) -> Screen:
    """Its name is typed."""
    text = t("Type a part of the kindergarten's name.")
    if broadcast.audience.kindergarten is not None:
        text = t("Chosen: {name}", name=names.kindergarten or "—") + Markup("\n") + text
    every = AudienceButton(broadcast=broadcast.id, part=Part.KINDERGARTEN, value=ANY)
    return Screen(
        text,
        rows(
            button(t.plain("No choice: all"), every),
            button(t.plain("Back"), AudienceButton(broadcast=broadcast.id)),
        ),
    )


def found(broadcast: int, kindergartens: Sequence[tuple[int, str]], t: Texts) -> Screen:
    """Those with such a name."""
    text = (
        t("<b>Which one?</b>")
        if kindergartens
        else t("No kindergarten of these districts has such a name. Type another part of it.")
    )
    made = [
        button(name, AudienceButton(broadcast=broadcast, part=Part.KINDERGARTEN, value=str(number)))
        for number, name in kindergartens
    ]
    back = button(t.plain("Back"), AudienceButton(broadcast=broadcast))
    return Screen(text, rows(*made, back))


def _values(which: Part, audience: Audience, names: Names, t: Texts) -> list[tuple[str, str, bool]]:
    """Value, its text, whether it is chosen."""
    match which:
        case Part.DISTRICTS:
            return [
                (code, name.in_(t.language), code in audience.districts)
                for code, name in DISTRICTS.items()
            ]
        case Part.STATUSES:
            return [
                (status.value, t.plain(text), status in audience.statuses)
                for status, text in STATUSES.items()
            ]
        case Part.CATEGORIES:
            return [
                (code, str(n), code in audience.categories)
                for n, code in enumerate(names.categories, 1)
            ]
        case _:
            return [(code, NAMES[code], code in audience.languages) for code in LANGUAGES]


def _sign(on: bool) -> str:
    return "✅ " if on else "▫️ "


def _some(words: Sequence[str]) -> str:
    return ", ".join(words)
