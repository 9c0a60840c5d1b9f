"""What stands under the chart of a queue number, and how its forecast is made."""

from bot.keyboards.application import to_application, why_number
from bot.keyboards.base import rows
from bot.keyboards.forecast import how_forecast, to_chart
from bot.screens.base import Screen, of_lines
from core.applications.values import ApplicationCard, NumberedCard
from core.queue.forecast import Forecast, Why
from documents import chart
from locales.texts import Texts


def caption(card: NumberedCard, found: Forecast | Why, t: Texts) -> Screen:
    """The chart's caption: the number, and the forecast or why there is none."""
    lines = [
        t(
            "📉 <b>{child}:</b> queue number {number}",
            child=card.child.given_name,
            number=t.number(card.queue_number or 0),
        ),
        t("<b>{forecast}</b>", forecast=chart.told(found, t)),
    ]
    if isinstance(found, Forecast):
        lines.append(t("It is an estimate and not a promise: when the turn comes, we tell you."))
    return of_lines(lines, how_forecast(card, t), to_application(card, t))


def how(card: NumberedCard, found: Forecast | Why, t: Texts) -> Screen:
    """How the forecast is made, with this application's own numbers."""
    lines = [
        t("<b>How the forecast is made:</b> {child}", child=card.child.given_name),
        t(
            "We look how many places the number came down in each eight weeks of the last half "
            "year. Half of these stretches, the middle ones, give the pace."
        ),
    ]
    if isinstance(found, Forecast):
        lines.append(
            t(
                "Pace: {slow} to {quick} places in four weeks. If it lasts, the turn comes: "
                "{months}. Number now: {number}.",
                slow=_places(4 * found.slow, t),
                quick=_places(4 * found.quick, t),
                number=t.number(card.queue_number or 0),
                months=t.months(found.first, found.last),
            )
        )
    else:
        lines.append(t("<b>{forecast}</b>", forecast=chart.told(found, t)))
    lines.append(
        t(
            "With less than three months of history, a number that does not come down, or a pace "
            "that varies too much, we forecast nothing. The renewal of the queue by 30 June may "
            "change the number at once: then the history is counted anew."
        )
    )
    return of_lines(lines, to_chart(card, t), why_number(card, t), to_application(card, t))


def no_number(card: ApplicationCard, t: Texts) -> Screen:
    """The application holds no place in the queue, or no number was noted yet."""
    text = t(
        "<b>There is no chart yet:</b> {child}\nThe queue number is noted at night, when it "
        "changes.",
        child=card.child.given_name,
    )
    return Screen(text, rows(to_application(card, t)))


def _places(number: float, t: Texts) -> str:
    """To a tenth below ten, whole above."""
    if number >= 10:
        return t.number(number)
    shown = f"{number:.1f}".removesuffix(".0")
    return shown if t.language == "en" else shown.replace(".", ",")
