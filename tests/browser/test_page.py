"""A parent's whole way on the page, by clicking and typing only (R6-R14)."""

import io

import pytest
from playwright.async_api import Locator, expect
from pypdf import PdfReader

from tests.browser import ways
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


async def test_from_the_button_start_to_a_signed_place(visitor: Visitor) -> None:
    """(a) login, voucher from the portal's card, confirmation, «Мадина» in Russian, contract."""
    await visitor.keep("1-start")
    await ways.enter(visitor)
    await visitor.keep("2-entered")
    await ways.issue(visitor)
    await visitor.sees(ways.NUMBER, "Растауда", "09.04.2026")
    await visitor.keep("3-notice")
    await visitor.press("✅ Confirm")
    await visitor.tab("sms")
    await expect(visitor.hook("sms")).to_have_count(2)
    await visitor.hook("insert-code").first.click()
    await visitor.hook("send").click()
    await visitor.sees("14.04.2026")
    await visitor.press("Choose a kindergarten")
    place = visitor.button("«Мадина» · орыс")
    await expect(place).to_contain_text("10")
    await visitor.sees()
    await visitor.keep("4-places")
    await place.click()
    await visitor.sees("Мадина", "орыс")
    await visitor.press("Choose this one")
    await visitor.press("Sign and send")
    await visitor.say(await visitor.read_code(3))
    await expect(visitor.hook("file")).to_have_count(2)
    await expect(visitor.page.locator("#log")).to_contain_text("Келісімшартқа қол қойылды")
    await visitor.keep("5-enrolled")
    names = await visitor.hook("file").locator(".file-name").all_inner_texts()
    assert sorted(name.split("-")[0] for name in names) == ["contract", "referral"]
    for file in await visitor.hook("file").all():
        assert "Мадина" in await opened(visitor, file)


async def opened(visitor: Visitor, file: Locator) -> str:
    """A file opens in a page of its own, as a PDF; its text."""
    async with visitor.page.expect_popup() as opening:
        await file.click()
    viewer = await opening.value
    assert await viewer.evaluate("document.contentType") == "application/pdf"
    answer = await visitor.page.request.get(viewer.url)
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(await answer.body())).pages
    await viewer.close()
    return " ".join(page.extract_text() for page in pages)
