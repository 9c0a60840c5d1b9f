"""The lifecycle's diagram in docs/rules.md, drawn from its table.

`python -m tests.diagram` tells whether the page is stale; `--update` draws it anew.
"""

import sys
from pathlib import Path

from core.applications.rules import BY_STAFF, LIFECYCLE, REOPENS, Event, Status, Transition
from core.calendar.rules import WorkingDays

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"
BEGIN = "<!-- lifecycle: drawn by `python -m tests.diagram --update` -->\n"
END = "<!-- end of lifecycle -->\n"


def diagram() -> str:
    """A Mermaid state diagram: an arrow for every pair of the table."""
    lines = ["stateDiagram-v2", *(f'  state "{_words(s)}" as {s.value}' for s in Status)]
    lines.append(f"  [*] --> {Status.IN_QUEUE.value}")
    lines += [_arrow(source, event, to) for (source, event), to in LIFECYCLE.items()]
    lines += [f"  {status.value} --> [*]" for status in Status if _final(status)]
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


def updated(page: str) -> str:
    """`page` with the diagram of the table as it is. ValueError when its markers are missing."""
    before, rest = _cut(page, BEGIN)
    _, after = _cut(rest, END)
    return before + BEGIN + diagram() + END + after


def main(arguments: list[str]) -> int:
    page = PAGE.read_text(encoding="utf-8")
    fresh = updated(page)
    if arguments == ["--update"]:
        PAGE.write_text(fresh, encoding="utf-8")
        return 0
    if page != fresh:
        sys.stderr.write("docs/rules.md is stale: python -m tests.diagram --update\n")
        return 1
    return 0


def _arrow(source: Status, event: Event, transition: Transition) -> str:
    label = f"{_words(event)} ({transition.rules})"
    if transition.term is not None:
        unit = "working" if isinstance(transition.term, WorkingDays) else "calendar"
        label += f", then {transition.term.count} {unit} days"
    return f"  {source.value} --> {transition.target.value}: {label}"


def _words(name: Status | Event) -> str:
    return name.value.replace("_", " ")


def _final(status: Status) -> bool:
    """Nothing leads out of it by itself: at most, what the sweep did is taken back (D8), or staff
    decide (D14)."""
    outside = {*REOPENS, *BY_STAFF}
    return not any(source is status and event not in outside for source, event in LIFECYCLE)


def _cut(text: str, marker: str) -> tuple[str, str]:
    before, found, after = text.partition(marker)
    if not found:
        raise ValueError(f"docs/rules.md lacks the line {marker.strip()}")
    return before, after


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
