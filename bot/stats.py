"""`oryn stats`: the picture of the figures from the command line."""

from bot.maintenance import open_database
from core.clock import SystemClock
from core.figures.service import Figures
from core.places.districts import DISTRICTS
from documents import figures
from locales.texts import texts


async def draw(district: str | None, language: str) -> bytes:
    """The picture as PNG. SystemExit with what is wrong."""
    if district is not None and district not in DISTRICTS:
        raise SystemExit(f"No such district; there are: {', '.join(DISTRICTS)}.")
    async with open_database() as db:
        report = await Figures(db).report(None, district, SystemClock().now())
    return figures.render(report, texts(language))
