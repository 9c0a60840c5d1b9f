"""What staff do for a family: a corrected phone, a restored place, a notice once more."""

from bot.keyboards.base import button, rows
from bot.keyboards.staff.families import back_to_family
from bot.keyboards.staff.family import PhoneButton, RestoreButton
from bot.screens import login, words
from bot.screens.base import Screen, of_lines
from core.clock import local
from core.families.values import Family, Obstacle, Reason, Resent
from core.identity.rules import PhoneProblem, dialled_phone
from locales.texts import Texts, mark

OBSTACLES = {
    Obstacle.NOTHING_TO_ANSWER: mark("This notice needs no answer any more: nothing was sent."),
    Obstacle.JUST_SENT: mark(
        "It was sent this way less than 10 minutes ago, or waits to go out: nothing was sent."
    ),
    Obstacle.TOO_LATE: mark(
        "Nothing goes out before 08:00, and the term ends before that: please call the family."
    ),
    Obstacle.NO_WAY: mark("It cannot be sent this way: there is no chat, or no mobile number."),
}


def ask_phone(family: Family, t: Texts) -> Screen:
    """Asks for the right number."""
    lines = [
        t("<b>Correct the phone:</b> {name}", name=family.card.applicant.full_name),
        t("Now: {phone}", phone=dialled_phone(family.card.applicant.phone)),
        t("Type the right mobile number, +7 7XX XXX XX XX. The message is deleted at once."),
    ]
    return of_lines(lines, back_to_family(family.card.id, t))


def wrong_phone(family_id: int, problem: PhoneProblem, t: Texts) -> Screen:
    """What was typed takes no SMS; it is still waited for."""
    return Screen(login.phone_wrong(problem, t).text, rows(back_to_family(family_id, t)))


def sure_phone(family: Family, phone: str, typed: int, t: Texts) -> Screen:
    """The second question: the old number and the new one, which came with the update `typed`."""
    lines = [
        t("<b>Correct the phone?</b> {name}", name=family.card.applicant.full_name),
        t("Old: {phone}", phone=dialled_phone(family.card.applicant.phone)),
        t("New: <b>{phone}</b>", phone=phone),
        t(
            "Notices by SMS and calls then go to the new number. One-time codes still go only to "
            "the number of the citizens' base (MAB)."
        ),
    ]
    yes = PhoneButton(family=family.card.id, typed=typed)
    return of_lines(
        lines,
        button(t.plain("Yes, correct it"), yes, "success"),
        back_to_family(family.card.id, t),
    )


def phone_corrected(count: int, t: Texts) -> str:
    """In how many applications of the applicant."""
    return t.plain_plural(
        "The phone is corrected in {count} application.",
        "The phone is corrected in {count} applications.",
        count,
    )


def phone_forgotten(t: Texts) -> str:
    """The number that was typed is known no longer."""
    return t.plain("This question is out of date. Press “Correct the phone” and type it again.")


def which_reason(family: Family, t: Texts) -> Screen:
    """Why the place is to be restored (D14)."""
    lines = [
        t(
            "<b>Why is the place in the queue to be restored?</b> {child}",
            child=family.card.child.full_name,
        ),
        t("The parent is told the reason, and the history keeps it."),
    ]
    this = family.card.id
    reasons = [
        button(t.plain(text), RestoreButton(family=this, reason=reason))
        for reason, text in words.REASONS.items()
    ]
    return of_lines(lines, *reasons, back_to_family(this, t))


def sure_restore(family: Family, reason: Reason, t: Texts) -> Screen:
    """The second question: what follows."""
    lines = [
        t("<b>Restore the place in the queue?</b> {child}", child=family.card.child.full_name),
        t("Reason: {reason}.", reason=t.plain(words.REASONS[reason])),
        t(
            "The application returns to its old place, by its first registration date. "
            "The parent gets a notice. This cannot be undone."
        ),
    ]
    yes = RestoreButton(family=family.card.id, reason=reason, sure=True)
    return of_lines(
        lines, button(t.plain("Yes, restore"), yes, "success"), back_to_family(family.card.id, t)
    )


def restored(t: Texts) -> str:
    """The application is in the queue again."""
    return t.plain("The place in the queue is restored.")


def not_restorable(t: Texts) -> str:
    """D14 does not allow it, as the application stands now."""
    return t.plain(
        "As the application stands now, staff cannot restore it. Its current status is below."
    )


def elsewhere(t: Texts) -> str:
    """The child has another application."""
    return t.plain(
        "This child stands in the queue, or is enrolled, by another application: nothing has "
        "been changed."
    )


def resent(resent: Resent, t: Texts) -> str:
    """It goes out now, or after the quiet hours."""
    if not resent.waits:
        return t.plain("The notice goes out again now.")
    return t.plain(
        "People are left alone at night: the notice goes out at {moment}.",
        moment=t.moment(local(resent.at)),
    )


def not_resent(why: Obstacle, t: Texts) -> str:
    """Why nothing was sent."""
    return t.plain(OBSTACLES[why])
