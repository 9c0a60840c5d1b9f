"""The page without a mouse: every main thing is reached, seen and done from the keyboard."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("visitor", ["laptop"], indirect=True)]
FOCUS_SHOWS = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
}"""


async def walk_to(visitor: Visitor, goal: Locator, key: str = "Tab", steps: int = 60) -> None:
    """Press the key until the goal has the focus; the focus can be seen there."""
    for _ in range(steps):
        await visitor.page.keyboard.press(key)
        if await goal.evaluate("element => element === document.activeElement"):
            assert await visitor.page.evaluate(FOCUS_SHOWS), "nobody sees where the focus is"
            return
    raise AssertionError(f"{key} does not lead to {goal}")


async def test_a_chat_without_a_mouse(visitor: Visitor) -> None:
    """Writing, pressing a button, sharing the number, and stepping back from it."""
    keys, t = visitor.page.keyboard, visitor.t
    await keys.press("Tab")
    await keys.press("Enter")  # the first stop of all: straight to the chat
    await expect(visitor.hook("composer")).to_be_focused()
    await keys.type("/start")
    await keys.press("Enter")
    for label in ("Қазақша", "Көкшетау қаласы", t.plain("Enter"), t.plain("I give my consent")):
        await expect(visitor.button(label)).to_be_visible()
        await visitor.hook("composer").focus()
        await walk_to(visitor, visitor.button(label), "Shift+Tab")
        await keys.press("Enter")
    share = visitor.hook("reply").first
    await expect(share).to_be_visible()
    await visitor.hook("composer").focus()
    await walk_to(visitor, share)
    await keys.press("Enter")
    await expect(visitor.hook("contact-dialog")).to_be_visible()
    await keys.press("Escape")
    await expect(visitor.hook("contact-dialog")).to_have_count(0)
    await expect(share).to_be_focused()
    await keys.press("Enter")
    await walk_to(visitor, visitor.hook("contact-yes"))
    await keys.press("Enter")
    await visitor.sees("ЖСН")


async def test_the_desk_without_a_mouse(visitor: Visitor) -> None:
    """Choosing a person, a language, a command, issuing a voucher, and moving the clock."""
    page, keys = visitor.page, visitor.page.keyboard
    await walk_to(visitor, visitor.hook("language-kk"))
    await keys.press("ArrowRight")
    await expect(visitor.hook("issue")).to_have_text("Выдать ваучер")
    await keys.press("ArrowLeft")
    await expect(visitor.hook("issue")).to_have_text("Ваучер беру")

    await walk_to(visitor, visitor.hook("person-1001"))
    await keys.press("ArrowDown")
    await expect(visitor.hook("person-1002")).to_be_focused()
    await expect(page.locator("#person-card")).to_contain_text("Рябова")
    await keys.press("ArrowUp")
    await expect(visitor.hook("me")).to_contain_text("Айнұр")

    await walk_to(visitor, visitor.hook("commands"))
    await keys.press("Enter")
    await expect(visitor.hook("command-start")).to_be_focused()
    await keys.press("ArrowDown")
    await expect(visitor.hook("command-menu")).to_be_focused()
    await keys.press("Escape")
    await expect(visitor.hook("commands")).to_be_focused()

    await walk_to(visitor, visitor.hook("clock-hour"))
    await keys.press("Enter")
    await expect(visitor.hook("clock")).to_contain_text("12:30")
    await expect(visitor.hook("clock-hour")).to_be_focused()
    await walk_to(visitor, visitor.hook("issue"))
    await keys.press("Enter")
    await expect(visitor.hook("portal-outcome")).to_contain_text("ОДО.2026.248")
