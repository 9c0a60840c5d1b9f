"""The page's inbox in a real browser: where an SMS came from, and links that lead to the bot."""

from playwright.async_api import Page, expect

from tests.browser.chromium import browser
from tests.unit.sandbox.desk_at_work import DeskAtWork
from tests.unit.sandbox.gateways import mobizon, smsc

LINK = "https://t.me/orynbot?start=Ab-12345678_z"


async def test_a_link_in_an_sms_starts_the_bot(desk: DeskAtWork) -> None:
    await desk.with_webhook()
    await smsc(desk, phones="87758759999", mes=f"Ваучер берілді: {LINK}.")
    await mobizon(desk, recipient="77758759999", text="Код 123456, t.me/orynbot?start=short")
    async with browser() as chromium:
        page = await chromium.new_page(base_url=desk.base)
        await page.goto("/")
        await sees_the_inbox(page)
        await page.get_by_test_id("sms-link").filter(has_text="https").click()
        await expect(page.locator("article[data-from=user]")).to_contain_text(
            "/start Ab-12345678_z"
        )
        await desk.post("/sim/users/1/block")
        await expect(page.locator("#unblock-bar")).to_be_visible()
        await page.get_by_test_id("sms-link").filter(has_text="short").click()
        await expect(page.locator("article[data-from=user]").last).to_contain_text("/start short")
    texts = [update["message"]["text"] for update in desk.bot.updates if "message" in update]
    assert texts == ["/start Ab-12345678_z", "/start short"]


async def sees_the_inbox(page: Page) -> None:
    """Newest first; the digits of a link are no code to copy."""
    newest, oldest = page.get_by_test_id("sms").first, page.get_by_test_id("sms").last
    await expect(newest).to_contain_text("Mobizon")
    await expect(newest.locator("b")).to_have_text("123456")
    await expect(oldest).to_contain_text("SMSC.kz")
    await expect(oldest.get_by_test_id("copy-code")).to_have_count(0)
    assert await oldest.get_by_test_id("sms-link").get_attribute("href") == LINK
