"""What a list is narrowed to: some values of a column, some days, or what is not filled in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

NOTHING = "none"  # in an address: rows in which this is not filled in


@dataclass(frozen=True)
class Picked:
    """Some values of a column, with `nothing` also rows where it is empty; false when none is asked for."""

    values: tuple[Any, ...] = ()
    nothing: bool = False

    def __bool__(self) -> bool:
        return bool(self.values) or self.nothing

    def within(self, column: Any, empty: sa.ColumnElement[bool] | None = None) -> sa.ColumnElement[bool]:
        """Rows whose column holds one of the values; `empty` says what "not filled in" is, else NULL."""
        missing = column.is_(None) if empty is None else empty
        return sa.or_(column.in_(self.values), missing if self.nothing else sa.false())


@dataclass(frozen=True)
class Days:
    """Days from first to last, or with `nothing` the rows without a day; false when none is asked for."""

    first: date | None = None
    last: date | None = None
    nothing: bool = False

    def __bool__(self) -> bool:
        return self.nothing or self.first is not None or self.last is not None

    def within(self, column: Any) -> sa.ColumnElement[bool]:
        """Rows whose day lies there."""
        if self.nothing:
            return sa.and_(column.is_(None), sa.true() if self.first == self.last is None else sa.false())
        wanted = [column >= self.first] if self.first else []
        return sa.and_(sa.true(), *wanted, *([column <= self.last] if self.last else []))


ALL_VALUES = Picked()
ALL_DAYS = Days()


def narrowed(*parts: tuple[Picked | Days, Any]) -> list[sa.ColumnElement[bool]]:
    """The conditions of those parts that ask for something, each with the column it is about."""
    return [wanted.within(column) for wanted, column in parts if wanted]
