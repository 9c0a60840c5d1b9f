"""What was sent about an application, what was not, and why."""

from bot.keyboards.application import Tab, back_to
from bot.screens.base import Screen, of_lines
from core.applications.values import ApplicationCard
from core.notices.lives import Life
from documents.lives import told
from locales.texts import Texts

SHOWN = 20
"""Lines of a list: more would not be read on a phone."""


def lives(card: ApplicationCard, notices: list[Life], t: Texts) -> Screen:
    """The life of each notice, the one planned last first."""
    lines = [t("• {line}", line=line) for line in told(notices, t)[:SHOWN]]
    if not lines:
        lines = [t("Nothing has been sent about this application yet.")]
    headline = t("<b>Notices:</b> {child}", child=card.child.given_name)
    return of_lines([headline, *lines], back_to(card, t, Tab.HISTORY))
