"""The application that a notice is about."""

from core.applications.values import NotYours, NumberedCard
from core.notices.values import Notice
from core.services import Core


async def card_of(core: Core, notice: Notice) -> NumberedCard | None:
    """The application as it stands now; None where the notice is about none, or it has passed to
    another applicant."""
    if notice.application_id is None:
        return None
    try:
        return await core.applications.card_of(notice.application_id, notice.iin, core.clock.now())
    except NotYours:
        return None
