"""To whom vouchers would go: the file of a distribution's dry run."""

from core.places.districts import DISTRICTS
from core.vouchers.values import DryRun, Reach
from documents.workbook import Workbook
from locales.texts import Texts, mark

HEADINGS = (
    mark("No."),
    mark("District"),
    mark("Queue stage"),
    mark("Registration number"),
    mark("Registered"),
    mark("Child"),
    mark("Applicant"),
    mark("Phone"),
    mark("Reached by"),
)
WIDTHS = (6, 20, 40, 20, 20, 34, 34, 20, 16)
REACHES = {
    Reach.CHAT: mark("chat"),
    Reach.PHONE: mark("phone only"),
    Reach.NOTHING: mark("nothing"),
}


def turns_file(dry: DryRun, t: Texts) -> bytes:
    """An XLSX with a row for each voucher, in the order of the queue."""
    book = Workbook()
    sheet = book.sheet(t.plain("Vouchers"), [t.plain(heading) for heading in HEADINGS], WIDTHS)
    for number, turn in enumerate(dry.turns, start=1):
        sheet.add(
            [
                number,
                DISTRICTS[turn.district].in_(t.language),
                turn.category.in_(t.language),
                turn.registration_number,
                turn.registered_at,
                turn.child,
                turn.applicant,
                turn.phone,
                t.plain(REACHES[turn.reach]),
            ]
        )
    return book.to_bytes()
