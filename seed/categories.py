"""Queue stages and privileges to begin with: data that staff may change."""

from datetime import date

from core.applications.tables import CategoryRecord, PrivilegeRecord

OUT_OF_TURN = "out_of_turn"
FIRST = "first"
AGED_3 = "aged_3"
"""The stage of the manual's application (R5)."""
AGED_2 = "aged_2"
AGED_1 = "aged_1"

CATEGORIES = (
    (
        OUT_OF_TURN,
        "кезектен тыс орын алуға құқығы бар балалар, кезекке қойылған күні бойынша",
        "дети, имеющие право на место вне очереди, по дате постановки на очередь",
        "children entitled to a place out of turn, by the date of registration",
    ),
    (
        FIRST,
        "бірінші кезекте орын алуға құқығы бар балалар, кезекке қойылған күні бойынша",
        "дети, имеющие право на место в первую очередь, по дате постановки на очередь",
        "children entitled to a place first, by the date of registration",
    ),
    (
        AGED_3,
        "кезекте тұрған, жасы бойынша 3 жасқа толған балалар, кезекке қойылған күні бойынша",
        "стоящие в очереди дети, которым исполнилось 3 года, по дате постановки на очередь",
        "children in the queue who have turned 3, by the date of registration",
    ),
    (
        AGED_2,
        "кезекте тұрған, жасы бойынша 2 жасқа толған балалар, кезекке қойылған күні бойынша",
        "стоящие в очереди дети, которым исполнилось 2 года, по дате постановки на очередь",
        "children in the queue who have turned 2, by the date of registration",
    ),
    (
        AGED_1,
        "кезекте тұрған, жасы бойынша 1 жасқа толған балалар, кезекке қойылған күні бойынша",
        "стоящие в очереди дети, которым исполнился 1 год, по дате постановки на очередь",
        "children in the queue who have turned 1, by the date of registration",
    ),
)
"""Code, қазақша, русский, English; in the order of the queue."""
MIN_AGES = {AGED_3: 3, AGED_2: 2, AGED_1: 0}
"""From how many full years on; the youngest stage takes babies too."""

PRIVILEGES = (
    (
        "serviceman",
        OUT_OF_TURN,
        "әскери қызметшінің баласы",
        "ребёнок военнослужащего",
        "child of a serviceman",
    ),
    (
        "special_services",
        OUT_OF_TURN,
        "арнаулы мемлекеттік орган қызметкерінің баласы",
        "ребёнок сотрудника специальных государственных органов",
        "child of special services' staff",
    ),
    (
        "parent_with_disability",
        FIRST,
        "мүгедектігі бар ата-ананың баласы",
        "ребёнок родителя с инвалидностью",
        "child of a parent with a disability",
    ),
    (
        "no_parental_care",
        FIRST,
        "ата-анасының қамқорлығынсыз қалған бала",
        "ребёнок, оставшийся без попечения родителей",
        "child without parental care",
    ),
    ("orphan", FIRST, "жетім бала", "ребёнок-сирота", "orphan"),
    (
        "large_family",
        FIRST,
        "көпбалалы отбасының баласы",
        "ребёнок из многодетной семьи",
        "child of a large family",
    ),
    (
        "special_needs",
        FIRST,
        "ерекше білім беру қажеттілігі бар бала",
        "ребёнок с особыми образовательными потребностями",
        "child with special educational needs",
    ),
    (
        "disabled_child_in_family",
        FIRST,
        "мүгедектігі бар бала тәрбиелеп отырған отбасының баласы",
        "ребёнок из семьи, где есть ребёнок с инвалидностью",
        "child of a family with a disabled child",
    ),
    ("teacher", FIRST, "педагогтің баласы", "ребёнок педагога", "child of a teacher"),
)
"""Code, the category that it leads to, қазақша, русский, English."""

LEADS_TO = {code: category for code, category, *_ in PRIVILEGES}


def category_of(born: date, privilege: str | None, today: date) -> str:
    """The queue stage of a child: by privilege, else by age in full years."""
    if privilege is not None:
        return LEADS_TO[privilege]
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return {0: AGED_1, 1: AGED_1, 2: AGED_2}.get(years, AGED_3)


def categories() -> list[CategoryRecord]:
    """The queue stages as records."""
    return [
        CategoryRecord(
            code=code,
            position=position,
            min_age=MIN_AGES.get(code),
            name_kk=kk,
            name_ru=ru,
            name_en=en,
        )
        for position, (code, kk, ru, en) in enumerate(CATEGORIES, start=1)
    ]


def privileges() -> list[PrivilegeRecord]:
    """The privileges as records."""
    return [
        PrivilegeRecord(code=code, name_kk=kk, name_ru=ru, name_en=en)
        for code, _, kk, ru, en in PRIVILEGES
    ]
