"""Pictures, drawn by typst from a template and values."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from documents.pdf import FONTS

PIXELS_PER_INCH = 216
"""Three pixels a point."""


def draw(
    template: Path, name: str, values: Mapping[str, Any], *, ppi: float = PIXELS_PER_INCH
) -> bytes:
    """The template as PNG, with the values as its input `name`. They go as data, never as source,
    so that no name can be markup."""
    png = typst.compile(
        template,
        format="png",
        ppi=ppi,
        font_paths=FONTS,
        sys_inputs={name: json.dumps(values, ensure_ascii=False)},
    )
    assert isinstance(png, bytes)
    return png
