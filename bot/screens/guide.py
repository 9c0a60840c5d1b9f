"""Instructions and support (R1)."""

from bot.facts import Facts
from bot.keyboards import menu as menus
from bot.keyboards.base import button, rows
from bot.screens.base import Screen
from bot.screens.topics import TOPICS
from locales.texts import Texts


def topics(t: Texts) -> Screen:
    """The list of topics."""
    text = t("<b>Instructions</b>\nFrom the queue to a place in a kindergarten, topic by topic.")
    return Screen(
        text,
        rows(
            *(
                button(t.plain(topic.title), menus.GuideButton(topic=name))
                for name, topic in TOPICS.items()
            ),
            [button(t.plain("Support"), menus.SupportButton()), menus.to_menu(t)],
        ),
    )


def topic(name: str, t: Texts) -> Screen:
    """One topic; the list where there is no such topic (any more)."""
    found = TOPICS.get(name)
    if found is None:
        return topics(t)
    return Screen(
        f"<b>{t(found.title)}</b>\n\n{t(found.body)}",
        rows(
            button(t.plain("All topics"), menus.GuideButton()),
            [button(t.plain("Support"), menus.SupportButton()), menus.to_menu(t)],
        ),
    )


def support(facts: Facts, t: Texts) -> Screen:
    """Whom to call. A phone in the text can be tapped; buttons take no phones."""
    lines = [t("☎️ <b>Technical support:</b> {phone}", phone=facts.support_phone)]
    if facts.support_hours:
        lines.append(t("Hours: {hours}", hours=facts.support_hours))
    lines.append(
        t(
            "Have the registration number of your application ready. "
            "Nobody from support asks for a code from an SMS."
        )
    )
    return Screen(
        "\n".join(lines),
        rows(button(t.plain("Instructions"), menus.GuideButton()), menus.to_menu(t)),
    )
