"""The distribution on the screen: how many, to whom, how far it has come."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.keyboards.base import button, columns, rows
from bot.keyboards.staff.base import to_desk
from bot.keyboards.staff.distribution import DistributeButton, DryRunButton
from bot.keyboards.staff.issuing import VouchersButton
from bot.screens.base import Screen, of_lines
from bot.screens.staff import issuing
from bot.screens.staff.desk import district
from core.vouchers.values import DryRun, Progress, Reach, Room, State
from locales.texts import Texts, mark

STEPS = (1, 5, 10, 50)
"""How many vouchers have a button of their own."""
BAR = 12
"""Signs of a progress bar."""
REACHES = {
    Reach.CHAT: mark("have a chat with the bot: {number}"),
    Reach.PHONE: mark("have a phone only: {number}"),
    Reach.NOTHING: mark("cannot be reached: {number}"),
}


def which_district(rooms: Sequence[Room], t: Texts) -> Screen:
    """Where there is something to distribute; the region as a whole."""
    full = [room for room in rooms if room.issuable]
    number = sum(room.issuable for room in full)
    if not full:
        return Screen(
            t(
                "<b>Distribution</b>\nThere is nothing to distribute: no free general place is "
                "without a voucher, or nobody waits."
            ),
            rows(issuing.back(t)),
        )
    text = t(
        "<b>Distribution</b>\nHow many vouchers can be issued in each district: its free general "
        "places less the vouchers already out. In all: <b>{number}</b>.",
        number=number,
    )
    districts = [
        button(
            f"{district(room.district, t)}: {room.issuable}",
            DistributeButton(district=room.district),
        )
        for room in full
    ]
    region = button(f"{district(None, t)}: {number}", DryRunButton(), "primary")
    return Screen(text, rows(region, *columns(districts, 2), issuing.back(t)))


def how_many(room: Room, t: Texts, *, several: bool) -> Screen:
    """How many vouchers; `several`: there are other districts to go back to."""
    lines = [
        t("<b>Distribution: {district}</b>", district=district(room.district, t)),
        t("Free general places: {number}", number=room.free),
        t("Vouchers that are out: {number}", number=room.outstanding),
        t("In the queue: {number}", number=room.queued),
    ]
    away = button(t.plain("Back"), DistributeButton() if several else VouchersButton())
    if not room.issuable:
        lines.append(t("Nothing can be issued now: there is no place without a voucher, or nobody "
                       "waits."))  # fmt: skip
        return of_lines(lines, away)
    lines += [
        t("Can be issued now: <b>{number}</b>", number=room.issuable),
        Markup(""),
        t("How many? Choose, or type a number. First you see to whom; nothing is issued yet."),
    ]
    steps = [
        button(str(step), DryRunButton(district=room.district, count=step))
        for step in STEPS
        if step < room.issuable
    ]
    everything = button(
        t.plain("All: {number}", number=room.issuable),
        DryRunButton(district=room.district),
        "primary",
    )
    return of_lines(lines, *([steps] if steps else []), everything, away)


def not_a_count(t: Texts) -> Screen:
    """What was typed is no number of vouchers; one is still waited for."""
    return Screen(t("Type how many vouchers, as a number from 1."), rows(issuing.back(t)))


def dry_run(dry: DryRun, t: Texts) -> Markup:
    """What would be done, before its number is typed."""
    lines = [
        t("<b>Dry run: {district}</b>", district=district(dry.district, t)),
        t("Vouchers to issue: <b>{number}</b>. To whom: in the file.", number=dry.number),
    ]
    reached = dry.by_reach
    lines += [Markup("• ") + t(text, number=reached[reach]) for reach, text in REACHES.items()]
    lines.append(t("By queue stage:"))
    lines += [
        t("• {name}: {number}", name=name.in_(t.language), number=number)
        for name, number in dry.by_category.items()
    ]
    lines += [
        t(
            "Should the queue or the places change before you go on, vouchers go to those who are "
            "first then, and never to more than this number."
        )
    ]
    return Markup("\n").join(lines)


def caption(dry: DryRun, t: Texts) -> Markup:
    """Under the file of a dry run."""
    return t(
        "Dry run, {number}: names and phones. Delete the file when it is no longer needed.",
        number=dry.number,
    )


def nothing(t: Texts) -> Screen:
    """There is no room, or no queue, any more."""
    return Screen(
        t("Nothing can be issued now: there is no place without a voucher, or nobody waits."),
        rows(button(t.plain("Back"), DistributeButton())),
    )


def gone(t: Texts) -> Screen:
    """The dry run has been carried out before, or is not theirs."""
    return Screen(
        t("This dry run has been used already. Make a new one: nothing has been changed."),
        rows(button(t.plain("Distribute"), DistributeButton())),
    )


def begun(number: int, t: Texts) -> Screen:
    """Before the first batch."""
    return Screen(t("⏳ <b>Vouchers are being issued</b>\n{bar} {done} of {number}",
                    bar=bar(0, number), done=0, number=number))  # fmt: skip


def progress(now: Progress, t: Texts) -> Screen:
    """How far it has come; what came of it at the end."""
    if now.state is State.RUNNING:
        return Screen(
            t(
                "⏳ <b>Vouchers are being issued</b>\n{bar} {done} of {number}",
                bar=bar(now.issued, now.number),
                done=now.issued,
                number=now.number,
            )
        )
    lines = [
        t(
            "✅ <b>Vouchers issued: {done} of {number}</b>",
            done=now.issued,
            number=now.number,
        ),
        t("District: {district}", district=district(now.district, t)),
    ]
    if now.state is State.FAILED:
        lines[0] = t(
            "⚠️ <b>The distribution has stopped: {done} of {number} issued</b>",
            done=now.issued,
            number=now.number,
        )
        lines.append(t("Something went wrong on our side. What is issued stays issued; "
                       "distribute again to go on."))  # fmt: skip
    elif now.issued < now.number:
        lines.append(
            t("The rest was not issued: since the dry run places were taken, or the queue has "
              "become shorter.")
        )  # fmt: skip
    if now.others:
        lines.append(
            t(
                "The queue has changed since the dry run: {number} of them went to applications "
                "that are not in the file, because they were first.",
                number=now.others,
            )
        )
    again = button(t.plain("Distribute"), DistributeButton())
    return of_lines(lines, again, to_desk(t))


def bar(done: int, number: int) -> str:
    """A progress bar."""
    full = BAR * done // number if number else BAR
    return "▓" * full + "░" * (BAR - full)
