"""The call list: whom to call, on which phone, until when; and what a mark has changed."""

from datetime import timedelta

from markupsafe import Markup

from bot.keyboards.base import button
from bot.keyboards.staff import calls as keyboard
from bot.keyboards.staff.base import back_to_desk
from bot.keyboards.staff.calls import SIGNS, CallsButton
from bot.keyboards.staff.families import family
from bot.keyboards.staff.family import PhoneButton
from bot.screens.base import Screen, of_lines
from bot.screens.staff.desk import where
from core.clock import local
from core.identity.rules import dialled_phone
from core.notices.calls import PAGE, Call, Called, Calling
from core.notices.values import CallMade
from core.staff.rules import Member
from documents.lives import CALLED
from locales.texts import Texts, mark

INSTANT = timedelta(microseconds=1)
"""A term ends as the day after its last one begins."""
ABOUT = {
    "call_confirm": mark("to confirm interest"),
    "call_choose": mark("to choose a kindergarten and sign"),
}
FOLLOWS = {
    Called.WILL_CONFIRM: mark("The family is off the call list."),
    Called.UNREACHABLE: mark("The family stays on the list: please try again later."),
    Called.WRONG_NUMBER: mark(
        "The family is off the list. With the right phone it comes back: press “Correct the phone”."
    ),
}


def listed(member: Member, calling: Calling, t: Texts) -> Screen:
    """A page of the list; each family has a line of buttons for what came of the call."""
    if not calling.total:
        lines = [
            t(
                "📞 <b>Nobody has to be called now.</b> District: {district}.",
                district=where(member, t),
            ),
            t(
                "A family comes onto the list on the last day of its term, from 08:00, when "
                "neither Telegram nor an SMS has reached it."
            ),
        ]
        return of_lines(lines, button(t.plain("Refresh"), CallsButton()), back_to_desk(t))
    lines = [
        t(
            "📞 <b>To be called: {count}.</b> District: {district}.",
            count=calling.total,
            district=where(member, t),
        ),
        t("Neither Telegram nor an SMS has reached these families."),
    ]
    numbered = list(enumerate(calling.calls, calling.page * PAGE + 1))
    for number, call in numbered:
        lines += [Markup(""), *_one(number, call, t)]
    lines += [Markup(""), _legend(t)]
    marks = [keyboard.marks(number, call, calling.page) for number, call in numbered]
    turning = [keyboard.pager(calling.page, calling.pages)] if calling.pages > 1 else []
    refresh = button(t.plain("Refresh"), CallsButton(page=calling.page))
    return of_lines(lines, *marks, *turning, refresh, back_to_desk(t))


def marked(call: Call, called: Called, page: int, t: Texts) -> Screen:
    """What was noted, and what follows; it can be taken back."""
    lines = [
        t(
            "{sign} <b>{name}</b>: {what}",
            sign=SIGNS[called],
            name=call.applicant,
            what=t.plain(CALLED[called]),
        ),
        t(FOLLOWS[called]),
        t("A mistake can be taken back within 10 minutes."),
    ]
    right = button(t.plain("Correct the phone"), PhoneButton(family=call.application_id))
    return of_lines(
        lines,
        button(t.plain("Next on the list"), CallsButton(page=page), "primary"),
        *([right] if called is Called.WRONG_NUMBER else []),
        keyboard.undo(call, page, t),
        family(call.application_id, t.plain("Open the application")),
    )


def already(made: CallMade, t: Texts) -> str:
    """Somebody was faster."""
    return t.plain(
        "This call is noted already ({moment}): {what}. The list is up to date now.",
        moment=t.moment(local(made.at)),
        what=t.plain(CALLED[Called(made.called)]),
    )


def not_listed(t: Texts) -> str:
    """It is not on the list, whatever the reason."""
    return t.plain(
        "This family is not on the list any more: it has answered, or its term is over. "
        "The list is up to date now."
    )


def taken_back(t: Texts) -> str:
    """The mark is gone."""
    return t.plain("Taken back: the family is on the list as before.")


def stays(t: Texts) -> str:
    """The mark cannot be taken back."""
    return t.plain("Only your own last mark can be taken back, and only within 10 minutes.")


def _one(number: int, call: Call, t: Texts) -> list[Markup]:
    """The phone stands alone and plain: the chat makes it a link to call by."""
    return [
        t("<b>{number}. {name}</b>", number=number, name=call.applicant),
        t("{phone}", phone=dialled_phone(call.phone)),
        t(
            "{child}, {registration}: {what}, by <b>{until}</b>",
            child=call.child,
            registration=call.registration_number,
            what=t.plain(ABOUT.get(call.kind, call.kind)),
            until=t.until(local(call.until - INSTANT).date()),
        ),
        *([_tries(call, t)] if call.tried else []),
    ]


def _tries(call: Call, t: Texts) -> Markup:
    return t(
        "Nobody answered: {count}, last at {moment}",
        count=len(call.tried),
        moment=t.moment(local(call.tried[-1])),
    )


def _legend(t: Texts) -> Markup:
    told = [f"{sign} {t.plain(CALLED[called])}" for called, sign in SIGNS.items()]
    return t("After the call press: {signs}", signs="; ".join(told))
