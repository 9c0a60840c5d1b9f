"""How many segments a text takes: what an operator counts and charges (3GPP TS 23.038, 23.040)."""

from collections.abc import Iterable

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each takes two places: an escape and itself."""

GSM_ALONE, GSM_JOINED = 160, 153
UCS2_ALONE, UCS2_JOINED = 70, 67
"""Places in a message of one segment, and in each segment of a longer one."""


def segments(text: str) -> int:
    """The number of segments. One Kazakh or Russian letter makes the whole text UCS-2."""
    if GSM_BASIC.union(GSM_EXTENDED).issuperset(text):
        return _pack([2 if letter in GSM_EXTENDED else 1 for letter in text], GSM_ALONE, GSM_JOINED)
    return _pack([2 if ord(letter) > 0xFFFF else 1 for letter in text], UCS2_ALONE, UCS2_JOINED)


def _pack(widths: Iterable[int], alone: int, joined: int) -> int:
    """Segments needed when no letter of two places may be cut in half."""
    widths = list(widths)
    if sum(widths) <= alone:
        return 1
    count, filled = 1, 0
    for width in widths:
        if filled + width > joined:
            count, filled = count + 1, 0
        filled += width
    return count
