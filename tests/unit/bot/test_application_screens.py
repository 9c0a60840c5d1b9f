"""An application's screens: every status in every language, short, and with the right buttons."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.facts import Facts
from bot.keyboards.application import CountedButton, OpenApplication, Tab
from bot.keyboards.places import PlacesButton
from bot.keyboards.voucher import ActButton, AskButton, Final
from bot.screens import application, history, journal, voucher, words
from core.applications.rules import BY_PARENT, Event, Status
from core.applications.values import HistoryLine, NumberChange, NumberedCard
from core.signing.values import Document
from locales.texts import LANGUAGES, texts
from tests.unit.bot.samples import EVERY, MADINA, NOW, STAY, callbacks, card, styles

FACTS = Facts(support_phone="+7 7162 00 00 00", consent_version="1")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("name", EVERY)
def test_every_situation_has_words_of_five_lines_at_most(name: str, language: str) -> None:
    screen = application.application(EVERY[name], texts(language), NOW)
    assert "Айару" in screen.text
    assert len(screen.text.splitlines()) <= 5


@pytest.mark.parametrize("name", EVERY)
def test_the_buttons_are_what_the_rules_allow_and_nothing_else(name: str) -> None:
    shown = EVERY[name]
    packed = set(callbacks(application.application(shown, texts("en"), NOW)).values())
    offered: set[Event] = {ActButton.unpack(data).act for data in packed if data.startswith("act:")}
    offered |= {AskButton.unpack(data).act for data in packed if data.startswith("ask:")}
    if any(data.startswith("pl:") for data in packed):
        offered |= {Event.TAKE_PLACE, Event.TAKE_TEMPORARY_PLACE}
    assert offered == shown.actions


def test_a_deadline_is_bold_with_its_weekday_and_23_59() -> None:
    shown = card(Status.AWAITING_CONFIRMATION)
    kk, ru, en = (application.application(shown, texts(t), NOW).text for t in LANGUAGES)
    assert "<b>09.04.2026, бейсенбі, 23:59</b> (2 жұмыс күні)" in kk
    assert "<b>09.04.2026, четверг, 23:59</b> (2 рабочих дня)" in ru
    assert "<b>Thursday 09.04.2026, 23:59</b> (2 working days)" in en


def test_confirm_is_green_and_refuse_is_red() -> None:
    shown = styles(application.application(card(Status.AWAITING_CONFIRMATION), texts("en"), NOW))
    assert shown["✅ Confirm"] == "success"
    assert shown["❌ Refuse the voucher"] == "danger"


def test_refusing_and_removing_ask_once_more_and_confirming_does_not() -> None:
    """D7: what cannot be undone takes a second tap; the rest is pressed at once."""
    shown = callbacks(application.application(card(Status.AWAITING_CONFIRMATION), texts("en"), NOW))
    assert shown["✅ Confirm"].startswith("act:")
    assert shown["❌ Refuse the voucher"].startswith("ask:")
    assert shown["Remove from the queue"].startswith("ask:")


def test_a_term_that_has_ended_says_so_and_offers_nothing(language: str) -> None:
    """D8: also while the sweep is late."""
    t, late = texts(language), NOW + timedelta(days=3)
    shown = card(Status.AWAITING_CONFIRMATION, now=late)
    screen = application.application(shown, t, late)
    assert t("The term has ended; the status will change within a few minutes.") in screen.text
    assert not [data for data in callbacks(screen).values() if data.startswith(("act", "ask"))]


def test_a_second_lapse_says_that_nothing_can_be_restored(language: str) -> None:
    """D2."""
    t = texts(language)
    warned = application.application(EVERY["awaiting confirmation again"], t, NOW).text
    first = application.application(EVERY["awaiting confirmation"], t, NOW).text
    assert warned != first
    assert not any(
        data.startswith("act:")
        for data in callbacks(
            application.application(EVERY["on the stop list again"], t, NOW)
        ).values()
    )


def test_the_archive_tells_four_reasons_apart(language: str) -> None:
    told = {
        application.application(EVERY[name], texts(language), NOW).text
        for name in EVERY
        if name.startswith("archived")
    }
    assert len(told) == 4


def test_the_information_has_everything_of_r5_with_the_iins_masked(language: str) -> None:
    shown = card(Status.AWAITING_CONFIRMATION)
    text = application.information(shown, texts(language)).text
    for value in ("ОДО.2026.248", "07.04.2026 11:21:08", "17.09.2022", "01.01.1990", "Көкшетау"):
        assert value in text
    assert shown.applicant.iin.value not in text
    assert shown.child.iin.value not in text
    assert shown.applicant.iin.masked in text
    assert "&lt;Ерланқызы&gt;" in text  # a name is never markup


def test_a_stale_button_says_what_is_current_within_a_toast(language: str) -> None:
    for shown in EVERY.values():
        said = application.stale(shown, texts(language))
        assert "07.04.2026, 12:00" in said
        assert len(said) <= 200
    assert application.stale(replace(card(Status.IN_QUEUE), changed_at=None), texts(language))


def test_no_application_says_why_where_and_whom_to_call(language: str) -> None:
    text = journal.empty(FACTS, texts(language)).text
    assert "akmola.kz" in text
    assert FACTS.support_phone in text


def test_several_children_stand_side_by_side_each_with_a_deadline(language: str) -> None:
    first = card(Status.AWAITING_CONFIRMATION)
    second = replace(card(Status.VOUCHER_ISSUED), id=2)
    screen = journal.several([first, second], texts(language))
    assert "09.04.2026" in screen.text
    assert "14.04.2026" in screen.text
    opened = [d for d in callbacks(screen).values() if d.startswith("app:")]
    assert [OpenApplication.unpack(data).application for data in opened] == [1, 2]


@pytest.mark.parametrize("act", [Event.REFUSE_VOUCHER, Event.REMOVE_FROM_QUEUE])
def test_before_what_cannot_be_undone_it_is_said(act: Final, language: str) -> None:
    t = texts(language)
    screen = voucher.ask(card(Status.AWAITING_CONFIRMATION), act, t)
    assert t("This cannot be undone.") in screen.text
    sure, back = callbacks(screen).values()
    assert ActButton.unpack(sure).act is act
    assert OpenApplication.unpack(back).tab is Tab.STATUS


@pytest.mark.parametrize("status", [Status.AWAITING_CONFIRMATION, Status.VOUCHER_ISSUED])
def test_before_removing_a_child_it_is_said_that_its_voucher_is_lost(
    status: Status, language: str
) -> None:
    """D7. Who has none yet is told of none."""
    t = texts(language)
    voucher_word = "voucher" if language == "en" else "ваучер"
    out = voucher.ask(card(status), Event.REMOVE_FROM_QUEUE, t)
    assert voucher_word in out.text
    waits = voucher.ask(card(Status.IN_QUEUE), Event.REMOVE_FROM_QUEUE, t)
    assert voucher_word not in waits.text


def test_a_stay_promises_a_place_in_the_queue_only_while_there_is_one(language: str) -> None:
    """R17: the archive keeps nothing, and a voucher's term is told in five lines."""
    t = texts(language)
    kept = t("The place in the general queue is kept.")
    archived = card(Status.ARCHIVED, stay=STAY, archived_because=Event.REMOVE_FROM_QUEUE)
    assert kept not in application.application(archived, t, NOW).text
    assert kept in application.application(card(Status.IN_QUEUE, stay=STAY), t, NOW).text
    choosing = application.application(card(Status.VOUCHER_ISSUED, stay=STAY), t, NOW)
    assert len(choosing.text.splitlines()) <= 5


AFTER: dict[Event, NumberedCard] = {
    Event.CONFIRM_INTEREST: card(Status.VOUCHER_ISSUED),
    Event.REFUSE_VOUCHER: card(Status.ARCHIVED, archived_because=Event.REFUSE_VOUCHER),
    Event.REMOVE_FROM_QUEUE: card(Status.ARCHIVED, archived_because=Event.REMOVE_FROM_QUEUE),
    Event.RESTORE: card(Status.IN_QUEUE, restored=True),
    Event.TAKE_PLACE: card(Status.ENROLLED, place=MADINA),
    Event.TAKE_TEMPORARY_PLACE: card(Status.IN_QUEUE, stay=STAY),
}


@pytest.mark.parametrize("act", sorted(BY_PARENT))
def test_every_signed_act_has_an_answer(act: Event, language: str) -> None:
    shown = voucher.kept if act in voucher.KEPT else voucher.done
    screen = shown(AFTER[act], act, texts(language))
    assert "Айару" in screen.text
    assert len(screen.text.splitlines()) <= 5


def test_after_confirming_the_next_deadline_stands_and_choosing_is_one_tap_away() -> None:
    """R10."""
    screen = voucher.done(AFTER[Event.CONFIRM_INTEREST], Event.CONFIRM_INTEREST, texts("en"))
    assert "<b>Tuesday 14.04.2026, 23:59</b> (5 working days)" in screen.text
    choose, count, *_ = callbacks(screen).values()
    assert PlacesButton.unpack(choose)
    assert CountedButton.unpack(count)


def test_a_temporary_place_says_its_end_and_that_the_queue_is_kept(language: str) -> None:
    """R16, R17, R18."""
    shown = AFTER[Event.TAKE_TEMPORARY_PLACE]
    text = voucher.kept(shown, Event.TAKE_TEMPORARY_PLACE, texts(language)).text
    assert "30.04.2026" in text
    assert "04.05.2026" in text


@pytest.mark.parametrize("event", list(Event))
def test_every_event_has_a_line_of_history(event: Event, language: str) -> None:
    t = texts(language)
    line = HistoryLine(NOW, event.value, Status.IN_QUEUE, Status.ARCHIVED, "clock", {})
    text = history.history(card(Status.ARCHIVED), [line], t).text
    assert words.event(event.value, Status.ARCHIVED, t) in text
    assert words.event(event.value, Status.ARCHIVED, t) != t.plain("In the archive")


@pytest.mark.parametrize("actor", ["parent", "portal", "operator", "clock"])
def test_the_history_says_who_and_when(actor: str, language: str) -> None:
    line = HistoryLine(NOW, "issue_voucher", None, Status.AWAITING_CONFIRMATION, actor, {})
    text = history.history(card(Status.AWAITING_CONFIRMATION), [line], texts(language)).text
    assert "07.04.2026, 12:00" in text
    assert words.actor(actor, texts(language)) in text


@pytest.mark.parametrize(
    "events", [["data_corrected"] * 30, ["stage_changed"] * 30 + ["registered"]]
)
def test_a_long_history_says_how_much_it_leaves_out(events: list[str], language: str) -> None:
    """And still when the application was registered."""
    t = texts(language)
    lines = [HistoryLine(NOW, each, None, Status.IN_QUEUE, "portal", {}) for each in events]
    told = history.history(card(Status.IN_QUEUE), lines, t).text.splitlines()
    assert len(told) == 1 + history.SHOWN + 2
    assert told[-2] == t("Earlier changes, not shown here: {number}", number=10)
    assert told[-1].endswith(t("{moment}: application registered", moment=""))


def test_the_queue_number_has_its_history(language: str) -> None:
    text = history.numbers(
        card(Status.IN_QUEUE), [NumberChange(NOW, 1), NumberChange(NOW, 2)], texts(language)
    ).text
    assert "07.04.2026, 12:00: 1" in text
    assert "07.04.2026, 12:00: 2" in text


def test_documents_are_buttons_and_their_absence_is_explained(language: str) -> None:
    t = texts(language)
    none = history.documents(card(Status.IN_QUEUE), [], t)
    assert t("<b>There are no documents yet:</b> {child}", child="Айару") in none.text
    signed = [Document(kind, 5, NOW, "", "sms_code", {}) for kind in ("referral", "contract")]
    both = callbacks(history.documents(card(Status.ENROLLED), signed, t))
    assert [data for data in both.values() if data.startswith("doc:")] == [
        "doc:1:3:5:referral",
        "doc:1:3:5:contract",
    ]
