"""How an entry of the audit log reads: its fields with labels, numbers as names, changes as "old → new"."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext

from visits.admin.words import CHANGING, FIELDS, REFERENCES, SUBJECTS, VALUES
from visits.core.settings import KNOWN

ARROW = " → "
NOTHING = "—"
LENGTH = 120
Names = Mapping[tuple[str, int], str]


def told(row: Any, names: Names, most: int | None = LENGTH) -> Iterator[tuple[str, str]]:
    """Yield label and words of each field that says something, long ones cut to `most`."""
    for key, value in row.changes.items():
        if value in (None, "", []) or (key.endswith("_id") and key.removesuffix("_id") in row.changes):
            continue
        words = _words(row.action, key, value, names)
        yield (
            gettext(FIELDS.get(key, key)),
            words if most is None or len(words) <= most else f"{words[:most]}…",
        )


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
        return "、".join(_said(key, part, names) for part in value) or NOTHING
    if isinstance(value, dict):
        return "、".join(f"{name} {number}" for name, number in value.items())
    if value is None or value == "":
        return NOTHING
    if key in REFERENCES and isinstance(value, int):
        return names.get((REFERENCES[key], value), f"#{value}")
    if key == "key" and value in KNOWN:
        return gettext(KNOWN[value].label)
    label = VALUES.get(key, {}).get(value)
    return gettext(label) if label else str(value)
