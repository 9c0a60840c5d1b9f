"""Templates of the files that can be imported: headings, an example that is no row, and the words
that are understood."""

from collections.abc import Mapping

from core.named import Named
from core.places.districts import DISTRICTS
from core.registry.headings import EXAMPLE, HEADINGS, REMARK
from core.registry.rows import FIELDS
from core.registry.values import Kind
from core.registry.vocabulary import Stages
from documents.workbook import Workbook


def _alike(text: str) -> Named:
    return Named(text, text, text)


NAME = Named("Ахметова Айгүл Серікқызы", "Ахметова Айгуль Сериковна", "Akhmetova Aigul")
CHILD = Named("Ахметова Айару Нұрланқызы", "Ахметова Айару Нурлановна", "Akhmetova Aiaru")
HOME = Named("«Қарлығаш» бөбекжай-бақшасы", "Ясли-сад «Карлыгаш»", "“Karlygash” nursery")
ADDRESS = Named("Абай көшесі, 98", "ул. Абая, 98", "98 Abai Street")
IIN = _alike("900517400005")
CHILD_IIN = _alike("230201600009")
PHONE = _alike("+7 775 000 00 01")

LANGUAGES = {"kk": Named("қазақ", "казахский", "Kazakh"), "ru": Named("орыс", "русский", "Russian"),
             "en": Named("ағылшын", "английский", "English")}  # fmt: skip
MODES = {
    "general": Named("жалпы", "общий", "general"),
    "temporary": Named("уақытша болу", "временное пребывание", "temporary stay"),
}
OWNERSHIPS = {
    "state": Named("мемлекеттік", "государственная", "state"),
    "private": Named("жекеменшік", "частная", "private"),
}
HOMES = {
    "nursery_garden": Named("бөбекжай-бақша", "ясли-сад", "nursery and kindergarten"),
    "kindergarten": Named("балабақша", "детский сад", "kindergarten"),
    "mini_centre": Named("шағын орталық", "мини-центр", "mini-centre"),
    "sanatorium": Named("санаторлық балабақша", "санаторный детский сад", "sanatorium"),
}
DAYS = {
    "holiday": Named("мереке күні", "праздничный день", "holiday"),
    "transferred_off": Named("ауыстырылған демалыс", "перенесённый выходной",
                             "transferred day off"),
    "transferred_working": Named("ауыстырылған жұмыс күні", "перенесённый рабочий день",
                                 "transferred working day"),
    "working": Named("жұмыс күні", "рабочий день", "working day"),
    "weekend": Named("демалыс күні", "выходной день", "day off"),
}  # fmt: skip
WORDS: dict[Kind, dict[str, Mapping[str, Named]]] = {
    Kind.CITIZENS: {},
    Kind.APPLICATIONS: {"district": DISTRICTS},
    Kind.KINDERGARTENS: {"district": DISTRICTS, "kind": HOMES, "ownership": OWNERSHIPS},
    Kind.PLACES: {"district": DISTRICTS, "language": LANGUAGES, "mode": MODES},
    Kind.DAYS: {"kind": DAYS},
}

EXAMPLES: dict[Kind, dict[str, Named]] = {
    Kind.CITIZENS: {
        "iin": IIN,
        "phone": PHONE,
        "full_name": NAME,
        "birth_date": _alike("17.05.1990"),
    },
    Kind.APPLICATIONS: {
        "registration_number": _alike("ОДО.2026.248"),
        "registered_at": _alike("08.07.2024 01:28:10"),
        "district": DISTRICTS["kokshetau"],
        "applicant_iin": IIN,
        "applicant_name": NAME,
        "applicant_birth_date": _alike("17.05.1990"),
        "applicant_phone": PHONE,
        "applicant_address": ADDRESS,
        "child_iin": CHILD_IIN,
        "child_name": CHILD,
        "child_birth_date": _alike("01.02.2023"),
        "child_given_name": Named("Айару", "Айару", "Aiaru"),
    },
    Kind.KINDERGARTENS: {
        "district": DISTRICTS["kokshetau"],
        "name": HOME,
        "kind": HOMES["nursery_garden"],
        "ownership": OWNERSHIPS["state"],
        "phone": _alike("+7 (7162) 25-51-12"),
        "address": ADDRESS,
        "latitude": _alike("53.2833"),
        "longitude": _alike("69.3833"),
    },
    Kind.PLACES: {
        "district": DISTRICTS["kokshetau"],
        "kindergarten": HOME,
        "language": LANGUAGES["kk"],
        "mode": MODES["temporary"],
        "total": _alike("3"),
        "until": _alike("30.04.2026"),
    },
    Kind.DAYS: {
        "date": _alike("08.05.2026"),
        "kind": DAYS["transferred_off"],
        "note": _alike(""),
    },
}
WORDS_SHEET = Named("Сөздер", "Слова", "Words")


def template(kind: Kind, stages: Stages, language: str) -> Workbook:
    """The template of a kind in `language`; its second sheet lists the words to choose from."""
    book = Workbook()
    names = [HEADINGS[kind][field][0].in_(language) for field in FIELDS[kind]]
    words = {field: list(known.values()) for field, known in WORDS[kind].items()}
    example = dict(EXAMPLES[kind])
    if kind is Kind.APPLICATIONS:
        words |= {
            "category": list(stages.categories.values()),
            "privilege": list(stages.privileges.values()),
        }
        example |= {field: words[field][0] for field in ("category",) if words[field]}
    sheet = book.sheet(names[0], [REMARK.in_(language), *names], (40,))
    row = [example[f].in_(language) if f in example else "" for f in FIELDS[kind]]
    sheet.add([EXAMPLE.in_(language), *row])
    if words:
        columns = [HEADINGS[kind][field][0].in_(language) for field in words]
        listed = book.sheet(WORDS_SHEET.in_(language), columns, [50] * len(columns))
        for n in range(max(len(known) for known in words.values())):
            listed.add(
                [known[n].in_(language) if n < len(known) else None for known in words.values()]
            )
    return book
