"""The roads of a parent on the page, as clicks and keys."""

from playwright.async_api import expect

from seed.people import AINUR
from tests.browser.visitor import Visitor

NUMBER = "ОДО.2026.248"


async def enter(visitor: Visitor) -> None:
    """From the button Start to the journal (R1-R5)."""
    t = visitor.t
    await visitor.hook("start").click()
    await visitor.button("Қазақша").click()
    await visitor.button("Көкшетау қаласы").click()
    await visitor.sees("Көкшетау қаласы")
    await visitor.press("Enter")
    await visitor.press("I give my consent")
    await visitor.hook("reply").first.click()
    await visitor.hook("contact-yes").click()
    await visitor.sees("ЖСН")
    await visitor.say(AINUR.iin)
    await visitor.sees("SMS")
    await visitor.say(await visitor.read_code(1))
    await visitor.sees(NUMBER, t.plain("In the queue"))


async def issue(visitor: Visitor) -> None:
    """The portal's one button, and back to the chat."""
    await visitor.tab("tools")
    await expect(visitor.hook("registration")).to_have_value(NUMBER)
    await visitor.hook("issue").click()
    await expect(visitor.hook("portal-outcome")).to_contain_text(NUMBER)
    await visitor.tab("chat")
