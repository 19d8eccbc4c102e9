"""Several short lists of different kinds, read by one statement."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from visits.core.db import db

PART, PLACE = "part", "at_place"


@dataclass(frozen=True)
class Few:
    """The first rows of a select, in their order; all of them, unless so many.

    The select itself has neither order nor limit. Its columns have names and types.
    """

    stmt: sa.Select[*tuple[Any, ...]]
    order: Sequence[Any]
    most: int | None = None

    def rows(self) -> Sequence[Any]:
        """Read them alone."""
        return read_together({"": self})[""]


def read_together(lists: Mapping[str, Few]) -> dict[str, list[Any]]:
    """The rows of each list under its name, however many lists there are in one statement."""
    found: dict[str, list[Any]] = {name: [] for name in lists}
    if not lists:
        return found
    parts = [_numbered(one) for one in lists.values()]
    every = sa.union_all(*_side_by_side(parts)).order_by(PART, PLACE)
    names = list(lists)
    starts = _starts(parts)
    for row in db.session.execute(every):
        part, columns = row[0], parts[row[0]].c
        values = row[starts[part] : starts[part] + len(columns)]
        found[names[part]].append(SimpleNamespace(**dict(zip(columns.keys(), values, strict=True))))
    return found


def _numbered(one: Few) -> sa.Subquery:
    place = sa.type_coerce(sa.func.row_number().over(order_by=tuple(one.order)), sa.Integer)
    rows = one.stmt.add_columns(place.label(PLACE)).subquery()
    first = sa.select(rows)
    return (first if one.most is None else first.where(rows.c[PLACE] <= one.most)).subquery()


def _starts(parts: Sequence[sa.Subquery]) -> list[int]:
    """At which column of the whole the columns of each part begin."""
    starts, at = [], 2
    for part in parts:
        starts.append(at)
        at += len(part.c)
    return starts


def _side_by_side(parts: Sequence[sa.Subquery]) -> Iterator[sa.Select[Any]]:
    """Each part with the columns of all, empty where they are another's."""
    for number, part in enumerate(parts):
        columns = [
            (column if other is part else sa.cast(sa.null(), column.type)).label(f"c{place}_{spot}")
            for place, other in enumerate(parts)
            for spot, column in enumerate(other.c)
        ]
        at = (sa.literal(number, sa.Integer).label(PART), part.c[PLACE].label(PLACE))
        yield sa.select(*at, *columns)
