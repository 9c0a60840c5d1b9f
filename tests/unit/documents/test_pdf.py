"""Referral and contract are pages in Kazakh and in Russian that can be read, found and trusted."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from documents.parts import METHODS
from documents.pdf import Kind, file_name, render
from tests.unit.documents.samples import GENERAL, SIGNED, TEMPORARY

KINDS: tuple[Kind, ...] = ("referral", "contract")
KAZAKH_LETTERS = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
LINE = 120
"""More letters than a line of a page can hold."""
NASTY = (
    '#panic("x") $x^2$ *жирный* _курсив_ \\ <a> & «Ә» "q" @ref `raw` [x] // c /* d */ '
    "= h - l ~ -- ... {number} %s"
)


def reader(kind: Kind, facts: dict[str, Any], language: str = "kk") -> PdfReader:
    return PdfReader(BytesIO(render(kind, facts, SIGNED, language)))


def pages(kind: Kind, facts: dict[str, Any], language: str = "kk") -> list[str]:
    """The text of each page, as one line."""
    return [" ".join(page.extract_text().split()) for page in reader(kind, facts, language).pages]


@pytest.mark.parametrize(
    ("kind", "titles"),
    [
        ("referral", ("Жолдама", "Направление")),
        ("contract", ("Электрондық келісімшарт", "Электронный договор")),
    ],
)
def test_a_page_in_kazakh_comes_first_and_one_in_russian_second(
    kind: Kind, titles: tuple[str, str]
) -> None:
    found = pages(kind, GENERAL)
    assert len(found) == 2
    for title, text in zip(titles, found, strict=True):
        assert title in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_names_the_child_the_kindergarten_and_the_signature(kind: Kind) -> None:
    """R13, D5."""
    for text in pages(kind, GENERAL):
        for value in (
            "ОДО.2026.248",
            "Әбдіғали Айару Нұрланқызы",
            "17.09.2022",
            "Әбдіғали Сәуле Төлегенқызы",
            "«Мадина» білім беру ұйымының бөбекжай-бақшасы",
            "+7 775 875 9999",
            "Көкшетау қ., Абай көшесі, 12",
            "08.04.2026, 10:32",
            SIGNED["digest"],
        ):
            assert value in text


def test_a_temporary_place_is_told_in_both_languages() -> None:
    """R16-R18."""
    kazakh, russian = pages("referral", TEMPORARY)
    for part in ("Бұл уақытша орын", "30.04.2026, бейсенбі", "04.05.2026, дүйсенбі", "жойылады"):
        assert part in kazakh
    for part in ("Это временное место", "30.04.2026, четверг", "04.05.2026, понедельник"):
        assert part in russian


def test_a_general_place_says_nothing_of_an_end() -> None:
    kazakh, russian = pages("referral", GENERAL)
    assert "уақытша" not in kazakh
    assert "временное" not in russian


def test_who_reads_english_finds_a_translation_behind() -> None:
    kazakh, _, english = pages("referral", TEMPORARY, "en")
    assert "Жолдама" in kazakh
    assert "This is a temporary place" in english


def test_all_kazakh_letters_are_in_the_file_and_can_be_copied_out() -> None:
    document = reader("referral", GENERAL | {"kindergarten": KAZAKH_LETTERS})
    assert all(KAZAKH_LETTERS in page.extract_text() for page in document.pages)
    assert fonts(document)
    assert all(fonts(document).values())


def fonts(document: PdfReader) -> dict[str, bool]:
    """Font -> is it embedded, and can its letters be copied out."""
    found = {}
    for page in document.pages:
        for reference in page["/Resources"].get_object()["/Font"].values():  # type: ignore[index]
            font = reference.get_object()
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            embedded = {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys()
            found[font["/BaseFont"]] = bool(embedded) and "/ToUnicode" in font
    return found


@pytest.mark.parametrize("field", ["kindergarten", "address", "child_name", "applicant_name"])
def test_no_name_is_taken_for_markup(field: str) -> None:
    for text in pages("referral", GENERAL | {field: NASTY}):
        assert NASTY in text


@pytest.mark.parametrize("name", ["Ұзақ атау " * 40, "Ұзақатау" * 40])
def test_a_very_long_name_stays_whole_and_on_the_page(name: str) -> None:
    document = reader("contract", GENERAL | {"kindergarten": name})
    text = "\n".join(page.extract_text() for page in document.pages)
    letters = "".join(text.split()).replace("\u200b", "")
    assert letters.count("".join(name.split())) == 2
    lines = text.replace("\u200b", "").splitlines()
    assert max(map(len, lines)) < LINE


def test_the_same_document_is_the_same_bytes() -> None:
    assert render("contract", GENERAL, SIGNED, "kk") == render("contract", GENERAL, SIGNED, "kk")


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("kk", "Электрондық келісімшарт мектепке дейінгі ұйымдағы орын туралы"),
        ("ru", "Электронный договор о месте в дошкольной организации"),
    ],
)
def test_the_title_is_in_the_readers_language_and_names_nobody(language: str, title: str) -> None:
    metadata = reader("contract", GENERAL, language).metadata
    assert metadata is not None
    assert metadata.title == title
    assert metadata.author is None


def test_the_file_is_called_by_its_signature_only() -> None:
    assert file_name("referral", 17) == "referral-17.pdf"


def test_every_way_of_signing_that_core_has_can_be_told() -> None:
    from core.signing import values

    methods = {value for name, value in vars(values).items() if name.isupper()}
    assert methods == set(METHODS)
