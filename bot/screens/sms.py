"""Texts of SMS: one segment, 70 characters, as Kazakh letters force UCS-2."""

from locales.texts import mark, texts

CODES = {
    "login": mark("akmola.kz: entry code {digits}. Tell no one."),
    "sign": mark("akmola.kz: code for signing {digits}. Tell no one."),
}


def code_text(purpose: str, language: str, digits: str) -> str:
    """The message that carries a one-time code; `purpose` is "login" or "sign"."""
    return texts(language).plain(CODES[purpose], digits=digits)
