"""A short round of kills and faults, the same parents and faults every time; `make faults` plays
the long ones."""

import sys

from tests.conftest import TEMPLATE
from tests.faults.postgres import Server
from tests.faults.round import play


async def test_kills_and_faults_lose_nothing_and_break_no_rule(postgresql: str) -> None:
    account = await play(Server(postgresql, TEMPLATE), 7, families=5, kills=2, length=7)
    sys.stderr.write(f"\n{account}\n")
    assert (account.lost, account.excess, account.illegal) == ([], [], [])
    assert account.kills == 2
    assert account.updates
    assert account.notices
