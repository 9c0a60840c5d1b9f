"""How gateways are called over HTTP."""

from collections.abc import Mapping

import aiohttp

TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=4)
"""Seconds. Not being connected in time is certain; not being answered in time is not."""

NOT_CONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""Raised by `post` while nothing has been said yet: the gateway certainly took nothing."""
NO_ANSWER = (aiohttp.ClientError, TimeoutError)


async def post(session: aiohttp.ClientSession, url: str, form: Mapping[str, str]) -> bytes:
    """The body of a 200; anything else is raised as ClientResponseError.

    A form, so that no phone and no text stands in an address. No redirects: they would carry
    the password on. Each call has its own connection: one that the far side had closed while it
    idled would leave us not knowing whether the message was taken.
    """
    async with session.post(
        url,
        data=form,
        headers={"Connection": "close"},
        timeout=TIMEOUT,
        allow_redirects=False,
    ) as response:
        if response.status != 200:
            raise aiohttp.ClientResponseError(response.request_info, (), status=response.status)
        return await response.read()
