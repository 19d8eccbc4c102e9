"""How an entry of the audit log reads: its fields with labels, numbers as names, changes as "old → new"."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from visits.admin.fields import CHANGING, NAMED_BY, RECKONED, area_of, label_of
from visits.admin.values import ENDING_BEFORE, REFERENCES, value_label_of
from visits.core.authz import SYSTEM
from visits.core.known_lists import all_known
from visits.core.markup import day, last_day, moment, month_name, number
from visits.core.periods import MONTH_TEXT, Month
from visits.core.settings import KNOWN
from visits.core.subjects import SUBJECTS
from visits.outreach.history import shown_text
from visits.programmes.models import PERIOD_LABELS, Period

ARROW = " → "
NOTHING = "—"
LENGTH = 120
DECIMAL = re.compile(r"-?\d{1,15}\.\d{1,6}", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T.+", re.ASCII)
TIME = re.compile(r"(\d{2}:\d{2}):\d{2}", re.ASCII)
TIER = re.compile(rf"(.+): (\d+)/({'|'.join(Period)})")
# fields in which somebody says something; what the system says there is a text of the catalogue
WORDS = frozenset({"note", "reason"})
Names = Mapping[tuple[str, int], str]


def told(row: Any, names: Names, most: int | None = LENGTH) -> Iterator[tuple[str, str]]:
    """Yield label and words of each field that says something, long ones cut to `most`."""
    for key, value in fields_of(row):
        words = _words(row, key, value, names)
        yield _label(area_of(row.action), key), words if most is None else _shortened(words, most)


def _shortened(words: str, most: int) -> str:
    """Words cut to a length; of a change both what was and what became of it."""
    if len(words) <= most:
        return words
    parts = words.split(ARROW, 1)
    each = most // len(parts)
    return ARROW.join(part if len(part) <= each else f"{part[:each]}…" for part in parts)


def fields_of(row: Any) -> Iterator[tuple[str, Any]]:
    """Yield key and value of each field of an entry that is to be read."""
    for key, value in row.changes.items():
        if value not in (None, "", [], {}) and key not in RECKONED and not _is_said_elsewhere(row, key):
            yield key, value


def _is_said_elsewhere(row: Any, key: str) -> bool:
    """Leave out an id that stands beside its name, and the number of the problem the entry is about."""
    name = NAMED_BY.get(key) or (key.removesuffix("_id") if key.endswith("_id") else None)
    return bool(name and row.changes.get(name)) or (key == "number" and row.subject_type == "issues")


def _label(area: str, key: str) -> str:
    return gettext(label_of(area, key) or key)


def subject_of(row: Any, names: Names) -> str:
    """What the entry is about: the kind of record and its name, or its number where it has none."""
    if row.subject_type is None:
        return ""
    label = gettext(SUBJECTS[row.subject_type][0]) if row.subject_type in SUBJECTS else row.subject_type
    return f"{label} {names.get((row.subject_type, row.subject_id), f'#{row.subject_id}')}"


@dataclass(frozen=True)
class _Saying:
    """How the values of one entry are said: under which kind of verb, with which names, by whom."""

    area: str
    names: Names
    is_of_system: bool

    def said(self, key: str, value: Any) -> str:
        """One value of a field, or several, in words."""
        if isinstance(value, list):
            return gettext(", ").join(self.said(key, part) for part in value) or NOTHING
        if isinstance(value, dict):
            return gettext("; ").join(self._part(name, part) for name, part in value.items()) or NOTHING
        if value is None or value == "":
            return NOTHING
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        return self._number(key, value) if isinstance(value, int | float) else self._text(key, str(value))

    def _part(self, name: str, value: Any) -> str:
        """A field within a field, with its label; a number there says how many."""
        words = str(value) if type(value) is int else self.said(name, value)
        return f"{_label(self.area, name)}{gettext(': ')}{words}"

    def _number(self, key: str, value: float) -> str:
        """A number: the name of the record it stands for, or itself."""
        if key in REFERENCES:
            return self.names.get((REFERENCES[key], int(value)), f"#{value}")
        label = value_label_of(self.area, key, value)
        return gettext(label) if label else str(value)

    def _text(self, key: str, text: str) -> str:
        """A text: what its code stands for, what the system says, or as it is but for days and times."""
        if label := value_label_of(self.area, key, text):
            return gettext(label)
        if key in SAID:
            return SAID[key](text)
        if key == "until_on" and self.area in ENDING_BEFORE and DAY.fullmatch(text):
            return day(last_day(date.fromisoformat(text)))
        is_message = key in WORDS and self.is_of_system
        return gettext(text) if is_message else _timely(text)


def _words(row: Any, key: str, value: Any, names: Names) -> str:
    saying = _Saying(area_of(row.action), names, row.actor_id is None and row.actor_name == SYSTEM.name)
    is_pair = isinstance(value, list) and len(value) == 2
    if is_pair and (row.action in CHANGING or any(isinstance(part, list) for part in value)):
        return ARROW.join(saying.said(key, part) for part in value)
    return saying.said(key, value)


def _timely(text: str) -> str:
    """A day, a moment or a time as pages show it; any other text as it is."""
    if found := TIME.fullmatch(text):
        return found[1]
    try:
        if DAY.fullmatch(text):
            return day(date.fromisoformat(text))
        return moment(datetime.fromisoformat(text)) if MOMENT.fullmatch(text) else text
    except (ValueError, OverflowError):  # what looks like one but is none, or none of our time
        return text


def _amount(text: str) -> str:
    """A decimal number without noughts at its end; any other text as `_timely` shows it."""
    return number(Decimal(text)) if DECIMAL.fullmatch(text) else _timely(text)


def _setting(key: str) -> str:
    """What a setting is called."""
    return gettext(KNOWN[key].label) if key in KNOWN else key


def _list(name: str) -> str:
    """What a list is called."""
    known = all_known().get(name)
    return gettext(known.title) if known else name


def _month(text: str) -> str:
    """A month as people say it; any other text as it is."""
    try:
        return month_name(Month.parse(text).first_on) if MONTH_TEXT.fullmatch(text) else text
    except ValueError:
        return text


def _tier(text: str) -> str:
    """How often the enterprises of a tier are to be visited."""
    if (found := TIER.fullmatch(text)) is None:
        return text
    often = gettext(PERIOD_LABELS[Period(found[3])])
    return gettext("%(tier)s: %(visits)s × %(often)s", tier=found[1], visits=found[2], often=often)


SAID: dict[str, Callable[[str], str]] = {
    "capital_amount": _amount,
    "checks": lambda text: shown_text("checks", text),
    "key": _setting,
    "list": _list,
    "month": _month,
    "tiers": _tier,
    "value": _amount,
}
