"""Keep the catalogues in step with the source: extract, update, fill English, check, compile."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
LANGUAGES = ("zh", "en")
SOURCES = ("visits", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
STRICT = {"**": {"silent": "false"}}
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "lazy_gettext", "_l", "N_"), None),
    **dict.fromkeys(("ngettext", "lazy_ngettext"), (1, 2)),
    **dict.fromkeys(("pgettext", "lazy_pgettext"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdif]")


def po_path(language: str) -> Path:
    """Locate a language's catalogue."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def extract() -> Catalog:
    """Read every message out of the Python modules and templates."""
    template = Catalog(project="Visits", charset="utf-8")
    for folder in SOURCES:
        found = extract_from_dir(ROOT / folder, METHODS, STRICT, KEYWORDS, directory_filter=is_source)
        for _, _, message, _, context in found:
            template.add(message, context=context)
    for _, message, _, context in extract_from_file("python", ROOT / "config.py", KEYWORDS):
        template.add(message, context=context)
    return template


def is_source(folder: str) -> bool:
    """Say yes to every folder: the extractor by itself would pass over templates/_components."""
    return not folder.endswith("__pycache__")


def new_catalogue(language: str) -> Catalog:
    """Make an empty catalogue with a header that says nothing needless."""
    return Catalog(
        locale=language,
        header_comment="# What Visits says, by its English sentences. `make messages` keeps it in step.",
        project="Visits",
        version="1",
        msgid_bugs_address="none",
        last_translator="Visits",
        language_team="Visits",
        revision_date=datetime(2026, 11, 23, tzinfo=UTC),
        creation_date=datetime(2026, 11, 23, tzinfo=UTC),
        charset="utf-8",
        fuzzy=False,
    )


def read(language: str) -> Catalog:
    """Read a language's catalogue; a missing one is empty."""
    if not po_path(language).exists():
        return new_catalogue(language)
    with po_path(language).open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, template: Catalog) -> Catalog:
    """Bring a catalogue to the messages of the source; English says what the source says."""
    catalog = read(language)
    template.creation_date = catalog.creation_date
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    if language == "en":
        for message in real_messages(catalog):
            message.string = message.id
    return catalog


def real_messages(catalog: Catalog) -> list[Message]:
    """List the messages without the header."""
    return [message for message in catalog if message.id]


def texts(message: Message) -> list[str]:
    """List a message's translations: one, or one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ("",))


def write(language: str, catalog: Catalog) -> None:
    """Write a catalogue so that two writings of the same messages are the same bytes."""
    po_path(language).parent.mkdir(parents=True, exist_ok=True)
    with po_path(language).open("wb") as file:
        write_po(file, catalog, sort_output=True, width=100, no_location=True)


def compile_catalogue(language: str) -> None:
    """Write the catalogue the application reads."""
    with po_path(language).with_suffix(".mo").open("wb") as file:
        write_mo(file, read(language))


def faults_of(language: str, template: Catalog) -> list[str]:
    """Say, a sentence each, what is missing or wrong in one catalogue."""
    catalog = read(language)
    known = {(message.context, message.id) for message in real_messages(catalog)}
    wanted = {(message.context, message.id) for message in real_messages(template)}
    out_of_step = [
        f"{language}: not in step with the source: {key[1]!r}" for key in sorted(known ^ wanted, key=str)
    ]
    return out_of_step + [
        fault for message in real_messages(catalog) for fault in message_faults(language, message)
    ]


def message_faults(language: str, message: Message) -> list[str]:
    """Say what is missing or wrong in one translation."""
    if message.fuzzy or not all(texts(message)):
        return [f"{language}: not translated: {message.id!r}"]
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    allowed = {name for source in sources for name in PLACEHOLDER.findall(source)}
    needed = set(PLACEHOLDER.findall(sources[-1]))
    return [
        f"{language}: placeholders of {sources[-1]!r} differ in {text!r}"
        for text in texts(message)
        if not needed - {"num"} <= set(PLACEHOLDER.findall(text)) <= allowed
    ]


def update_all() -> int:
    """Update and compile both catalogues."""
    template = extract()
    for language in LANGUAGES:
        catalog = updated(language, template)
        write(language, catalog)
        compile_catalogue(language)
        missing = sum(not all(texts(message)) for message in real_messages(catalog))
        print(f"{language}: {len(real_messages(catalog))} messages, {missing} not translated.")
    return 0


def compile_all() -> int:
    """Compile both catalogues as they are."""
    for language in LANGUAGES:
        compile_catalogue(language)
    return 0


def check_all() -> int:
    """Fail when a catalogue is behind the source or incomplete."""
    template = extract()
    faults = [fault for language in LANGUAGES for fault in faults_of(language, template)]
    if faults:
        print("\n".join(faults), file=sys.stderr)
        print("Run `make messages`, then translate what is missing.", file=sys.stderr)
        return 1
    print(f"Both catalogues have all {len(real_messages(template))} messages.")
    return 0


STEPS = {"update": update_all, "compile": compile_all, "check": check_all}

if __name__ == "__main__":
    if sys.argv[1:] not in ([step] for step in STEPS):
        sys.exit("Usage: python tools/messages.py update|compile|check")
    sys.exit(STEPS[sys.argv[1]]())
