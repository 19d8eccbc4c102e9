"""A page of a select: sort from the address, count, 50 rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from visits.core.db import db

PER_PAGE = 50


@dataclass(frozen=True)
class Page:
    """Rows of one page, and where it lies in the whole."""

    rows: Sequence[Any]
    number: int
    total: int
    sort: str
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """The number of the first row shown; 0 when there is none."""
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.number * self.per_page, self.total)


def page_number(text: str | None) -> int:
    """Read a page number from an address; nonsense is page 1."""
    return max(1, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1


def paginate(
    stmt: Select[*tuple[Any, ...]],
    args: Mapping[str, str],
    sorts: Mapping[str, ColumnElement[Any]],
    default: str,
) -> Page:
    """Fetch the page that `args` asks for (`page`, `sort`; a leading `-` turns it round) in two statements.

    The last column of `sorts` breaks ties, so that pages never overlap.
    """
    total = db.session.scalar(select(func.count()).select_from(stmt.order_by(None).subquery())) or 0
    wanted = args.get("sort", "")
    sort = wanted if wanted.lstrip("-") in sorts else default
    column = sorts[sort.lstrip("-")]
    tie = list(sorts.values())[-1]
    order = (column.desc(), tie.desc()) if sort.startswith("-") else (column.asc(), tie.asc())
    number = min(page_number(args.get("page")), max(1, -(-total // PER_PAGE)))
    rows = db.session.execute(stmt.order_by(*order).limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return Page(rows=rows, number=number, total=total, sort=sort)
