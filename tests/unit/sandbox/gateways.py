"""How a sender speaks to the desk's two SMS gateways."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from tests.unit.sandbox.desk_at_work import DeskAtWork

LOGIN = {"login": "desk", "psw": "desk", "fmt": "3", "charset": "utf-8"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PHONE = "77758759999"
CODE = "akmola.kz: кіру коды 123456. Ешкімге айтпаңыз."


async def smsc(desk: DeskAtWork, page: str = "send", **form: str) -> Any:
    """A call of SMSC.kz, by form."""
    url = f"/smsc/sys/{page}.php"
    return await desk.post(url, data=urlencode({**LOGIN, **form}), headers=FORM)


async def mobizon(
    desk: DeskAtWork, method: str = "sendsmsmessage", *, key: str = "desk", **form: str
) -> Any:
    """A call of Mobizon's module `message`, by form."""
    return await post_mobizon(desk, f"message/{method}", urlencode(form), key)


async def post_mobizon(desk: DeskAtWork, call: str, body: str, key: str = "desk") -> Any:
    """A call with a body as it stands in an example."""
    url = f"/mobizon/service/{call}?output=json&api=v1&apiKey={key}"
    return await desk.post(url, data=body, headers=FORM)
