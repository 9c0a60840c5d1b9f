"""Names, streets and numbers of families that do not exist."""

from dataclasses import dataclass
from datetime import date
from random import Random

from core.identity.rules import IdentityError, Iin


@dataclass(frozen=True)
class FamilyName:
    """A surname as men and as women bear it."""

    male: str
    female: str


@dataclass(frozen=True)
class Tongue:
    """Names that go together: surnames, given names of girls and boys, and patronymics."""

    surnames: tuple[FamilyName, ...]
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    daughters: tuple[str, ...]
    sons: tuple[str, ...]


def _surnames(pairs: str) -> tuple[FamilyName, ...]:
    return tuple(FamilyName(*pair.split("/")) for pair in pairs.split())


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


KAZAKH = Tongue(
    surnames=_surnames(
        "Әбілов/Әбілова Бекенов/Бекенова Дүйсенов/Дүйсенова Ермеков/Ермекова Жақыпов/Жақыпова "
        "Құрманов/Құрманова Мұсаев/Мұсаева Нұрпейісов/Нұрпейісова Омаров/Омарова "
        "Сәдуақасов/Сәдуақасова Тоқтаров/Тоқтарова Үсенов/Үсенова Шәріпов/Шәріпова"
    ),
    girls=_words("Аружан Әсем Дана Еркежан Іңкәр Кәусар Медина Нұрай Раяна Томирис Ұлпан"),
    boys=_words("Алдияр Әлихан Бекзат Ерасыл Жәнібек Қайсар Мансұр Нұрислам Рамазан Санжар"),
    daughters=_words("Асқарқызы Бауыржанқызы Ғалымқызы Ерболқызы Нұрланқызы Талғатқызы"),
    sons=_words("Асқарұлы Бауыржанұлы Ғалымұлы Ерболұлы Нұрланұлы Талғатұлы"),
)
RUSSIAN = Tongue(
    surnames=_surnames(
        "Бережной/Бережная Воронин/Воронина Дьяков/Дьякова Ершов/Ершова Зимин/Зимина "
        "Ковальчук/Ковальчук Лапин/Лапина Миллер/Миллер Шульц/Шульц Щукин/Щукина"
    ),
    girls=_words("Алиса Варвара Дарья Ева Кира Мария Полина София Ульяна"),
    boys=_words("Артём Василий Глеб Данил Илья Лев Матвей Роман Фёдор"),
    daughters=_words("Алексеевна Викторовна Денисовна Игоревна Олеговна Юрьевна"),
    sons=_words("Алексеевич Викторович Денисович Игоревич Олегович Юрьевич"),
)
STREETS = (
    "Абай",
    "Ақан сері",
    "Біржан сал",
    "Бөгенбай батыр",
    "Достық",
    "Жеңіс",
    "Мұхтар Әуезов",
    "Тәуелсіздік",
    "Шоқан Уәлиханов",
    "Ыбырай Алтынсарин",
)
KAZAKH_SHARE = 0.7
PHONE_PREFIX = "+7700000"
"""Numbers that no operator has given out so far."""


@dataclass(frozen=True)
class Named:
    """One person's name: all of it, and what they are called."""

    full: str
    given: str


def family(random: Random) -> tuple[Tongue, FamilyName]:
    """A family: which names it gives, and its surname."""
    tongue = KAZAKH if random.random() < KAZAKH_SHARE else RUSSIAN
    return tongue, random.choice(tongue.surnames)


def name(random: Random, tongue: Tongue, surname: FamilyName, *, female: bool) -> Named:
    """Somebody of that family."""
    given = random.choice(tongue.girls if female else tongue.boys)
    patronymic = random.choice(tongue.daughters if female else tongue.sons)
    return Named(f"{surname.female if female else surname.male} {given} {patronymic}", given)


class Registry:
    """Gives out IINs and phones, none of them twice."""

    def __init__(self) -> None:
        self._serial = 1000
        self._phone = 0

    def iin(self, born: date, *, female: bool) -> str:
        """A valid IIN of somebody born that day."""
        century = 3 if born.year < 2000 else 5
        while True:
            self._serial += 1
            start = f"{born:%y%m%d}{century + female}{self._serial:04d}"
            for last in range(10):
                try:
                    return Iin(f"{start}{last}").value
                except IdentityError:
                    continue

    def phone(self) -> str:
        """A mobile phone in E.164."""
        self._phone += 1
        return f"{PHONE_PREFIX}{self._phone:04d}"
