"""A person at the desk's page: sees it, clicks and types, and does nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect

from locales.texts import Texts, texts

SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"
SIZES = {"laptop": (1366, 768), "phone": (390, 844)}
"""Width and height in CSS pixels."""
PATIENCE = 15_000
"""Milliseconds to wait for what should be seen, on a busy machine."""
CUT = """() => [...document.querySelectorAll(".inline-label, .reply span, .button, .tab span")]
  .filter((label) => label.scrollWidth > label.clientWidth + 1 && label.clientWidth > 0
    || label.scrollHeight > label.clientHeight + 2 && label.clientHeight > 0)
  .map((label) => label.textContent)"""
"""→ labels of which a part cannot be read."""
PAINTING = 200
"""Milliseconds until a busy machine has painted what the page already is."""
WIDER = "document.documentElement.scrollWidth > window.innerWidth"


@dataclass
class Visitor:
    """One open page, in Kazakh. `complaints`: what the browser found wrong with it so far."""

    page: Page
    device: str
    t: Texts
    complaints: list[str] = field(default_factory=list)

    def hook(self, name: str) -> Locator:
        """What carries that data-testid."""
        return self.page.get_by_test_id(name)

    @property
    def newest(self) -> Locator:
        """The newest message of the bot."""
        return self.page.locator("article[data-from=bot]").last

    def button(self, label: str) -> Locator:
        """The newest inline button whose label has these words."""
        return self.hook("inline").filter(has_text=label).last

    async def open(self) -> None:
        """The page, with the first person chosen and their empty chat."""
        await self.page.goto("/")
        await expect(self.hook("start")).to_be_visible()

    async def tab(self, name: str) -> None:
        """What stands beside the chat on a laptop is behind a tab on a phone."""
        if self.device == "phone":
            await self.hook(f"tab-{name}").click()

    async def press(self, message: str) -> None:
        """The newest button of that label, given as a msgid."""
        await self.button(self.t.plain(message)).click()

    async def say(self, text: str) -> None:
        await self.hook("composer").press_sequentially(text)
        await self.hook("send").click()

    async def sees(self, *words: str) -> None:
        """The newest message says all this, its end is in sight, and no label is cut."""
        for each in words:
            await expect(self.newest).to_contain_text(each)
        await expect(self.newest.locator(".meta")).to_be_in_viewport()
        assert await self.page.evaluate(CUT) == []
        assert not await self.page.evaluate(WIDER), "the page is wider than the screen"

    async def read_code(self, messages: int) -> str:
        """The code in the newest of so many SMS, read in the inbox."""
        await self.tab("sms")
        await expect(self.hook("sms")).to_have_count(messages)
        code = await self.hook("sms").first.locator("b").inner_text()
        await self.tab("chat")
        return code

    async def keep(self, state: str) -> None:
        """A picture of the page as it is now, for people to look at."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        await self.photograph(SCREENS / f"{self.device}-{state}.png")

    async def photograph(self, file: Path) -> None:
        await self.page.wait_for_timeout(PAINTING)
        await self.page.screenshot(path=file)


@asynccontextmanager
async def visiting(browser: Browser, base: str, device: str) -> AsyncIterator[Visitor]:
    """An open page of the desk at `base`, seen on a laptop or on a phone."""
    width, height = SIZES[device]
    context = await browser.new_context(
        base_url=base,
        viewport={"width": width, "height": height},
        has_touch=device == "phone",
        locale="kk-KZ",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    visitor = Visitor(page, device, texts("kk"))

    def asked(request: Request) -> None:
        if not request.url.startswith((base, "data:", "blob:")):
            visitor.complaints.append(f"asks elsewhere: {request.url}")

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            visitor.complaints.append(message.text)

    def answered(response: Response) -> None:
        own = response.url.removeprefix(base)
        fresh = response.headers.get("cache-control") == "no-cache"
        if (own == "/" or own.startswith("/static/")) and not fresh:
            visitor.complaints.append(f"may be shown out of date: {own}")

    page.on("request", asked)
    page.on("response", answered)
    page.on("console", said)
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    try:
        await visitor.open()
        yield visitor
    finally:
        await context.close()
