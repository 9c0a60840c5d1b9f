"""A walk that no luck is needed for: every rule that takes several steps is met on it."""

from tests.model.steps import (
    Again,
    Around,
    DeadGateway,
    Enter,
    GoOn,
    LastMinute,
    Press,
    Race,
    Restart,
    Step,
    Voucher,
    Wait,
    WaitUntil,
    Withdraw,
)

DAY = 86_400
FIRST, SECOND, THIRD, FOURTH = range(4)
"""The children; the fourth has the parent of the first, who is the first of the parents."""

TWO_LAPSES: list[Step] = [  # R7, R8, D2
    GoOn(FIRST, place=1),
    Wait(2 * DAY + DAY // 2 + 1770),  # half a minute before the end
    Restart(DAY // 2),
    GoOn(FIRST, place=1),
    Voucher(FIRST, again=True),
    Voucher(FIRST, again=False),
    Wait(5 * DAY),
    GoOn(FIRST, place=1),
]
TEMPORARY_STAYS: list[Step] = [  # R15-R18, D4
    *(GoOn(SECOND, place=3) for _ in range(4)),
    GoOn(SECOND, place=3),
    GoOn(SECOND, place=4),
    Wait(61),
    GoOn(SECOND, place=2),
    *(GoOn(THIRD, place=4) for _ in range(3)),
]
PAST_MIDNIGHT: list[Step] = [  # D8: no gateway takes the code, then it comes, then another
    GoOn(FOURTH, place=1),
    DeadGateway(3),
    LastMinute(FOURTH, place=1, seconds=62),
    Around(0, "drop", older=0, twice=False),
    Wait(61),
    Press(FOURTH, 0, place=1, older=0, message=0, stranger=False, twice=True),
    Restart(30),
    WaitUntil(0, offset=-61),
    Around(0, "code", older=0, twice=True),
    *(Enter(0, "wrong", twice=True) for _ in range(2)),
    Again(0),
    Enter(0, "newest", twice=True),
]
STEPPED_BACK: list[Step] = [  # D6: what was left is taken up with the code that is out
    Race(place=1),
    Around(2, "drop", older=0, twice=True),
    Enter(2, "newest", twice=False),
    Press(THIRD, 0, place=1, older=0, message=0, stranger=False, twice=True),
    Enter(2, "newest", twice=True),
]
TAKEN_BACK: list[Step] = [  # D13: before the answer, after it, while a place is held, at night
    GoOn(THIRD, place=1),
    Withdraw(THIRD, older=1),
    Withdraw(THIRD, older=0),
    Withdraw(THIRD, older=0),
    *(GoOn(THIRD, place=1) for _ in range(2)),
    Wait(61),
    Press(THIRD, 0, place=1, older=0, message=0, stranger=False, twice=False),
    Withdraw(THIRD, older=0),
    Enter(2, "newest", twice=False),
    GoOn(THIRD, place=1),
    Wait(12 * 3600),
    Withdraw(THIRD, older=0),
    GoOn(THIRD, place=1),
    Wait(12 * 3600),
    Withdraw(THIRD, older=0),
    Wait(DAY),
]
OVER_MIDNIGHT: list[Step] = [  # D18: at 22:30 of a last day all is stopped; then for three days
    GoOn(FIRST, place=1),
    Wait(DAY // 2),
    GoOn(SECOND, place=1),
    Wait(2 * DAY - 3600),
    Restart(2 * 3600 + 600),
    GoOn(FIRST, place=1),
    Restart(3 * DAY),
    Wait(DAY),
    GoOn(SECOND, place=1),
]
ROAD = [*TWO_LAPSES, *TEMPORARY_STAYS, *PAST_MIDNIGHT, *STEPPED_BACK, Wait(45 * DAY)]
