"""What people are told when something cannot be done: plain text for toasts and messages."""

from core.applications.rules import Refusal
from core.clock import local
from core.codes.rules import Why
from core.codes.values import CodeAnswer, CodesExhausted, Outcome
from locales.texts import Texts


def refused(refusal: Refusal, t: Texts) -> str:
    """Why the rules say no, and what helps. At most 200 characters, so that an alert takes it."""
    match refusal:
        case Refusal.NOT_NOW | Refusal.STALE:
            return t.plain(
                "This button is out of date: the application has changed. "
                "Its current status is below."
            )
        case Refusal.TERM_ENDED:
            return t.plain("The term for this has ended. The current status is below.")
        case Refusal.ALREADY_RESTORED:
            return t.plain(
                "The place in the queue can be restored only once, and it has been restored before."
            )
        case Refusal.PLACE_GONE:
            return t.plain("The last free place here has just been taken. Choose another one.")
        case Refusal.PLACE_OVER:
            return t.plain("The time of this temporary place is over. Choose another one.")
        case Refusal.OTHER_DISTRICT:
            return t.plain(
                "The voucher is valid only in the district or city of the application. "
                "Choose a kindergarten there."
            )
        case Refusal.WRONG_MODE:
            return t.plain(
                "The admission mode of this place has changed. Open the list again and choose anew."
            )
        case Refusal.STAY_LASTS:
            return t.plain(
                "The child is on a temporary stay now. "
                "Another temporary place can be chosen when it has ended."
            )


def not_yours(t: Texts) -> str:
    """A button of somebody else's, or of nobody's: the answer is the same (D11)."""
    return t.plain(
        "This button belongs to an application that is not yours. Open your own ones from the menu."
    )


def codes_exhausted(trouble: CodesExhausted, t: Texts) -> str:
    """No further code just now: the last one is under a minute old, or there were too many."""
    if trouble.why is Why.PAUSE:
        return t.plain(
            "A code can be sent once a minute. The SMS may still be on its way: "
            "wait a little, then ask again."
        )
    return t.plain(
        "No code can be sent just now: too many attempts. Ask again from {when}.",
        when=t.moment(local(trouble.until)),
    )


def code_answer(answer: CodeAnswer, t: Texts) -> str:
    """Why a code did not open the door, and what helps."""
    match answer.outcome:
        case Outcome.WRONG if answer.tries_left:
            return t.plain("The code is wrong. Tries left: {tries}.", tries=answer.tries_left)
        case Outcome.WRONG | Outcome.NO_TRIES:
            return t.plain("The code is wrong, and no tries are left for it. Get a new code.")
        case Outcome.LOCKED if answer.locked_until is not None:
            return t.plain(
                "Too many wrong codes. You can go on from {when}.",
                when=t.moment(local(answer.locked_until)),
            )
        case Outcome.NOT_SENT:
            return t.plain("The code has not been sent yet. Wait for the SMS, then type it here.")
        case _:
            return t.plain("This code is no longer valid. Get a new code.")


def citizens_base_silent(t: Texts) -> str:
    """The citizens' base (MAB) does not answer, so nobody can be checked."""
    return t.plain(
        "The citizens' base (MAB) does not answer just now. "
        "Try again in a few minutes. This affects neither the queue nor the terms."
    )


def went_wrong(t: Texts) -> str:
    """Our own fault."""
    return t.plain(
        "Something went wrong on our side, and nothing was changed by it. "
        "Try again in a minute; if it does not help, call support."
    )


def not_shown(t: Texts) -> str:
    """Telegram has failed while it was answered; what was done before that stays done."""
    return t.plain(
        "Telegram did not take our answer. What you did may have counted all the same: "
        "open the menu and look."
    )


def pressed_again(t: Texts) -> str:
    """The same button, faster than it can be answered."""
    return t.plain(
        "⏳ This press has come already: its answer is here or on its way. "
        "Wait a moment, pressing again does not make it faster."
    )


def too_fast(t: Texts) -> str:
    """More than one person's answers can keep up with; all of it will be done."""
    return t.plain(
        "⏳ That is faster than I can answer. Nothing is lost: "
        "everything is being done in order, one after another."
    )


def too_many(t: Texts) -> str:
    """More than is kept: this one is not done."""
    return t.plain(
        "⏳ So much at once cannot be taken, and this was not done. "
        "Wait until the answers have come, then try again."
    )
