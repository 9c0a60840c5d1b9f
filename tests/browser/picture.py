"""The picture of the page for the README: `python -m tests.browser.picture`.

A moment of the demo: a voucher has just been issued to Айнұр, in Kazakh, and others have news too.
"""

import asyncio
import logging
from pathlib import Path
from tempfile import TemporaryDirectory

from core.clock import TravelClock
from seed.people import AINUR, ELENA, START, TIMUR
from tests.browser import ways
from tests.browser.chromium import browser
from tests.browser.visitor import visiting
from tests.e2e import ways as roads
from tests.e2e.conftest import serve

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "page.png"


async def draw(folder: Path) -> None:
    """Play the moment, and photograph it."""
    clock = TravelClock(START, running=False)
    address = f"sqlite:///{folder / 'orynbot.sqlite3'}"
    async with (
        serve(folder, address, clock) as desk,
        browser() as chromium,
        visiting(chromium, desk.base, "laptop") as visitor,
    ):
        await desk.player(TIMUR.id, "en").say("/start")
        await roads.enter(desk.player(ELENA.id, "ru"), "kosshy")
        await visitor.hook(f"person-{AINUR.id}").click()
        await ways.enter(visitor)
        await ways.issue(visitor)
        await visitor.sees(ways.NUMBER, "Растауда")
        await visitor.page.mouse.move(0, 0)
        await visitor.photograph(PICTURE)


if __name__ == "__main__":
    logging.disable()
    with TemporaryDirectory(prefix="oryn") as made:
        asyncio.run(draw(Path(made)))
