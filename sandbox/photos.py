"""What Telegram takes as a photo: PNG and JPEG, not too large, not too long."""

from __future__ import annotations

from sandbox.errors import BadRequest
from sandbox.state import StoredFile

LARGEST = 10 * 1024 * 1024  # bytes
LONGEST = 10_000  # pixels, width and height together
STEEPEST = 20  # of the longer side to the shorter

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG after which its size stands."""


def photo_size(stored: StoredFile, content: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises BadRequest, in Telegram's words."""
    if stored.size > LARGEST:
        raise BadRequest("file is too big")
    size = _size_of(content)
    if size is None:
        raise BadRequest("IMAGE_PROCESS_FAILED")
    if sum(size) > LONGEST or max(size) > STEEPEST * min(size):
        raise BadRequest("PHOTO_INVALID_DIMENSIONS")
    return size


def _size_of(content: bytes) -> tuple[int, int] | None:
    """None for what is no picture."""
    if content.startswith(PNG) and content[12:16] == b"IHDR" and len(content) >= 24:
        size = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    elif content.startswith(JPEG):
        size = _size_of_jpeg(content)
    else:
        return None
    return size if all(size) else None


def _size_of_jpeg(content: bytes) -> tuple[int, int]:
    """(0, 0) where it tells none."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in FRAMES:
            height, width = content[at + 5 : at + 7], content[at + 7 : at + 9]
            return int.from_bytes(width), int.from_bytes(height)
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return 0, 0
