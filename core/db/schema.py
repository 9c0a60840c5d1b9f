"""Every record of the house, gathered for migrations and tests."""

from core.applications import tables as applications
from core.audit import tables as audit
from core.broadcasts import tables as broadcasts
from core.calendar import tables as calendar
from core.citizens import tables as citizens
from core.codes import tables as codes
from core.db.base import Base
from core.families import tables as families
from core.figures import tables as figures
from core.login import tables as login
from core.notices import tables as notices
from core.order import tables as order
from core.pace import tables as pace
from core.places import tables as places
from core.portal import tables as portal
from core.queue import tables as queue
from core.registry import tables as registry
from core.signing import tables as signing
from core.sms import tables as sms
from core.staff import tables as staff
from core.vouchers import tables as vouchers
from core.watch import tables as watch

metadata = Base.metadata

__all__ = [
    "applications",
    "audit",
    "broadcasts",
    "calendar",
    "citizens",
    "codes",
    "families",
    "figures",
    "login",
    "metadata",
    "notices",
    "order",
    "pace",
    "places",
    "portal",
    "queue",
    "registry",
    "signing",
    "sms",
    "staff",
    "vouchers",
    "watch",
]
