"""docs/rules.md is what the code does, and has every rule that the code cites."""

import re
from pathlib import Path

import pytest

from core.applications.rules import LIFECYCLE
from tests.diagram import BEGIN, END, PAGE, diagram, updated

ROOT = PAGE.parent.parent
RULES = {f"R{n}" for n in range(1, 19)} | {f"D{n}" for n in range(1, 20)}
CODE = ("bot", "core", "documents", "seed", "tests", "webhook.py", "demo.py")
CITED = re.compile(r"\b[RD][0-9]{1,2}\b")
ANCHOR = re.compile(r'<a id="([a-z0-9]+)"></a>\*\*([RD][0-9]+)\.')


def test_the_diagram_is_that_of_the_table() -> None:
    """`python -m tests.diagram --update` draws it anew."""
    page = PAGE.read_text(encoding="utf-8")
    assert page == updated(page)


def test_every_pair_of_the_table_is_an_arrow() -> None:
    drawn = diagram()
    for (status, event), transition in LIFECYCLE.items():
        words = event.value.replace("_", " ")
        assert f"{status.value} --> {transition.target.value}: {words} (" in drawn


def test_a_stale_diagram_is_seen() -> None:
    page = f"before\n{BEGIN}stale\n{END}after\n"
    assert updated(page) == f"before\n{BEGIN}{diagram()}{END}after\n"


def test_a_page_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the line"):
        updated(BEGIN)


def test_every_rule_has_its_anchor() -> None:
    found = ANCHOR.findall(PAGE.read_text(encoding="utf-8"))
    assert all(anchor == rule.lower() for anchor, rule in found)
    assert sorted(rule for _, rule in found) == sorted(RULES)


def test_every_link_on_the_page_leads_somewhere() -> None:
    page = PAGE.read_text(encoding="utf-8")
    headings = {h.lower().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", page, re.MULTILINE)}
    anchors = {anchor for anchor, _ in ANCHOR.findall(page)} | headings
    for target in re.findall(r"\]\(([^)]+)\)", page):
        if target.startswith("#"):
            assert target[1:] in anchors
        else:
            assert (PAGE.parent / target).exists()


def test_every_rule_that_is_cited_is_on_the_page() -> None:
    cited = {rule: path for path in _code() for rule in CITED.findall(path.read_text("utf-8"))}
    assert not {rule: path for rule, path in cited.items() if rule not in RULES}


def _code() -> list[Path]:
    roots = [ROOT / name for name in CODE]
    return [p for root in roots for p in ([root] if root.is_file() else root.rglob("*.py"))]
