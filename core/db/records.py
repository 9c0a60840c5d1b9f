"""Records that were read, or changed, straight by the driver, as their session has them."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict, manager_of_class, set_committed_value
from sqlalchemy.orm.util import identity_key

from core.db.base import Base

R = TypeVar("R", bound=Base)


def present(session: AsyncSession, kind: type[R], row: Any) -> R:
    """The record of a whole row (see `Ready`), as if the session had read it anew."""
    values = row._asdict()
    found: Any = session.identity_map.get(identity_key(kind, row.id))
    if found is None:
        found = manager_of_class(kind).new_instance()  # as SQLAlchemy does when it loads one
        instance_dict(found).update(values)
        make_transient_to_detached(found)
        session.add(found)
    else:
        note(found, values)
    assert isinstance(found, kind)
    return found


def note(record: Base, values: Mapping[str, Any]) -> None:
    """These columns have these values by now; the session has nothing to write of them."""
    for name, value in values.items():
        set_committed_value(record, name, value)
