"""A broadcast under way on the screen: how far it is, and what came of it."""

import csv
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.keyboards.base import button, rows
from bot.keyboards.staff.broadcasts import Act, ActButton, BroadcastButton, BroadcastsButton
from bot.screens.base import Screen
from bot.screens.staff.desk import district
from core.broadcasts.rules import Stage
from core.broadcasts.unreached import Unreached
from core.broadcasts.values import Broadcast, Progress
from core.clock import local
from core.notices.plan import quiet
from locales.texts import Texts, mark

WIDTH = 12
"""Signs of the bar."""
HEADS = {
    Stage.SCHEDULED: mark("⏰ <b>Broadcast №{id}</b> waits for its time: {when}"),
    Stage.RUNNING: mark("📣 <b>Broadcast №{id}</b> is being sent"),
    Stage.PAUSED: mark("⏸ <b>Broadcast №{id}</b> is paused"),
    Stage.DONE: mark("✅ <b>Broadcast №{id}</b> is sent"),
    Stage.CANCELLED: mark("⏹ <b>Broadcast №{id}</b> is stopped"),
    Stage.RECALLING: mark("↩️ <b>Broadcast №{id}</b> is being recalled"),
    Stage.RECALLED: mark("↩️ <b>Broadcast №{id}</b> is recalled"),
}
ACTS = {
    Act.PAUSE: mark("⏸ Pause"),
    Act.RESUME: mark("▶️ Resume"),
    Act.CANCEL: mark("⏹ Stop for good"),
    Act.RECALL: mark("↩️ Recall"),
    Act.UNREACHED: mark("List of the unreached"),
    Act.CORRECT: mark("Write a correction"),
}
AT = {
    Stage.SCHEDULED: (Act.CANCEL,),
    Stage.RUNNING: (Act.PAUSE, Act.CANCEL),
    Stage.PAUSED: (Act.RESUME, Act.CANCEL, Act.RECALL),
    Stage.DONE: (Act.UNREACHED, Act.RECALL, Act.CORRECT),
    Stage.CANCELLED: (Act.UNREACHED, Act.RECALL, Act.CORRECT),
    Stage.RECALLING: (Act.CORRECT,),
    Stage.RECALLED: (Act.UNREACHED, Act.CORRECT),
}
"""What can be done, by stage."""
BECAUSE = {
    "no_chat": mark("no chat with the bot"),
    "blocked": mark("has blocked the bot"),
    "failed": mark("could not be sent"),
}
EXCEL = "utf-8-sig"
"""With the mark by which Excel knows that it is UTF-8."""


def run(broadcast: Broadcast, progress: Progress, t: Texts, now: datetime) -> Screen:
    """The message that is kept up to date while it runs."""
    lines = [_head(broadcast, t)]
    if broadcast.stage is not Stage.SCHEDULED:
        lines += [Markup(bar(progress)), *_counts(progress, t)]
    if broadcast.stage is Stage.RUNNING:
        lines.append(_pace(progress, now, t))
    if broadcast.stage in (Stage.RECALLING, Stage.RECALLED):
        lines += _recalled(progress, t)
    return Screen(Markup("\n").join(lines), rows(*_acts(broadcast, t), *_ways(broadcast, t)))


def report(broadcast: Broadcast, progress: Progress, t: Texts) -> Screen:
    """What came of it, when it is over: a message of its own."""
    lines = [_head(broadcast, t), *_counts(progress, t)]
    if broadcast.stage is Stage.RECALLED:
        lines += _recalled(progress, t)
    elif broadcast.started_at is not None and broadcast.ended_at is not None:
        lines.append(
            t(
                "From {begin} to {end}.",
                begin=t.moment(local(broadcast.started_at)),
                end=t.moment(local(broadcast.ended_at)),
            )
        )
    return Screen(Markup("\n").join(lines), rows(*_acts(broadcast, t), *_ways(broadcast, t)))


def bar(progress: Progress) -> str:
    """`▰▰▰▱▱▱ 50 %`; full only when nothing is left."""
    share = progress.handled / progress.total if progress.total else 1.0
    full = int(share * WIDTH)
    return f"{'▰' * full}{'▱' * (WIDTH - full)} {int(share * 100)} %"


def ask(broadcast: Broadcast, act: Act, t: Texts) -> Screen:
    """The second question before what cannot be undone."""
    if act is Act.RECALL:
        text = t(
            "<b>Recall the broadcast?</b> Its messages are deleted from the chats, as far as they "
            "are younger than 48 hours; Telegram keeps older ones. What has not been sent never "
            "will be."
        )
        sure = t.plain("Yes, recall it")
    else:
        text = t(
            "<b>Stop the broadcast for good?</b> Who has got it keeps it, nobody else will get it."
        )
        sure = t.plain("Yes, stop it")
    done = ActButton(broadcast=broadcast.id, do=act, sure=True)
    back = button(t.plain("Back"), BroadcastButton(broadcast=broadcast.id))
    return Screen(text, rows(button(sure, done, "danger"), back))


def not_now(t: Texts) -> str:
    """It does not stand where that could be done."""
    return t.plain("This is not possible any more: the broadcast stands as shown below.")


def unreached_file(unreached: Sequence[Unreached], t: Texts) -> bytes:
    """For Excel: UTF-8, semicolons. A cell that it would take for a formula begins with an
    apostrophe."""
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    columns = (
        mark("Registration number"),
        mark("District"),
        mark("Applicant"),
        mark("Phone"),
        mark("Why"),
    )
    writer.writerow([t.plain(name) for name in columns])
    for one in unreached:
        why = t.plain(BECAUSE.get(one.because, BECAUSE["failed"]))
        where = district(one.district, t)
        cells = (one.registration_number, where, one.name, one.phone, why)
        writer.writerow([_harmless(cell) for cell in cells])
    return out.getvalue().encode(EXCEL)


def unreached_caption(number: int, t: Texts) -> str:
    """Under the file."""
    return t(
        "Applications whose applicants were not reached: {number}. "
        "The file has names and phones: delete it when it is done with.",
        number=number,
    )


def all_reached(t: Texts) -> str:
    """There is nobody to list."""
    return t.plain("Everybody was reached.")


def _head(broadcast: Broadcast, t: Texts) -> Markup:
    planned = broadcast.starts_at
    return t(
        HEADS[broadcast.stage],
        id=broadcast.id,
        when=t.moment(local(planned)) if planned else "—",
    )


def _counts(progress: Progress, t: Texts) -> list[Markup]:
    lines = [
        t(
            "Sent: <b>{sent}</b> of {total}, seen: {seen}",
            sent=progress.sent,
            total=progress.total,
            seen=progress.seen,
        ),
        t("Blocked: {blocked}, failed: {failed}", blocked=progress.blocked, failed=progress.failed),
    ]
    if progress.dropped:
        lines.append(t("Not sent any more: {dropped}", dropped=progress.dropped))
    return lines


def _pace(progress: Progress, now: datetime, t: Texts) -> Markup:
    if quiet(now):
        return t("It goes on at 08:00: at night nobody is disturbed.")
    if progress.pace <= 0:
        return t("Left: {left}", left=progress.left)
    minutes = max(1, round(progress.left / progress.pace / 60))
    return t(
        "Left: {left}, {pace} a second: about {minutes} min",
        left=progress.left,
        pace=f"{progress.pace:.1f}",
        minutes=minutes,
    )


def _recalled(progress: Progress, t: Texts) -> list[Markup]:
    lines = [t("Deleted: <b>{recalled}</b>", recalled=progress.recalled)]
    if progress.recalling:
        lines.append(t("Still to be deleted: {recalling}", recalling=progress.recalling))
    if progress.kept:
        lines.append(t("Cannot be deleted any more: {kept}", kept=progress.kept))
    return lines


def _acts(broadcast: Broadcast, t: Texts) -> list[InlineKeyboardButton]:
    return [
        button(t.plain(ACTS[act]), ActButton(broadcast=broadcast.id, do=act))
        for act in AT[broadcast.stage]
    ]


def _ways(broadcast: Broadcast, t: Texts) -> list[list[InlineKeyboardButton]]:
    refresh = button(t.plain("Refresh"), BroadcastButton(broadcast=broadcast.id))
    return [[refresh, button(t.plain("Broadcasts"), BroadcastsButton())]]


def _harmless(cell: str) -> str:
    formula = cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    phone = cell.startswith("+") and cell[1:].replace(" ", "").isdigit()
    return f"'{cell}" if formula and not phone else cell
