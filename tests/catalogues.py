"""The catalogues of texts: gathered from the code, complete in every language, and sound.

`python -m tests.catalogues` checks; `--update [domain …]` gathers the texts of the code into the
catalogues, keeps their translations and leaves new ones empty for a person to fill.
"""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from locales.texts import FOLDER, LANGUAGES

ROOT = FOLDER.parent
KEYWORDS = {
    "t": None,
    "plain": None,
    "mark": None,
    "plural": (1, 2),
    "plain_plural": (1, 2),
}
DOMAINS: dict[str, tuple[str, ...]] = {
    "base": ("bot/**/*.py", "core/**/*.py", "webhook.py"),  # what no other domain names
    "entering": tuple(
        f"bot/**/{name}.py"
        for name in ("start", "language", "district", "login*", "menu", "mydata", "commands")
    ),
    "applications": tuple(
        f"bot/**/{name}.py"
        for name in (
            "journal",
            "application",
            "history",
            "deadline",
            "words",
            "voucher",
            "signing",
            "notices",
            "terms",
            "stays",
            "closing",
            "lives",
            "sms",
        )
    ),
    "places": ("bot/**/places.py", "bot/**/place.py"),
    "guide": tuple(f"bot/**/{name}.py" for name in ("guide", "topics", "support", "fallback")),
    "documents": ("documents/**/*.py",),
    "staff": tuple(
        f"bot/**/staff/{name}.py" for name in ("desk", "roles", "base", "audit", "outages")
    ),
    "vouchers": tuple(
        f"bot/**/staff/{name}.py" for name in ("issuing", "distribution", "renewal", "leaves")
    ),
    "families": tuple(f"bot/**/staff/{name}.py" for name in ("families", "family*", "calls")),
    "registry": tuple(f"bot/**/staff/{name}.py" for name in ("imports", "exports")),
    "broadcasts": ("bot/**/staff/broadcast*.py", "bot/**/broadcast*.py"),
    "figures": ("bot/**/staff/figures.py", "bot/**/forecast.py", "bot/**/digest.py"),
}
"""Domain -> the code whose texts it holds: one room, one catalogue."""

Id = str | tuple[str, str]
TAG = re.compile(r"</?[a-z]+[^>]*>")
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""The catalogues carry no true date, so that gathering twice changes nothing."""


def files(domain: str) -> list[Path]:
    """The code of a domain."""
    found = {path for pattern in DOMAINS[domain] for path in ROOT.glob(pattern)}
    if domain == "base":
        for other in DOMAINS:
            if other != "base":
                found -= set(files(other))
    return sorted(found)


def texts_of_code() -> dict[str, dict[Id, list[str]]]:
    """Domain -> text -> the files that use it. A text belongs to the first domain that has it."""
    seen: set[Id] = set()
    domains: dict[str, dict[Id, list[str]]] = {}
    for domain in DOMAINS:
        texts: dict[Id, list[str]] = {}
        for path in files(domain):
            name = str(path.relative_to(ROOT))
            for _, found, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
                identity = found if isinstance(found, str) else (found[0], found[1])
                if identity not in seen:
                    texts.setdefault(identity, []).append(name)
        seen |= texts.keys()
        domains[domain] = texts
    return domains


def path_of(language: str, domain: str) -> Path:
    """Where a catalogue lies."""
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def read(language: str, domain: str) -> Catalog:
    """A catalogue; an empty one where none is."""
    path = path_of(language, domain)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, domain: str, texts: dict[Id, list[str]]) -> None:
    """Write the catalogue anew: the texts of the code with the translations it had."""
    # A text that has moved to another domain brings its translation along.
    old = [read(language, name) for name in (domain, *DOMAINS)]
    new = Catalog(
        locale=language,
        domain=domain,
        project="Orynbot",
        version="1",
        copyright_holder="Orynbot",
        msgid_bugs_address="issues",
        creation_date=WRITTEN,
        revision_date=WRITTEN,
        last_translator="Orynbot",
        language_team=language,
        header_comment=f"# Orynbot, {domain}",
        fuzzy=False,
    )
    for message, names in texts.items():
        written = message if language == "en" else kept(old, message)
        new.add(message, written, locations=[(name, 0) for name in dict.fromkeys(names)])
    path = path_of(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=100, include_lineno=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, new)


def kept(catalogues: list[Catalog], identity: Id) -> str | list[str] | tuple[str, ...] | None:
    """The translation that one of the catalogues has."""
    for catalogue in catalogues:
        had = catalogue.get(identity if isinstance(identity, str) else identity[0])
        if had is not None and identity_of(had) == identity and all(forms(had)):
            return had.string
    return None


def identity_of(message: Message) -> Id:
    """What the code calls a message by."""
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def forms(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or one for each grammatical number."""
    string = message.string
    return tuple(string) if isinstance(string, list | tuple) else (string or "",)


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def faults(catalog: Catalog, texts: dict[Id, list[str]]) -> Iterator[str]:
    """What is wrong with a catalogue, given the texts of its code."""
    had = {identity_of(message): message for message in catalog if message.id}
    for identity in had.keys() - texts.keys():
        yield f"no code uses: {identity!r}"
    for identity in texts.keys() - had.keys():
        yield f"not gathered: {identity!r}"
    for identity in had.keys() & texts.keys():
        message = had[identity]
        source = identity if isinstance(identity, str) else identity[1]
        if message.fuzzy or not all(forms(message)):
            yield f"not translated: {identity!r}"
            continue
        if len(forms(message)) != (1 if isinstance(identity, str) else catalog.num_plurals):
            yield f"wrong number of plural forms: {identity!r}"
        for form in forms(message):
            try:
                given = placeholders(form)
            except ValueError:
                yield f"braces that do not close: {form!r}"
                continue
            optional = set() if isinstance(identity, str) else {"count"}
            if given | optional != placeholders(source) | optional:
                yield f"other placeholders than {source!r}: {form!r}"
            if sorted(TAG.findall(form)) != sorted(TAG.findall(source)):
                yield f"other tags than {source!r}: {form!r}"
    write_mo(BytesIO(), catalog)


def check() -> list[str]:
    """Everything that is wrong, as lines to read."""
    domains = texts_of_code()
    lines = [
        f"{path_of(language, domain).relative_to(ROOT)}: {fault}"
        for language in LANGUAGES
        for domain, texts in domains.items()
        for fault in sorted(faults(read(language, domain), texts))
    ]
    known = {path_of(language, domain) for language in LANGUAGES for domain in domains}
    lines += [
        f"{path.relative_to(ROOT)}: no such domain"
        for path in sorted(set(FOLDER.glob("*/LC_MESSAGES/*.po")) - known)
    ]
    return lines


def main(arguments: list[str]) -> int:
    if arguments and arguments[0] == "--update":
        domains = texts_of_code()
        for domain in arguments[1:] or DOMAINS:
            for language in LANGUAGES:
                update(language, domain, domains[domain])
        return 0
    lines = check()
    sys.stderr.writelines(f"{line}\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
