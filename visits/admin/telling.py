"""How an entry of the audit log reads: its fields with labels, numbers as names, changes as "old → new"."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext

from visits.admin.words import CHANGING, FIELDS, FIELDS_OF, REFERENCES, VALUES
from visits.core.periods import SITE_ZONE
from visits.core.settings import KNOWN
from visits.core.subjects import SUBJECTS

ARROW = " → "
NOTHING = "—"
LENGTH = 120
Names = Mapping[tuple[str, int], str]


def told(row: Any, names: Names, most: int | None = LENGTH) -> Iterator[tuple[str, str]]:
    """Yield label and words of each field that says something, long ones cut to `most`."""
    for key, value in row.changes.items():
        if value in (None, "", []) or _is_said_elsewhere(row, key):
            continue
        words = _words(row.action, key, value, names)
        is_long = most is not None and len(words) > most
        yield _label(row.action, key), f"{words[:most]}…" if is_long else words


def _is_said_elsewhere(row: Any, key: str) -> bool:
    """Leave out an id that stands beside its name, and the number of the problem the entry is about."""
    is_named = key.endswith("_id") and key.removesuffix("_id") in row.changes
    return is_named or (key == "number" and row.subject_type == "issues")


def _label(action: str, key: str) -> str:
    area = action.partition(".")[0]
    return gettext(FIELDS_OF.get(f"{area}.{key}") or FIELDS.get(key, key))


def subject_of(row: Any, names: Names) -> str:
    """What the entry is about: the kind of record and its name, or its number where it has none."""
    if row.subject_type is None:
        return ""
    label = gettext(SUBJECTS[row.subject_type][0]) if row.subject_type in SUBJECTS else row.subject_type
    return f"{label} {names.get((row.subject_type, row.subject_id), f'#{row.subject_id}')}"


def _words(action: str, key: str, value: Any, names: Names) -> str:
    is_pair = isinstance(value, list) and len(value) == 2
    if is_pair and (action in CHANGING or any(isinstance(part, list) for part in value)):
        return ARROW.join(_said(key, part, names) for part in value)
    return _said(key, value, names)


def _said(key: str, value: Any, names: Names) -> str:
    if isinstance(value, list):
        return gettext(", ").join(_said(key, part, names) for part in value) or NOTHING
    if isinstance(value, dict):
        return gettext(", ").join(f"{name} {number}" for name, number in value.items())
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if key in REFERENCES and isinstance(value, int):
        return names.get((REFERENCES[key], value), f"#{value}")
    if key == "key" and value in KNOWN:
        return gettext(KNOWN[value].label)
    if key.endswith("_at"):
        return _moment(str(value))
    label = VALUES.get(key, {}).get(value)
    return gettext(label) if label else str(value)


def _moment(text: str) -> str:
    """A moment of the log on the site's clock; what is none stays as it is."""
    try:
        return f"{datetime.fromisoformat(text).astimezone(SITE_ZONE):%Y-%m-%d %H:%M}"
    except ValueError:
        return text
