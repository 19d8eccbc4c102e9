"""What a monthly report says, as plain values: made once, stored as JSON, read by every output.

The page, the Word file, the workbook, the PDF and the JSON of a report are all drawn from one `Content`, so
they cannot differ. Nothing in it depends on the reader's language: labels are kept as English msgids or as
the office's own names.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

VERSION = 1


@dataclass(frozen=True)
class Cell:
    """A figure: its value (rates as fractions, None of nothing) and the sizes of its two sets."""

    value: float | None
    numerator: float | None = None
    denominator: int | None = None


Figures = Mapping[str, Cell]


@dataclass(frozen=True)
class Row:
    """The figures of one part: a unit, group, programme or category; `id` 0 is “none named”."""

    id: int
    name: str
    figures: Figures


@dataclass(frozen=True)
class Topic:
    """A category that many problems of the month belong to; examples are titles without enterprises."""

    category: str
    count: int
    share: float
    count_before: int
    examples: Sequence[str] = ()


@dataclass(frozen=True)
class Case:
    """A problem that is late or suspended at the end of the month (annex 3). Days are ISO dates."""

    id: int
    number: str
    title: str
    enterprise: str
    unit: str
    state: str
    registered_on: str
    due_on: str | None
    workdays_late: int
    review_on: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class Talk:
    """A coordination meeting held in the month, with how many of its settled duties are done by its end."""

    id: int
    title: str
    held_on: str
    problems: int
    duties: int
    duties_done: int


@dataclass(frozen=True)
class Correction:
    """A figure of an earlier published month that has changed since, with the records that moved it."""

    month: str
    key: str
    before: Cell
    after: Cell
    added: Sequence[str] = ()
    removed: Sequence[str] = ()


@dataclass(frozen=True)
class Definition:
    """A figure's words, as English msgids, and what it counts in."""

    label: str
    text: str
    unit: str


@dataclass(frozen=True)
class Content:
    """All that is frozen of a month. `as_of` is the moment until which what was recorded is counted."""

    month: str
    from_on: str
    to_on: str
    as_of: str
    count_from: str | None
    figures: Figures
    to_date: Figures
    before: Figures
    year_before: Figures
    programmes: Sequence[Row] = ()
    units: Sequence[Row] = ()
    groups: Sequence[Row] = ()
    categories: Sequence[Row] = ()
    sources: Mapping[str, int] = field(default_factory=dict)
    topics: Sequence[Topic] = ()
    talks: Sequence[Talk] = ()
    overdue: Sequence[Case] = ()
    suspended: Sequence[Case] = ()
    corrections: Sequence[Correction] = ()
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    ranks_units: bool = True
    version: int = VERSION

    def as_json(self) -> dict[str, Any]:
        """The plain values that are stored."""
        return asdict(self)

    @property
    def digest(self) -> str:
        """The SHA-256 of the content's canonical JSON, in hexadecimal."""
        return digest_of(self.as_json())

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read stored values back; `from_json(c.as_json())` equals c once sequences are tuples."""
        known = {f.name for f in fields(cls)}
        values: dict[str, Any] = {key: value for key, value in stored.items() if key in known}
        for key in ("figures", "to_date", "before", "year_before"):
            values[key] = _figures(values[key])
        for key in ("programmes", "units", "groups", "categories"):
            values[key] = tuple(Row(r["id"], r["name"], _figures(r["figures"])) for r in values[key])
        for key, made in _LISTED.items():
            values[key] = tuple(made(**row) for row in values[key])
        values["corrections"] = tuple(_correction(row) for row in values["corrections"])
        values["definitions"] = {key: Definition(**row) for key, row in values["definitions"].items()}
        return cls(**values)


_LISTED = {"topics": Topic, "talks": Talk, "overdue": Case, "suspended": Case}


def digest_of(stored: Mapping[str, Any]) -> str:
    """The SHA-256 of stored content, whatever the order of its keys."""
    text = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _figures(stored: Mapping[str, Any]) -> dict[str, Cell]:
    return {key: Cell(**cell) for key, cell in stored.items()}


def _correction(stored: Mapping[str, Any]) -> Correction:
    return Correction(
        month=stored["month"],
        key=stored["key"],
        before=Cell(**stored["before"]),
        after=Cell(**stored["after"]),
        added=tuple(stored["added"]),
        removed=tuple(stored["removed"]),
    )
