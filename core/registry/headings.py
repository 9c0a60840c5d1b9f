"""What the columns of a file are called: recognised in Kazakh, Russian and English.

The first name of each language is the one that templates and exports use.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.named import Named
from core.places.search import fold
from core.registry.rows import FIELDS, OPTIONAL
from core.registry.values import Kind

REMARK = Named("Ескертпе", "Примечание", "Remark")
"""A column of templates and of files to mend, which is never imported."""
EXAMPLE = Named(
    "ҮЛГІ: бұл жол импортталмайды",
    "ОБРАЗЕЦ: эта строка не импортируется",
    "EXAMPLE: this row is not imported",
)
"""What stands in that column of a template's example."""
EXAMPLES = {fold(EXAMPLE.in_(language)) for language in ("kk", "ru", "en")}

Names = tuple[Named, tuple[str, ...]]

DISTRICT: Names = (
    Named("Аудан немесе қала", "Район или город", "District or city"),
    ("аудан", "қала", "район", "город", "district", "city"),
)
HEADINGS: dict[Kind, dict[str, Names]] = {
    Kind.CITIZENS: {
        "iin": (Named("ЖСН", "ИИН", "IIN"), ()),
        "phone": (
            Named("Телефон", "Телефон", "Phone"),
            ("ұялы телефон", "мобильный телефон", "номер телефона", "телефон нөмірі", "mobile"),
        ),
        "full_name": (
            Named("Тегі, аты, әкесінің аты", "Фамилия, имя, отчество", "Full name"),
            ("аты-жөні", "фио", "ф.и.о.", "т.а.ә.", "name"),
        ),
        "birth_date": (
            Named("Туған күні", "Дата рождения", "Birth date"),
            ("туылған күні", "date of birth"),
        ),
    },
    Kind.APPLICATIONS: {
        "registration_number": (
            Named("Өтініштің тіркеу нөмірі", "Регистрационный номер заявления",
                  "Registration number"),
            ("тіркеу нөмірі", "регистрационный номер", "номер заявления", "өтініш нөмірі"),
        ),
        "registered_at": (
            Named("Тіркелген күні мен уақыты", "Дата и время регистрации", "Registered at"),
            ("дата регистрации", "тіркелген күні", "registration date and time"),
        ),
        "district": DISTRICT,
        "category": (
            Named("Кезек санаты", "Категория очереди", "Queue category"),
            ("санат", "санаты", "категория", "этап очереди", "category", "queue stage"),
        ),
        "applicant_iin": (
            Named("Өтініш берушінің ЖСН", "ИИН заявителя", "Applicant's IIN"),
            ("өтініш берушінің жсн-і", "applicant iin"),
        ),
        "applicant_name": (
            Named("Өтініш берушінің тегі, аты, әкесінің аты", "ФИО заявителя",
                  "Applicant's full name"),
            ("өтініш беруші", "заявитель", "фамилия имя отчество заявителя", "applicant",
             "applicant name"),
        ),
        "applicant_birth_date": (
            Named("Өтініш берушінің туған күні", "Дата рождения заявителя",
                  "Applicant's birth date"),
            ("applicant birth date",),
        ),
        "applicant_phone": (
            Named("Өтініш берушінің телефоны", "Телефон заявителя", "Applicant's phone"),
            ("телефон", "phone", "applicant phone"),
        ),
        "applicant_address": (
            Named("Тіркелген мекенжайы", "Адрес регистрации", "Registered address"),
            ("мекенжайы", "мекенжай", "адрес", "адрес заявителя", "address"),
        ),
        "child_iin": (Named("Баланың ЖСН", "ИИН ребёнка", "Child's IIN"),
                      ("баланың жсн-і", "child iin")),
        "child_name": (
            Named("Баланың тегі, аты, әкесінің аты", "ФИО ребёнка", "Child's full name"),
            ("бала", "ребёнок", "фамилия имя отчество ребёнка", "child", "child name"),
        ),
        "child_birth_date": (
            Named("Баланың туған күні", "Дата рождения ребёнка", "Child's birth date"),
            ("child birth date",),
        ),
        "applicant_email": (
            Named("Электрондық пошта", "Электронная почта", "E-mail"),
            ("email", "пошта", "почта"),
        ),
        "child_given_name": (Named("Баланың аты", "Имя ребёнка", "Child's given name"),
                             ("child given name",)),
        "privilege": (
            Named("Жеңілдік", "Льгота", "Privilege"),
            ("жеңілдігі", "льготы", "льготная категория", "privileges"),
        ),
    },
    Kind.KINDERGARTENS: {
        "district": DISTRICT,
        "name": (
            Named("Балабақшаның атауы", "Название детского сада", "Kindergarten's name"),
            ("атауы", "название", "наименование", "наименование организации", "ұйымның атауы",
             "балабақша", "детский сад", "kindergarten", "name"),
        ),
        "kind": (
            Named("Ұйымның түрі", "Вид организации", "Kind of organisation"),
            ("түрі", "вид", "тип", "kind", "kind of organization"),
        ),
        "ownership": (
            Named("Меншік нысаны", "Форма собственности", "Ownership"),
            ("меншік түрі", "собственность"),
        ),
        "phone": (Named("Телефон", "Телефон", "Phone"), ("телефоны", "контактный телефон")),
        "address": (Named("Мекенжайы", "Адрес", "Address"), ("мекенжай",)),
        "latitude": (Named("Ендік", "Широта", "Latitude"), ()),
        "longitude": (Named("Бойлық", "Долгота", "Longitude"), ()),
    },
    Kind.PLACES: {
        "district": DISTRICT,
        "kindergarten": (
            Named("Балабақша", "Детский сад", "Kindergarten"),
            ("балабақшаның атауы", "название детского сада", "наименование", "атауы", "название",
             "kindergarten name", "kindergarten's name"),
        ),
        "language": (
            Named("Оқыту тілі", "Язык обучения", "Language of instruction"),
            ("тілі", "тіл", "язык", "language"),
        ),
        "mode": (
            Named("Қабылдау режимі", "Режим приёма", "Admission mode"),
            ("режим", "режимі", "вид места", "mode"),
        ),
        "total": (
            Named("Орындардың жалпы саны", "Всего мест", "Places in total"),
            ("орын саны", "орындар", "мест", "количество мест", "число мест", "places", "total"),
        ),
        "until": (
            Named("Баруға болатын соңғы күн", "Последний день посещения",
                  "Last day of attendance"),
            ("соңғы күні", "последний день", "until", "last day"),
        ),
    },
    Kind.DAYS: {
        "date": (Named("Күні", "Дата", "Date"), ("күн", "день", "day")),
        "kind": (
            Named("Күннің түрі", "Вид дня", "Kind of day"),
            ("түрі", "вид", "тип дня", "kind"),
        ),
        "note": (
            Named("Мерекенің атауы", "Название праздника", "Holiday's name"),
            ("атауы", "название", "мереке", "праздник", "holiday", "name"),
        ),
    },
}  # fmt: skip

NEEDED: dict[Kind, frozenset[str]] = {
    kind: frozenset(fields) - (OPTIONAL[kind] - {"privilege"}) for kind, fields in FIELDS.items()
}
"""Columns without which a file is not taken. Privileges may be empty, but not left out: a file
that does not know of them would take them all away."""


@dataclass(frozen=True)
class Columns:
    """How a file is to be read. `fields`: for each column its field, None where it is not used;
    `remark` its column of remarks, None where there is none."""

    kind: Kind
    fields: tuple[str | None, ...]
    remark: int | None


@dataclass(frozen=True)
class Unrecognised:
    """A row that is no row of headings. `kind` is what it comes nearest to, None for nothing at
    all; `missing` the fields whose columns it lacks; `twice` those that two columns claim."""

    kind: Kind | None
    missing: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()


def _known(kind: Kind) -> Mapping[str, str]:
    """Folded heading -> field."""
    return {
        fold(name): field
        for field, (named, others) in HEADINGS[kind].items()
        for name in (field, named.kk, named.ru, named.en, *others)
    }


KNOWN = {kind: _known(kind) for kind in Kind}
REMARKS = {fold(REMARK.in_(language)) for language in ("kk", "ru", "en")}


def recognise(cells: Sequence[object]) -> Columns | Unrecognised:
    """Which kind these headings are of, and what each column holds."""
    told = [fold(cell) if isinstance(cell, str) else "" for cell in cells]
    best = max(Kind, key=lambda kind: _fit(kind, told))
    known = KNOWN[best]
    fields = tuple(known.get(heading) for heading in told)
    found = [field for field in fields if field]
    if len(found) < 2:
        return Unrecognised(None)
    missing = tuple(f for f in FIELDS[best] if f in NEEDED[best] and f not in found)
    twice = tuple(dict.fromkeys(field for field in found if found.count(field) > 1))
    if missing or twice:
        return Unrecognised(best, missing, twice)
    remark = next((n for n, heading in enumerate(told) if heading in REMARKS), None)
    return Columns(best, fields, remark)


def _fit(kind: Kind, told: Sequence[str]) -> tuple[bool, int]:
    """How well the headings are those of a kind: complete first, then how many are known."""
    found = {KNOWN[kind][heading] for heading in told if heading in KNOWN[kind]}
    return (found >= NEEDED[kind], len(found))
