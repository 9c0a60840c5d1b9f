"""The page speaks three languages, all of it."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from sandbox.app import PAGE

pytestmark = pytest.mark.browser
LANGUAGES = {"kk", "ru", "en"}
NAMES_ONLY = {"texts.js", "share.js", "language.js"}
"""The dictionary itself, names of towns and of languages."""
COMMENT = re.compile(r"/\*[\s\S]*?\*/|\s//\s.*")
LETTERS = re.compile(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]")
NAMED = re.compile(
    r"""data-t(?:-label|-placeholder)?="(\w+)"|\b(?:t|list)\("(\w+)"|"data-t": "(\w+)\""""
)
SAME_EVERYWHERE = {"Orynbot", "SMS", "akmola.kz"}


@pytest.fixture
async def dictionary(chromium: Browser) -> Any:
    """Key → language → text or list of texts."""
    page = await chromium.new_page()
    source = (PAGE / "texts.js").read_text(encoding="utf-8")
    return await page.evaluate(
        "async s => (await import('data:text/javascript,' + encodeURIComponent(s))).TEXTS", source
    )


def sources() -> list[Path]:
    return sorted(path for path in PAGE.iterdir() if path.suffix in {".js", ".html"})


async def test_every_text_is_there_in_three_languages(dictionary: Any) -> None:
    """None is missing or empty, lists are as long, and places for values are the same."""
    for key, said in dictionary.items():
        assert set(said) == LANGUAGES, key
        assert all(said.values()), key
        shapes = {
            str(sorted(re.findall(r"{\w+}", text))) if isinstance(text, str) else len(text)
            for text in said.values()
        }
        assert len(shapes) == 1, key


async def test_every_text_of_the_page_comes_from_the_dictionary(dictionary: Any) -> None:
    """What is named exists, what exists is used, and no words stand beside it."""
    code = {path.name: COMMENT.sub("", path.read_text(encoding="utf-8")) for path in sources()}
    named = {name for text in code.values() for match in NAMED.findall(text) for name in match}
    assert named - {""} <= set(dictionary)
    elsewhere = "\n".join(text for name, text in code.items() if name != "texts.js")
    assert [key for key in dictionary if f'"{key}"' not in elsewhere] == []
    for name, text in code.items():
        if name not in NAMES_ONLY:
            foreign = [line for line in text.splitlines() if LETTERS.search(line)]
            assert [line for line in foreign if "ОДО.2026.248" not in line] == [], name
    bare = re.findall(r">\s*([^<>{}]*\w[^<>{}]*?)\s*<", code["index.html"])
    assert set(bare) <= SAME_EVERYWHERE
