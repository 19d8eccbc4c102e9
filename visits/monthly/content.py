"""What a monthly report says, as plain values: made once, stored as JSON, read by every output.

The page, the Word file, the workbook, the PDF and the JSON of a report are all drawn from one `Content`, so
they cannot differ. Nothing in it depends on the reader's language: labels are kept as English msgids or as
the office's own names.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Self

from visits.core.periods import Month, Span
from visits.monthly import rules
from visits.reports.filters import ReportFilter

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
    """A category that many problems of the month belong to; examples are titles without enterprises.

    `count_before` is None where there are no records of the month before.
    """

    category: str
    count: int
    share: float
    count_before: int | None
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
    """A figure of an earlier published month that has changed since, with the records that moved it.

    `added` and `removed` name them as people do; `links` says of each name which record it is, as its kind
    (issue, visit or enterprise) and id.
    """

    month: str
    key: str
    before: Cell
    after: Cell
    added: Sequence[str] = ()
    removed: Sequence[str] = ()
    links: Mapping[str, Sequence[str | int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Definition:
    """A figure's words, as English msgids, and what it counts in."""

    label: str
    text: str
    unit: str


@dataclass(frozen=True)
class Content:
    """All that is frozen of a month. `as_of` is the moment until which what was recorded is counted.

    `before` and `year_before` are empty where they would tell of a time before all records.
    """

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
    weights: Mapping[str, int] = field(default_factory=dict)
    version: int = VERSION

    def as_json(self) -> dict[str, Any]:
        """The plain values that are stored."""
        return asdict(self)

    @property
    def known_at(self) -> datetime:
        """The moment until which what was recorded is counted."""
        return datetime.fromisoformat(self.as_of)

    @property
    def spans(self) -> dict[str, Span]:
        """The four periods of which there are figures."""
        month = Month.parse(self.month)
        return {
            "month": month.span,
            "to_date": rules.span_to_date(month, self.count_from),
            "before": month.previous.span,
            "year_before": month.year_before.span,
        }

    def wanted(self, of: str = "month", **parts: Any) -> ReportFilter:
        """The question to which figures of one of the periods are the answer."""
        return ReportFilter(self.spans[of], self.known_at, **parts)

    def says_the_same(self, other: "Content") -> bool:
        """Whether another content differs only in its moment."""
        mine, theirs = (json.dumps(c.as_json() | {"as_of": ""}, sort_keys=True) for c in (self, other))
        return mine == theirs

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
        links=stored.get("links", {}),
    )
