"""Kazakh letters: search that a Russian keyboard can use, and the order of the alphabet."""

from unicodedata import normalize

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
LOOK_ALIKES = str.maketrans("әғқңөұүһіёй", "агкноуухиеи")
ORDER = {letter: position for position, letter in enumerate(ALPHABET)}


def fold(text: str) -> str:
    """Lower case, look-alikes as a Russian keyboard types them, letters and digits only:
    `Қарлығаш` and `карлыгаш` are the same."""
    folded = normalize("NFC", text).casefold().translate(LOOK_ALIKES)
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def sort_key(text: str) -> str:
    """What `text` is sorted by in a database, byte by byte: letters by the Kazakh alphabet, other
    signs after them."""
    return "".join(
        chr(ord("0") + ORDER[c]) if c in ORDER else f"~{c}"
        for c in text.casefold()
        if c.isalnum() or c == " "
    )


def alphabetical(text: str) -> list[tuple[int, int | str]]:
    """A sort key by the Kazakh alphabet; other signs come after it."""
    return [
        (0, ORDER[c]) if c in ORDER else (1, c) for c in text.casefold() if c.isalnum() or c == " "
    ]
