"""What has happened to an application, for staff: its history, its notices, and why."""

from collections.abc import Sequence

from bot.keyboards.base import button, columns
from bot.keyboards.staff.families import back_to_family
from bot.keyboards.staff.family import FamilyNoticeButton, FamilyNoticesButton
from bot.screens import words
from bot.screens.base import Screen, of_lines
from bot.screens.history import SHOWN, beginning
from core.applications.values import HistoryLine
from core.clock import local
from core.families.values import Family
from core.notices.lives import Life
from documents import lives
from locales.texts import Texts, mark

PAGE = 6
"""Notices on a page: each has a line and a button."""
ACTORS = {
    "parent": mark("parent"),
    "portal": mark("portal akmola.kz"),
    "operator": mark("staff"),
    "clock": mark("automatically"),
}


def history(family: Family, lines: Sequence[HistoryLine], t: Texts) -> Screen:
    """Who changed what, when and why; newest first."""
    told = [
        t(
            "{moment}: {what} ({who})",
            moment=t.moment(local(line.at)),
            what=words.happened(line, t) + _because(line, t),
            who=t.plain(ACTORS[line.actor]),
        )
        for line in lines[:SHOWN]
    ]
    told += beginning(lines, family.card.registered_at, t)
    headline = t("<b>History:</b> {child}", child=family.card.child.full_name)
    return of_lines([headline, *told], back_to_family(family.card.id, t))


def notices(family: Family, told: Sequence[Life], page: int, t: Texts) -> Screen:
    """What was sent and what was not, and why; a button opens one of them."""
    ordered, this = lives.newest_first(told), family.card.id
    pages = max(1, -(-len(ordered) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = ordered[page * PAGE : (page + 1) * PAGE]
    lines = [t("<b>Notices:</b> {child}", child=family.card.child.full_name)]
    numbered = list(enumerate(shown, page * PAGE + 1))
    for number, life in numbered:
        [line] = lives.told([life], t)
        lines.append(t("{number}. {line}", number=number, line=line))
    if not shown:
        lines.append(t("Nothing has been sent about this application yet."))
    details = [
        button(str(number), FamilyNoticeButton(family=this, notice=life.id, page=page))
        for number, life in numbered
    ]
    turning = [
        button(text, FamilyNoticesButton(family=this, page=number % pages))
        for text, number in (("◀", page - 1), (f"{page + 1}/{pages}", page), ("▶", page + 1))
    ]
    return of_lines(
        lines,
        *columns(details, PAGE),
        *([turning] if pages > 1 else []),
        back_to_family(this, t),
    )


def notice(family: Family, life: Life, page: int, t: Texts) -> Screen:
    """One notice: all that is known of it."""
    lines = [
        t(
            "<b>{what}</b>, {channel}, No. {number}",
            what=lives.kind(life, t).capitalize(),
            channel=t.plain(lives.CHANNELS[life.channel]),
            number=life.id,
        ),
        t("Planned: {moment}", moment=t.moment(local(life.planned_at))),
        *(t("• {line}", line=line) for line in lives.fate(life, t)),
        t("Attempts: {count}. Code: {code}", count=life.attempts, code=life.because or "—"),
    ]
    back = FamilyNoticesButton(family=family.card.id, page=page)
    return of_lines(lines, button(t.plain("Back"), back))


def _because(line: HistoryLine, t: Texts) -> str:
    """Why staff have done it, where they have (D13, D14)."""
    reasons = [*words.REASONS.items(), *words.WITHDRAWN.items()]
    told = {code.value: text for code, text in reasons}.get(line.details.get("reason", ""))
    return f": {t.plain(told)}" if told else ""
