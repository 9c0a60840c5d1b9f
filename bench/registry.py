"""All contests, in the order of the table of aims."""

from collections.abc import Callable
from functools import partial

from bench import (
    callback,
    issuing,
    million,
    places,
    ready,
    routing,
    sending,
    sudden_crowd,
    sweeping,
    transaction,
)
from bench.contest import Contest

CONTESTS: dict[str, Callable[[], Contest]] = {
    "callback": callback.contest,
    "routing": routing.contest,
    "transaction": transaction.contest,
    "pace": sending.pace,
    "flood": sending.flood,
    "idle_sweep": sweeping.idle,
    "sweep": sweeping.due,
    "ready": ready.contest,
    "places": places.contest,
    "issuing": issuing.contest,
}
"""The name that WHAT= takes -> the contest. Each takes `share`, how much of the whole size is
measured: tests try all of them with a very small one."""
ASIDE: dict[str, Callable[[], Contest]] = {
    "crowd": sudden_crowd.contest,
    "million": million.contest,
    "million_sqlite": partial(million.contest, kind="sqlite"),
}
"""Those that take their time, and are run when they are named only."""
