"""The first minutes: language, district, welcome, menu, support (R1)."""

from markupsafe import Markup

from bot.facts import Facts
from bot.keyboards import menu as menus
from bot.keyboards import start as starts
from bot.keyboards.base import button, columns, rows
from bot.keyboards.staff.base import to_desk
from bot.screens.base import Screen
from core.login.values import Visitor
from core.places.districts import DISTRICTS
from locales.texts import Texts

CHOOSE_LANGUAGE = "Тілді таңдаңыз · Выберите язык · Choose a language"
"""The one text that has no language yet."""


def notice_waits(t: Texts) -> Markup:
    """Whoever comes by the link of an SMS reads the rest when they have entered: an SMS passes
    through many hands."""
    return t(
        "🔔 <b>A notice about your application waits for you.</b>\nEnter to read it and to answer."
    )


def languages() -> Screen:
    """Which language."""
    return Screen(f"👋 <b>Orynbot</b>\n{CHOOSE_LANGUAGE}", rows(*starts.languages()))


def districts(t: Texts) -> Screen:
    """Which district (R1), 20 in two columns."""
    text = t(
        "<b>District or city</b>\n"
        "Choose the one in whose queue your child is. You can change it later in the menu."
    )
    return Screen(text, rows(*columns(starts.districts(t.language), 2)))


def welcome(visitor: Visitor, facts: Facts, t: Texts) -> Screen:
    """The first page of somebody who has not entered: R1's instructions, support, language."""
    text = t(
        "<b>Orynbot: from the kindergarten queue to a place</b>\n"
        "District: {district}\n"
        "Enter to see your applications, confirm your interest in time and choose a kindergarten.\n"
        "Technical support: {phone}",
        district=district_name(visitor, t),
        phone=facts.support_phone,
    )
    return Screen(
        text,
        rows(
            button(t.plain("Enter"), starts.EnterButton(), "primary"),
            [
                button(t.plain("Instructions"), menus.GuideButton()),
                button(t.plain("Support"), menus.SupportButton()),
            ],
            button(t.plain("Change district"), menus.DistrictsButton()),
            starts.languages(but=t.language),
        ),
    )


def menu(visitor: Visitor, facts: Facts, t: Texts) -> Screen:
    """The menu of somebody who has entered."""
    text = t(
        "<b>Menu</b>\nDistrict: {district}\nTechnical support: {phone}",
        district=district_name(visitor, t),
        phone=facts.support_phone,
    )
    return Screen(
        text,
        rows(
            menus.to_journal(t),
            *([to_desk(t)] if visitor.member is not None else []),
            [
                button(t.plain("Instructions"), menus.GuideButton()),
                button(t.plain("Support"), menus.SupportButton()),
            ],
            [
                button(t.plain("Change district"), menus.DistrictsButton()),
                button(t.plain("My data"), menus.MyDataButton()),
            ],
            starts.languages(but=t.language),
            button(t.plain("Log out"), menus.LogOutButton()),
        ),
    )


def home(visitor: Visitor, facts: Facts, t: Texts) -> Screen:
    """Where /menu leads: the first question that is open, else the menu."""
    if visitor.language is None:
        return languages()
    if visitor.district is None:
        return districts(t)
    if visitor.person is None or not visitor.session:
        return welcome(visitor, facts, t)
    return menu(visitor, facts, t)


def district_name(visitor: Visitor, t: Texts) -> str:
    """The chosen district in the reader's language."""
    return DISTRICTS[visitor.district].in_(t.language) if visitor.district else "—"
