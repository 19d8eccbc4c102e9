"""What can be read off the raw fields of a visit form that is not finished yet."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

Fields = Sequence[tuple[str, str]]

PICKED = re.compile(r"#[1-9][0-9]{0,8}", re.ASCII)
CLIENT_ID = re.compile(r"[0-9a-f-]{36}")
FIELD = re.compile(r"[a-z_]{1,40}(-[0-9]{1,3}-[a-z_]{1,40})?")
FRAME = {"csrf_token", "submission_id", "opened_at", "revision"}
UNKEPT = frozenset({*FRAME, "draft_revision", "client_id", "show", "more"})
TELLING = re.compile(
    r"enterprise_ids|enterprises|new_name|summary|place|"
    r"(problems|promises|outsiders)-[0-9]+-(title|description|wish|how|what|name|red_flag|confidential)"
)
WORDS = re.compile(r"summary|problems-[0-9]+-(title|description)|promises-[0-9]+-what")
MOST_SHOWN = 60


def is_client_id(text: str) -> bool:
    """Say whether this can be the id a visit form carries."""
    return CLIENT_ID.fullmatch(text) is not None


def is_kept(name: str) -> bool:
    """Say whether a draft keeps this field of the form."""
    return name not in UNKEPT and FIELD.fullmatch(name) is not None


def says_something(fields: Fields) -> bool:
    """Say whether anything was entered beyond what an empty form shows."""
    return any(TELLING.fullmatch(name) and value.strip() for name, value in fields)


def values_in(fields: Fields, *names: str) -> list[str]:
    """What stands in these fields."""
    return [value.strip() for name, value in fields if name in names and value.strip()]


def firms_in(fields: Fields) -> list[int]:
    """The ids of the enterprises ticked or picked from the type-ahead."""
    parts = [part.strip() for text in values_in(fields, "enterprises") for part in text.split(",")]
    picked = [part.removeprefix("#") for part in parts if PICKED.fullmatch(part)]
    ticked = [text for text in values_in(fields, "enterprise_ids") if PICKED.fullmatch(f"#{text}")]
    return list(dict.fromkeys(map(int, ticked + picked)))


def day_in(fields: Fields) -> date | None:
    """The day of the visit, where it can be read."""
    for text in values_in(fields, "visited_on"):
        try:
            return date.fromisoformat(text)
        except ValueError:
            continue
    return None


def first_words(fields: Iterable[tuple[str, str]]) -> str:
    """The beginning of the first text of some length: a problem, a promise or the note."""
    for name, value in fields:
        if WORDS.fullmatch(name) and value.strip():
            return " ".join(value.split())[:MOST_SHOWN]
    return ""
