"""The vouchers on the screen: the room, and one application's voucher."""

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.keyboards.base import button, rows
from bot.keyboards.staff.base import back_to_desk
from bot.keyboards.staff.distribution import DistributeButton
from bot.keyboards.staff.issuing import (
    IssueButton,
    OneVoucherButton,
    VouchersButton,
    WithdrawButton,
)
from bot.screens import words
from bot.screens.base import Screen, of_lines
from bot.screens.staff.desk import district, unknown_number
from core.applications.rules import OUTSTANDING, Status
from core.applications.values import NumberedCard
from core.clock import local
from core.vouchers.values import Reason, Room
from locales.texts import Texts


def room(t: Texts) -> Screen:
    """What can be done with vouchers."""
    return Screen(
        t(
            "🎟 <b>Vouchers</b>\n"
            "Distribute: free places go to the children who are first in the queue.\n"
            "One application: issue a voucher by its registration number, or withdraw one that "
            "was issued by mistake."
        ),
        rows(
            button(t.plain("Distribute"), DistributeButton(), "primary"),
            button(t.plain("One application"), OneVoucherButton()),
            back_to_desk(t),
        ),
    )


def which_number(t: Texts) -> Screen:
    """Whose voucher it is."""
    return Screen(
        t("Type the registration number of the application, for example ОДО.2026.248."),
        rows(back(t)),
    )


def unknown(t: Texts) -> Screen:
    """No such application, or another district's."""
    return unknown_number(back(t), t)


def one(card: NumberedCard, t: Texts) -> Screen:
    """An application, and what can be done with its voucher."""
    buttons: list[InlineKeyboardButton] = []
    if card.status is Status.IN_QUEUE:
        issue = IssueButton(family=card.id, version=card.version)
        buttons = [button(t.plain("Issue a voucher"), issue, "primary")]
    elif card.status in OUTSTANDING:
        withdraw = WithdrawButton(family=card.id, version=card.version)
        buttons = [button(t.plain("Withdraw the voucher"), withdraw, "danger")]
    another = button(t.plain("Another application"), OneVoucherButton())
    return of_lines(_summary(card, t), *buttons, another, back(t))


def ask_issue(card: NumberedCard, room: Room, t: Texts) -> Screen:
    """The second question: that the order is passed over, and whether there is a place."""
    lines = [
        *_summary(card, t),
        Markup(""),
        t(
            "Issue a voucher? The family is told at once and has 2 working days to confirm. "
            "Free places without a voucher in the district: <b>{places}</b>.",
            places=room.places,
        ),
        t(
            "The order of the queue is passed over: this child gets the voucher, whatever its "
            "number."
        ),
    ]
    if not room.places:
        lines.append(t("⚠️ There is no free place for this voucher."))
    warned = not room.places
    sure = IssueButton(family=card.id, version=card.version, sure=True, warned=warned)
    return of_lines(lines, button(t.plain("Yes, issue it"), sure, "primary"), back(t))


def ask_reason(card: NumberedCard, t: Texts) -> Screen:
    """Why the voucher is to be withdrawn."""
    lines = [
        *_summary(card, t),
        Markup(""),
        t("Why is the voucher withdrawn? The family is told the reason."),
    ]
    reasons = [
        button(
            _sentence(t.plain(text)),
            WithdrawButton(family=card.id, version=card.version, reason=reason),
        )
        for reason, text in words.WITHDRAWN.items()
    ]
    return of_lines(lines, *reasons, back(t))


def ask_withdraw(card: NumberedCard, reason: Reason, t: Texts) -> Screen:
    """The second question: what follows."""
    lines = [
        *_summary(card, t),
        Markup(""),
        t("Reason: {reason}.", reason=t.plain(words.WITHDRAWN[reason])),
        t(
            "Withdraw the voucher? The child goes back to the same place in the queue; a signing "
            "under way is broken off. The family is told."
        ),
    ]
    sure = WithdrawButton(family=card.id, version=card.version, reason=reason, sure=True)
    return of_lines(lines, button(t.plain("Yes, withdraw it"), sure, "danger"), back(t))


def issued(t: Texts) -> str:
    """A voucher is out (plain text)."""
    return t.plain("The voucher is issued, the family is being told.")


def withdrawn(t: Texts) -> str:
    """A voucher is taken back (plain text)."""
    return t.plain("The voucher is withdrawn, the family is being told.")


def changed(t: Texts) -> str:
    """Something has happened to the application since the button was drawn (plain text)."""
    return t.plain("The application has changed meanwhile. It is shown as it stands now.")


def back(t: Texts) -> InlineKeyboardButton:
    """To the room of the vouchers."""
    return button(t.plain("Back"), VouchersButton())


def _summary(card: NumberedCard, t: Texts) -> list[Markup]:
    lines = [
        t("<b>{number}</b>", number=card.registration_number),
        t("Child: {name}", name=card.child.full_name),
        t("Applicant: {name}", name=card.applicant.full_name),
        t("District or city: {name}", name=district(card.district, t)),
        t("Registered: {moment}", moment=t.moment(local(card.registered_at))),
        t("Queue stage: {name}", name=card.category.in_(t.language)),
    ]
    if card.queue_number is not None:
        lines.append(t("Queue number: {number}", number=card.queue_number))
    lines.append(t("Status: <b>{status}</b>", status=words.status(card.status, t)))
    if card.deadline:
        lines.append(t("Deadline: {until}", until=t.until(card.deadline.last_day)))
    return lines


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
