"""The people at the desk: whom one can be in the demo. All of them are invented."""

from dataclasses import dataclass
from datetime import date, datetime

from core.clock import ALMATY
from core.staff.rules import Role

START = datetime(2026, 4, 7, 11, 30, tzinfo=ALMATY)
"""When the demo begins: minutes after the manual's application was registered (R5)."""


@dataclass(frozen=True)
class DeskPerson:
    """Somebody with Telegram and a phone; `id` is their Telegram id, `phone` is E.164.

    The citizens' base knows `iin` and `phone` as a pair (R3).
    """

    id: int
    first_name: str
    last_name: str
    full_name: str
    language_code: str
    phone: str
    iin: str
    birth_date: date


AINUR = DeskPerson(
    id=1001,
    first_name="Айнұр",
    last_name="Сәрсенова",
    full_name="Сәрсенова Айнұр Болатқызы",
    language_code="kk",
    phone="+77010000101",
    iin="930614403984",
    birth_date=date(1993, 6, 14),
)
"""Kokshetau; the manual's application ОДО.2026.248 is hers."""

ELENA = DeskPerson(
    id=1002,
    first_name="Елена",
    last_name="Рябова",
    full_name="Рябова Елена Сергеевна",
    language_code="ru",
    phone="+77010000102",
    iin="901103403213",
    birth_date=date(1990, 11, 3),
)
"""Kosshy; two children in the queue."""

DAUREN = DeskPerson(
    id=1003,
    first_name="Дәурен",
    last_name="Оспанов",
    full_name="Оспанов Дәурен Маратұлы",
    language_code="kk",
    phone="+77010000103",
    iin="880221304472",
    birth_date=date(1988, 2, 21),
)
"""Stepnogorsk; on the stop list, the place in the queue can still be restored (R8)."""

OLGA = DeskPerson(
    id=1004,
    first_name="Ольга",
    last_name="Гончар",
    full_name="Гончар Ольга Викторовна",
    language_code="ru",
    phone="+77010000104",
    iin="950830405106",
    birth_date=date(1995, 8, 30),
)
"""Bulandy; restored once, in the queue again, without a second restoring (D2)."""

GULNAR = DeskPerson(
    id=1005,
    first_name="Гүлнар",
    last_name="Тілеуова",
    full_name="Тілеуова Гүлнар Ерланқызы",
    language_code="kk",
    phone="+77010000105",
    iin="911209403634",
    birth_date=date(1991, 12, 9),
)
"""Tselinograd district; voucher confirmed, the five days to choose are running (R10)."""

PAVEL = DeskPerson(
    id=1006,
    first_name="Павел",
    last_name="Литвин",
    full_name="Литвин Павел Андреевич",
    language_code="ru",
    phone="+77010000106",
    iin="860417304197",
    birth_date=date(1986, 4, 17),
)
"""Atbasar; the child is enrolled, referral and contract are among the documents."""

ZHANNA = DeskPerson(
    id=1007,
    first_name="Жанна",
    last_name="Қасымова",
    full_name="Қасымова Жанна Серікқызы",
    language_code="kk",
    phone="+77010000107",
    iin="940125404758",
    birth_date=date(1994, 1, 25),
)
"""Akkol; archived, no contract was made in five days (R10)."""

TIMUR = DeskPerson(
    id=1008,
    first_name="Timur",
    last_name="Wagner",
    full_name="Вагнер Тимур Александрович",
    language_code="en",
    phone="+77010000108",
    iin="920905303353",
    birth_date=date(1992, 9, 5),
)
"""Burabay; in the queue while the child is on a temporary stay (D4). Reads English."""

MADINA = DeskPerson(
    id=1009,
    first_name="Мадина",
    last_name="Жүнісова",
    full_name="Жүнісова Мадина Асқарқызы",
    language_code="kk",
    phone="+77010000109",
    iin="960512403846",
    birth_date=date(1996, 5, 12),
)
"""Registered in the citizens' base, and has filed no application."""

SAULE = DeskPerson(
    id=1010,
    first_name="Сәуле",
    last_name="Бекова",
    full_name="Бекова Сәуле Нұрланқызы",
    language_code="kk",
    phone="+77010000110",
    iin="840319403129",
    birth_date=date(1984, 3, 19),
)
"""Operator of Kokshetau's education department."""

VIKTOR = DeskPerson(
    id=1011,
    first_name="Виктор",
    last_name="Ким",
    full_name="Ким Виктор Олегович",
    language_code="ru",
    phone="+77010000111",
    iin="791008302154",
    birth_date=date(1979, 10, 8),
)
"""Head at the region's education department."""

AIZHAN = DeskPerson(
    id=1012,
    first_name="Айжан",
    last_name="Омарова",
    full_name="Омарова Айжан Қайратқызы",
    language_code="kk",
    phone="+77010000112",
    iin="810720402779",
    birth_date=date(1981, 7, 20),
)
"""Administrator of the bot."""

STAFF = (
    (SAULE, Role.OPERATOR, "kokshetau"),
    (VIKTOR, Role.HEAD, None),
    (AIZHAN, Role.ADMINISTRATOR, None),
)
"""Who may open the staff desk (/desk)."""
PEOPLE = (AINUR, ELENA, DAUREN, OLGA, GULNAR, PAVEL, ZHANNA, TIMUR, MADINA, SAULE, VIKTOR, AIZHAN)
