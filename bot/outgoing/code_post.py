"""Sending codes while those who have asked for them wait, but not for long."""

import asyncio

from bot.nursery import Nursery
from core.codes.service import Codes

SOON = 3.0
"""Seconds that a tap waits for a gateway. One that hangs takes ten for each try, and a webhook has
forty connections: all would be full of those who wait for codes, and nobody else would be answered.
"""


class CodePost:
    """The way of a code from a tap to a gateway."""

    def __init__(self, codes: Codes, nursery: Nursery) -> None:
        self._codes = codes
        self._nursery = nursery

    async def deliver(self, code_id: int) -> bool:
        """True: a gateway has the code. False: none is known to have it yet; it goes out by itself.
        Raises DatabaseDown."""
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._nursery.start(self._deliver(code_id, told), name="deliver a code")
        try:
            async with asyncio.timeout(SOON):
                return await told
        except TimeoutError:
            return False

    async def _deliver(self, code_id: int, told: asyncio.Future[bool]) -> None:
        try:
            sent = await self._codes.deliver(code_id)
        except Exception as error:
            if told.done():
                raise
            told.set_exception(error)
        else:
            if not told.done():
                told.set_result(sent)
