"""The use cases of core, gathered: what every face is handed."""

from dataclasses import dataclass

from core.applications.service import Applications
from core.audit.log import Audit
from core.broadcasts.runs import BroadcastRuns
from core.broadcasts.service import Broadcasts
from core.broadcasts.unreached import UnreachedLists
from core.calendar.service import CalendarBook
from core.clock import Clock
from core.codes.service import Codes
from core.db.engine import Database
from core.families.service import Families
from core.figures.service import Figures
from core.login.service import Login
from core.login.visitors import Visitors
from core.notices.calls import Calls
from core.notices.lives import Lives
from core.notices.outbox import Notices
from core.outages.service import Outages
from core.places.leave_book import Leaves
from core.places.service import Places
from core.portal.events import PortalEvents
from core.queue.renewal import Renewal
from core.registry.exports import Exports
from core.registry.imports import Imports
from core.signing.service import Signing
from core.sms.inbox import Receipts
from core.staff.service import Staff
from core.sweep import Sweep
from core.vouchers.distribution import Distribution
from core.vouchers.service import Vouchers


@dataclass(frozen=True)
class Core:
    """One object per area; built in `bot/assembly.py`."""

    db: Database
    clock: Clock
    calendar: CalendarBook
    visitors: Visitors
    codes: Codes
    login: Login
    applications: Applications
    places: Places
    signing: Signing
    notices: Notices
    calls: Calls
    lives: Lives
    receipts: Receipts
    sweep: Sweep
    outages: Outages
    staff: Staff
    audit: Audit
    imports: Imports
    exports: Exports
    portal_events: PortalEvents
    families: Families
    vouchers: Vouchers
    distribution: Distribution
    leaves: Leaves
    renewal: Renewal
    figures: Figures
    broadcasts: Broadcasts
    broadcast_runs: BroadcastRuns
    unreached: UnreachedLists
