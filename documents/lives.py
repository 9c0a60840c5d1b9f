"""The life of each notice in plain words, for whoever is entitled to ask why."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from core.clock import local
from core.notices.calls import Called
from core.notices.lives import Life
from core.notices.plan import Channel
from core.notices.values import State
from locales.texts import Texts, mark

KINDS = {
    "voucher_issued": mark("voucher notice"),
    "voucher_withdrawn": mark("notice of the withdrawn voucher"),
    "queue_renewed": mark("notice of the queue's renewal"),
    "choose": mark("notice to choose a kindergarten"),
    "confirmation_missed": mark("notice of the stop list"),
    "restoring_missed": mark("notice of the archive"),
    "restored_by_staff": mark("notice of the restored place"),
    "choosing_missed": mark("notice of the archive"),
    "term_extended": mark("notice of the extended term"),
    "reminder": mark("reminder"),
    "last_day": mark("reminder on the last day"),
    "last_evening": mark("reminder on the last evening"),
    "stay_reminder": mark("reminder of the temporary place"),
    "stay_last_day": mark("last day of the temporary stay"),
    "stay_last_evening": mark("last evening of the temporary stay"),
    "stay_ended": mark("end of the temporary stay"),
    "call_confirm": mark("call about confirming"),
    "call_choose": mark("call about choosing"),
}
CHANNELS = {
    Channel.TELEGRAM: mark("Telegram"),
    Channel.SMS: mark("SMS"),
    Channel.CALL: mark("call"),
}
TO_COME = {
    Channel.TELEGRAM: mark("will be sent: {moment}"),
    Channel.SMS: mark("will be sent: {moment}, unless a notice is seen before"),
    Channel.CALL: mark("goes on the call list: {moment}, if nothing has arrived by then"),
}
BECAUSE = {
    "answered": mark("not needed: there was an answer already"),
    "seen": mark("not needed: a notice was seen before"),
    "reached": mark("not needed: a notice had arrived"),
    "out_of_date": mark("not sent: out of date by then"),
    "overtaken": mark("not sent: a newer notice went out instead"),
    "no_chat": mark("not sent: there is no chat with the bot"),
    "blocked": mark("not sent: the bot is blocked"),
    "no_phone": mark("not sent: there is no mobile number"),
    "undelivered": mark("the operator could not deliver it"),
}
"""Why a notice never went out, or never arrived."""
SUPERFLUOUS = mark("not needed any more")
CALLED = {
    Called.WILL_CONFIRM: mark("the family will answer in time"),
    Called.UNREACHABLE: mark("nobody answered"),
    Called.WRONG_NUMBER: mark("wrong number"),
}


def told(lives: Iterable[Life], t: Texts) -> list[str]:
    """A line of plain text for each notice, the one planned last first: when it was due, what it
    was, and what became of it."""
    return [_line(life, t) for life in newest_first(lives)]


def newest_first(lives: Iterable[Life]) -> list[Life]:
    """The one planned last first."""
    return sorted(lives, key=lambda one: one.planned_at, reverse=True)


def kind(life: Life, t: Texts) -> str:
    """What it was."""
    return t.plain(KINDS[life.kind]) if life.kind in KINDS else life.kind


def _line(life: Life, t: Texts) -> str:
    return t.plain(
        "{moment}, {channel}, {what}: {fate}.",
        moment=_moment(life.planned_at, t),
        channel=t.plain(CHANNELS[life.channel]),
        what=kind(life, t),
        fate="; ".join(fate(life, t)),
    )


def fate(life: Life, t: Texts) -> Iterator[str]:
    """What happened, in order, and how it stands."""
    if life.sent_at is not None:
        yield _went_out(life, life.sent_at, t)
    yield from _calls(life, t)
    if life.delivered_at is not None and life.channel is Channel.SMS:
        yield t.plain("delivered: {moment}", moment=_moment(life.delivered_at, t))
    if life.seen_at is not None:
        yield t.plain("seen: {moment}", moment=_moment(life.seen_at, t))
    yield from _now(life, t)


def _went_out(life: Life, sent_at: datetime, t: Texts) -> str:
    moment = _moment(sent_at, t)
    if life.channel is Channel.CALL:
        return t.plain("put on the call list: {moment}", moment=moment)
    if life.gateway is not None:
        return t.plain(
            "sent through {gateway}: {moment}", gateway=life.gateway.upper(), moment=moment
        )
    return t.plain("sent: {moment}", moment=moment)


def _calls(life: Life, t: Texts) -> Iterator[str]:
    for call in life.calls:
        yield t.plain(
            "called: {moment} ({by}), {outcome}",
            moment=_moment(call.at, t),
            by=_caller(call.by, t),
            outcome=t.plain(CALLED[Called(call.called)]),
        )


def _caller(by: int | str, t: Texts) -> str:
    """A member of staff by number: parents read this too."""
    return t.plain("staff, No. {number}", number=by) if isinstance(by, int) else by


def _now(life: Life, t: Texts) -> Iterator[str]:
    """How it stands, where that is not said by what happened."""
    match life.state:
        case State.PENDING:
            yield _to_come(life, t)
        case State.SENDING:
            yield t.plain("is being sent just now")
        case State.SENT if life.channel is Channel.TELEGRAM:
            yield t.plain("not seen yet")
        case State.SENT if life.channel is Channel.SMS:
            yield t.plain("delivery not confirmed yet")
        case State.CANCELLED:
            yield t.plain(BECAUSE.get(life.because or "", SUPERFLUOUS))
        case State.EXPIRED if life.sent_at is not None:
            yield t.plain("the term has ended")
        case State.EXPIRED:
            yield t.plain("not sent: the deadline came first")
        case State.UNDELIVERABLE if life.because in BECAUSE:
            yield t.plain(BECAUSE[life.because])
        case State.UNDELIVERABLE if life.channel is not Channel.CALL:
            yield t.plain("not delivered ({code})", code=life.because or "—")
        case State.FAILED:
            yield t.plain("refused ({code})", code=life.because or "—")


def _to_come(life: Life, t: Texts) -> str:
    moment = _moment(life.due_at or life.planned_at, t)
    if life.attempts:
        return t.plain(
            "not taken so far, attempts: {count}; the next one: {moment}",
            count=life.attempts,
            moment=moment,
        )
    return t.plain(TO_COME[life.channel], moment=moment)


def _moment(moment: datetime, t: Texts) -> str:
    return t.moment(local(moment))
