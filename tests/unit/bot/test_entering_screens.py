"""The screens of entering: complete in three languages, short, and sound HTML."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from bot.commands import COMMANDS, DESCRIPTION, SHORT_DESCRIPTION, commands
from bot.facts import Facts
from bot.screens import fallback, guide, login, mydata, start, troubles
from bot.screens.base import Screen
from bot.screens.topics import TOPICS, nearest
from core.applications.rules import Refusal, Status
from core.applications.values import HistoryLine
from core.codes.rules import Why
from core.codes.values import CodeAnswer, CodesExhausted, Outcome
from core.identity.rules import Iin, IinProblem, Phone, PhoneProblem
from core.login.values import Consent, MyData, Person, Visitor
from core.signing.signatures import Signature
from core.signing.values import SMS_CODE
from locales.texts import LANGUAGES, Texts, texts
from tests.factories import iin
from tests.telegram_stub import labels
from tests.unit.bot import samples

NOW = datetime(2026, 4, 7, 6, 30, tzinfo=UTC)
FACTS = Facts("+7 716 255 11 22", "2026-04", "09:00–18:00")
PERSON = Person(1, Iin(iin(1)), "Ахметова <b>Айгүл</b>", Phone("+77750000001"))
VISITOR = Visitor(1, "kk", "kokshetau", PERSON, session=True, consented=True)
DATA = MyData(
    PERSON,
    (Consent("1", NOW, None), Consent("0", NOW, NOW)),
    NOW,
    NOW,
    "kk",
    "kokshetau",
    False,
    3,
)
PAIRED = frozenset({"b", "i", "u", "s", "a", "code", "pre", "blockquote"})


def every(t: Texts) -> dict[str, Screen]:
    """Every screen of these conversations."""
    phone = PERSON.phone
    found = {
        "languages": start.languages(),
        "districts": start.districts(t),
        "welcome": start.welcome(VISITOR, FACTS, t),
        "menu": start.menu(VISITOR, FACTS, t),
        "consent": login.consent(t),
        "phone": login.phone(t),
        "iin": login.iin(phone, t),
        "contact": login.not_your_contact(t),
        "code": login.code(1, phone, t),
        "code later": login.code(1, phone, t, sent=False),
        "code again": login.code(1, phone, t, session_ended=True),
        "pair unknown": login.pair_unknown(FACTS, t),
        "entered": login.entered(PERSON, t, elsewhere=False),
        "entered elsewhere": login.entered(PERSON, t, elsewhere=True),
        "not expected": login.not_expected(t),
        "my data": mydata.held(DATA, t),
        "withdraw": mydata.withdraw(t),
        "withdrawn": mydata.withdrawn(t),
        "log out": mydata.log_out(t),
        "logged out": mydata.logged_out(t),
        "topics": guide.topics(t),
        "support": guide.support(FACTS, t),
        "unknown text": fallback.unknown_text("?", t),
        "unknown kind": fallback.unknown_kind(t),
        "groups": fallback.groups(t),
    }
    found |= {f"iin {p}": login.iin_wrong(p, t) for p in IinProblem}
    found |= {f"phone {p}": login.phone_wrong(p, t) for p in PhoneProblem}
    found |= {
        f"code {o}": login.code_refused(CodeAnswer(o, 4, NOW if o == "locked" else None), 1, t)
        for o in Outcome
    }
    found |= {
        f"waiting {a}": fallback.still_waiting(a, "", t)
        for a in ("phone", "iin", "login_code", "signing_code", "place_search")
    }
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_sound_html_and_fits_a_phone(language: str) -> None:
    for name, screen in every(texts(language)).items():
        _Balanced(name).feed(screen.text)
        assert "{" not in screen.text, name
        lines = screen.text.count("\n") + 1
        assert lines <= (7 if name == "my data" else 5), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_is_sound_html_and_fits_a_message(language: str) -> None:
    t = texts(language)
    for name in TOPICS:
        screen = guide.topic(name, t)
        _Balanced(name).feed(screen.text)
        assert len(screen.text) < 4096
        assert screen.text != guide.topics(t).text


def test_a_name_cannot_put_html_into_a_screen() -> None:
    assert "<b>Айгүл" not in login.entered(PERSON, texts("kk"), elsewhere=False).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_iin_is_never_shown_whole(language: str) -> None:
    for screen in every(texts(language)).values():
        assert PERSON.iin.value not in screen.text
        assert PERSON.phone.value not in screen.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_has_left_and_returned_many_times_sees_their_data(language: str) -> None:
    many = replace(DATA, consents=(Consent("1", NOW, NOW),) * 60)
    screen = mydata.held(many, texts(language))
    assert len(screen.text) < 4096
    assert "50" in screen.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_holds_everything_under_labels_of_the_language(language: str) -> None:
    t = texts(language)
    line = HistoryLine(NOW, "issue_voucher", Status.IN_QUEUE, Status.VOUCHER_ISSUED, "portal", {})
    signature = Signature(1, NOW, "I confirm", "abc", SMS_CODE)
    held = mydata.Held(samples.card(Status.IN_QUEUE), [line], [signature])
    content = json.loads(mydata.file(DATA, [held], t))
    assert content[t.plain("IIN")] == PERSON.iin.value
    assert len(content[t.plain("Consents")]) == 2
    application = content[t.plain("Applications")][0]
    assert application[t.plain("Registration number")] == "ОДО.2026.248"
    assert application[t.plain("History of changes")][0][t.plain("Who")]
    assert application[t.plain("Signatures")][0][t.plain("Signed text")] == "I confirm"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_alert_takes_every_trouble(language: str) -> None:
    t = texts(language)
    said = [troubles.refused(refusal, t) for refusal in Refusal]
    said += [troubles.codes_exhausted(CodesExhausted(NOW, why), t) for why in Why]
    said += [troubles.code_answer(CodeAnswer(outcome, 4, NOW), t) for outcome in Outcome]
    said += [troubles.citizens_base_silent(t), troubles.went_wrong(t), fallback.old_button(t)]
    assert all(0 < len(text) <= 200 for text in said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_other_languages_are_one_tap_from_the_menu(language: str) -> None:
    shown = labels(start.menu(VISITOR, FACTS, texts(language)).keyboard)
    names = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
    assert {name for code, name in names.items() if code != language} <= set(shown)
    assert names[language] not in shown


def test_kazakh_is_offered_first() -> None:
    assert labels(start.languages().keyboard)[0] == "Қазақша"


@pytest.mark.parametrize("screen", ["welcome", "menu", "pair unknown", "support"])
def test_the_phone_of_support_stands_where_help_is_needed(screen: str) -> None:
    assert FACTS.support_phone in every(texts("kk"))[screen].text


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Ваучерді қалай растаймын", "voucher"),
        ("не приходит смс код", "entering"),
        ("how long is the stop list", "stop"),
        ("когда кончается срок, это рабочие дни?", "days"),
        ("уақытша орын деген не", "temporary"),
        ("договор где", "documents"),
        ("ааа", None),
    ],
)
def test_a_question_finds_its_instruction(text: str, topic: str | None) -> None:
    assert nearest(text) == topic


@pytest.mark.parametrize("language", LANGUAGES)
def test_telegram_takes_commands_and_descriptions(language: str) -> None:
    t = texts(language)
    assert [c.command for c in commands(t)] == list(COMMANDS)
    assert all(c.description for c in commands(t))
    assert len(t.plain(DESCRIPTION)) <= 512
    assert len(t.plain(SHORT_DESCRIPTION)) <= 120


class _Balanced(HTMLParser):
    """Fails at a tag that Telegram does not know, or that does not close."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.open: list[str] = []

    def feed(self, data: str) -> None:
        super().feed(data)
        assert not self.open, self.name

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in PAIRED, self.name
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.name
