"""The parents' words for what core calls by codes."""

from core.applications.rules import REOPENS, Event, Status
from core.applications.values import ApplicationCard, HistoryLine
from core.families.values import Reason as RestoreReason
from core.outages.rules import Cause
from core.registry.exports import Change
from core.vouchers.values import Reason
from locales.texts import Texts, mark

STATUSES = {
    Status.IN_QUEUE: mark("In the queue"),
    Status.AWAITING_CONFIRMATION: mark("Awaiting confirmation"),
    Status.VOUCHER_ISSUED: mark("Voucher issued"),
    Status.STOP_LIST: mark("On the stop list"),
    Status.ENROLLED: mark("Enrolled in a kindergarten"),
    Status.ARCHIVED: mark("In the archive"),
}

EVENTS = {
    "registered": mark("Application registered"),
    Event.ISSUE_VOUCHER: mark("Turn has come, voucher issued"),
    Event.CONFIRM_INTEREST: mark("Interest confirmed"),
    Event.REFUSE_VOUCHER: mark("Voucher refused"),
    Event.REMOVE_FROM_QUEUE: mark("Removed from the queue"),
    Event.CONFIRMATION_MISSED: mark("Interest not confirmed in time, voucher void"),
    Event.RESTORE: mark("Place in the queue restored"),
    Event.RESTORING_MISSED: mark("Place in the queue not restored in time"),
    Event.TAKE_PLACE: mark("Contract signed"),
    Event.TAKE_TEMPORARY_PLACE: mark("Temporary place taken"),
    Event.CHOOSING_MISSED: mark("Contract not made in time, voucher void"),
    Event.CONFIRMATION_REOPENED: mark("Pressed in time: back to awaiting confirmation"),
    Event.RESTORING_REOPENED: mark("Pressed in time: back on the stop list"),
    Event.CHOOSING_REOPENED: mark("Pressed in time: the voucher is valid again"),
    "data_corrected": mark("Data corrected"),
    Event.WITHDRAW_VOUCHER: mark("Voucher withdrawn, back in the queue"),
    "stage_changed": mark("Yearly renewal of the queue: moved to another stage"),
    Event.RESTORE_BY_STAFF: mark("Place in the queue restored by the education department"),
    "stay_ended": mark("Temporary stay ended, child withdrawn"),
    "term_extended": mark("Term extended because of an outage"),
}
"""What happened, as a line of the history."""

TAKEN_BACK = mark("There was an outage: the miss is taken back")
"""Of an event that takes a miss back, for another reason than a press in time (D18)."""

OUTAGES = {
    Cause.OURS: mark("the bot was not working"),
    Cause.TELEGRAM: mark("Telegram was not working"),
    Cause.GATEWAYS: mark("text messages were not being delivered"),
}
"""Why a term is extended (D18)."""

ACTORS = {
    "parent": mark("you"),
    "portal": mark("portal akmola.kz"),
    "operator": mark("staff"),
    "clock": mark("automatically"),
}

REASONS = {
    RestoreReason.ILLNESS: mark("illness or hospital"),
    RestoreReason.NOT_REACHED: mark("the notices did not reach the family"),
    RestoreReason.FAULT: mark("technical fault"),
    RestoreReason.RULING: mark("decision of a commission or a court"),
}
"""Why staff have restored a place (D14)."""

WITHDRAWN = {
    Reason.OUT_OF_TURN: mark("it was issued out of turn by mistake"),
    Reason.WRONG_DATA: mark("the data of the application are being checked"),
    Reason.NO_PLACE: mark("the place that it was issued for does not exist"),
    Reason.TECHNICAL: mark("it was issued by a technical mistake"),
}
"""Why a voucher was withdrawn (D13)."""

REACHED = {
    Status.IN_QUEUE: mark("the application is in the queue"),
    Status.AWAITING_CONFIRMATION: mark("a voucher awaits confirmation"),
    Status.VOUCHER_ISSUED: mark("interest is confirmed"),
    Status.STOP_LIST: mark("the application is on the stop list"),
    Status.ENROLLED: mark("the contract is signed"),
    Status.ARCHIVED: mark("the application is in the archive"),
}
"""Why an old button no longer works."""


def status(value: Status, t: Texts) -> str:
    """The status as parents know it."""
    return t.plain(STATUSES[value])


def event(name: str, to_status: Status, t: Texts) -> str:
    """What happened; an event without words of its own is told by its status."""
    return t.plain(EVENTS.get(name, STATUSES[to_status]))


def happened(line: HistoryLine | Change, t: Texts) -> str:
    """A line of the history."""
    if line.event in REOPENS and "outages" in line.details:
        return t.plain(TAKEN_BACK)
    return event(line.event, line.to_status, t)


def outage(cause: str, t: Texts) -> str:
    """What did not work, as part of a sentence."""
    return t.plain(OUTAGES[Cause(cause)])


def actor(name: str, t: Texts) -> str:
    """Who did it."""
    return t.plain(ACTORS[name])


def reached(card: ApplicationCard, t: Texts) -> str:
    """What has happened to the application since."""
    return t.plain(REACHED[card.status])
