"""README and CONTRIBUTING name what there is, and nothing else."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)]+)\)")
FILES = re.compile(r"`((?:bot|core|docs|documents|locales|tests)/[a-z0-9_/.]*)`")


def test_every_setting_is_in_the_readme_and_no_other() -> None:
    table = README.split("### Settings")[1].split("###")[0]
    cells = [row.split("|")[1] for row in table.splitlines() if row.startswith("|")]
    names = {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}
    assert names == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_file_that_is_named_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    linked = {t for t in LINK.findall(text) if "://" not in t}
    named = set(FILES.findall(text))
    assert not {name for name in linked | named if not (ROOT / name).exists()}
