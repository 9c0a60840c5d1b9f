"""All contests, in the order of the table of aims."""

from collections.abc import Callable

from bench import callback, routing, sending, transaction
from bench.contest import Contest

CONTESTS: dict[str, Callable[[], Contest]] = {
    "callback": callback.contest,
    "routing": routing.contest,
    "transaction": transaction.contest,
    "pace": sending.pace,
    "flood": sending.flood,
}
"""The name that WHAT= takes -> the contest. Each takes `share`, how much of the whole size is
measured: tests try all of them with a very small one."""
