"""Lists: a select with its columns; one page of it for the screen, all of it for a file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from visits.core.db import db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.periods import SITE_ZONE

PER_PAGE = 50
BETWEEN = "\x1e"  # stands in no name: forms and import drop control characters
MOST_ROWS = 50_000
CHUNK = 1000


class Kind(StrEnum):
    """What a column holds; a label is an English msgid, shown in the reader's language."""

    TEXT = "text"
    LABEL = "label"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"


Cell = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Column:
    """One column of a list, on the page, in the choice of columns and in a file.

    `value` reads it from a row, by default the attribute named `key`; several texts come as a tuple.
    A `fixed` column is always shown, one not `usual` only when it is chosen.
    `in_file` reads what a file says instead of the page.
    `look` is a class of its cells on the page, `width` about the characters it needs in a file.
    """

    key: str
    heading: str
    value: Callable[[Any], Any] | None = None
    kind: Kind = Kind.TEXT
    fixed: bool = False
    usual: bool = True
    look: str = ""
    width: int = 14
    in_file: Callable[[Any], Any] | None = None

    def cell(self, row: Any, translate: Callable[[str], str] = gettext, *, for_file: bool = False) -> Cell:
        """The plain value of a row: text, number or day, a moment on the site's clock; empty is None."""
        read = (for_file and self.in_file) or self.value or attrgetter(self.key)
        value = read(row)
        if isinstance(value, datetime):
            return value.astimezone(SITE_ZONE).replace(tzinfo=None)
        if self.kind is Kind.LABEL and isinstance(value, str) and value:
            return translate(value)
        if self.kind is Kind.LABEL and value:
            return translate(", ").join(map(translate, value))
        if isinstance(value, tuple | list):
            return translate(", ").join(value) or None
        return None if value == "" else value

    @property
    def css(self) -> str:
        """The class of its cells on the page."""
        return self.look or ("num" if self.kind is Kind.NUMBER else "")


@dataclass(frozen=True)
class Page:
    """Rows of one page, where it lies in the whole, and for a `Listing` its columns."""

    rows: Sequence[Any]
    number: int
    total: int
    sort: str
    per_page: int = PER_PAGE
    columns: Sequence[Column] = ()
    all_columns: Sequence[Column] = ()
    sortable: frozenset[str] = field(default_factory=frozenset)
    name: str = ""

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
    sort, order = _order(args, sorts, default)
    number = _number_of(args, total)
    rows = db.session.execute(stmt.order_by(*order).limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return Page(rows=rows, number=number, total=total, sort=sort)


def _number_of(args: Mapping[str, str], total: int) -> int:
    return min(page_number(args.get("page")), max(1, -(-total // PER_PAGE)))


def _order(
    args: Mapping[str, str], sorts: Mapping[str, ColumnElement[Any]], default: str
) -> tuple[str, tuple[Any, Any]]:
    wanted = args.get("sort", "")
    sort = wanted if wanted.lstrip("-") in sorts else default
    column, tie = sorts[sort.lstrip("-")], list(sorts.values())[-1]
    return sort, ((column.desc(), tie.desc()) if sort.startswith("-") else (column.asc(), tie.asc()))


@dataclass(frozen=True)
class Listing:
    """A list as a person sees it: which rows, how they may be sorted, which columns there are.

    `name` is what the audit log calls it, `title` an English msgid. The page, its count and the file come
    from the same select and the same `where`, so that they hold the same rows. The last of `sorts` is the
    key of a row: it breaks ties, and what is joined to its table only adds columns, never rows.
    `rows_of` is for a list whose rows are dear to find: they are found once and counted as they are found,
    and what it selects for the keys of one page, each in its `id`, is shown of them.
    """

    name: str
    title: str
    stmt: Select[*tuple[Any, ...]]
    sorts: Mapping[str, ColumnElement[Any]]
    default: str
    columns: tuple[Column, ...]
    where: Sequence[ColumnElement[bool]] = ()
    rows_of: Callable[[Sequence[int]], Select[*tuple[Any, ...]]] | None = None

    def chosen(self, keys: Iterable[str]) -> list[Column]:
        """The columns of these keys and the fixed ones, in the list's order; else the usual ones."""
        wanted = {key for text in keys for key in text.split(",")} & {c.key for c in self.columns}
        return [c for c in self.columns if c.fixed or (c.key in wanted if wanted else c.usual)]

    def page(self, args: Mapping[str, str], keys: Iterable[str] = ()) -> Page:
        """The page that `args` asks for, with the columns of these keys."""
        sort, order = _order(args, self.sorts, self.default)
        rows, number, total = self._dear(args) if self.rows_of else self._page(args, order)
        return Page(
            rows,
            number,
            total,
            sort,
            columns=self.chosen(keys),
            all_columns=self.columns,
            sortable=frozenset(self.sorts),
            name=self.name,
        )

    def _page(self, args: Mapping[str, str], order: Any) -> tuple[Sequence[Any], int, int]:
        """The rows of a page, its number, and how many rows there are.

        First which rows, then their columns: those of a wide list are most of the work, and are needed
        of one page only.
        """
        total = self.count()
        number = _number_of(args, total)
        key = order[-1].element
        wanted = self._only(key, *order).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
        found = db.session.scalars(wanted).all()
        return db.session.execute(self.stmt.where(key.in_(found)).order_by(*order)).all(), number, total

    def _dear(self, args: Mapping[str, str]) -> tuple[Sequence[Any], int, int]:
        """The same of rows that are dear to find."""
        found = self.keys(args)
        number = _number_of(args, len(found))
        place = {key: n for n, key in enumerate(found[(number - 1) * PER_PAGE : number * PER_PAGE])}
        rows = db.session.execute(self.rows_of(list(place))) if self.rows_of else ()
        return sorted(rows, key=lambda row: place[row.id]), number, len(found)

    def _only(self, column: Any, *order: Any) -> Any:
        """The select with one column, of the rows asked for, with no joins but those that they need."""
        own = () if self.stmt.whereclause is None else (self.stmt.whereclause,)
        key, where = list(self.sorts.values())[-1], (*own, *self.where)
        named = {table for part in (key, *where, *order) for table in part._from_objects}
        if len(named) == 1:
            return select(column).select_from(*named).where(*where).order_by(*order)
        joined = self.stmt.with_only_columns(column, maintain_column_froms=True)
        return joined.where(*self.where).order_by(*order)

    def count(self) -> int:
        """How many rows it has."""
        return db.session.scalar(self.total) or 0

    @property
    def total(self) -> Any:
        """The select of the number of its rows."""
        return self._only(func.count())

    def named(self, most: int, ids: Sequence[int] | None = None) -> list[tuple[int, str]]:
        """At most so many rows as (id, what the fixed columns say): those of these ids, else all."""
        key = list(self.sorts.values())[-1]
        _, order = _order({}, self.sorts, self.default)
        wanted = () if ids is None else (key.in_(ids),)
        rows = db.session.execute(self.stmt.where(*self.where, *wanted).order_by(*order).limit(most)).all()
        fixed = [column for column in self.columns if column.fixed]
        return [(row.id, " ".join(str(c.cell(row)) for c in fixed if c.cell(row))) for row in rows]

    def keys(self, args: Mapping[str, str]) -> list[int]:
        """The key of every row, in the order `args` asks for."""
        _, order = _order(args, self.sorts, self.default)
        return list(db.session.scalars(self._only(order[-1].element, *order)))

    def cells_of(
        self, keys: Sequence[int], columns: Sequence[Column], translate: Callable[[str], str] = gettext
    ) -> list[tuple[Cell, ...]]:
        """The rows of these keys as plain values, in their order, without those that left the list."""
        key = list(self.sorts.values())[-1]
        stmt = self.stmt.add_columns(key.label("row_key")).where(key.in_(keys), *self.where)
        found = {row.row_key: row for row in db.session.execute(stmt)}
        return [
            tuple(column.cell(found[wanted], translate, for_file=True) for column in columns)
            for wanted in keys
            if wanted in found
        ]

    def cells(self, args: Mapping[str, str], columns: Sequence[Column]) -> list[tuple[Cell, ...]]:
        """Every row in the order `args` asks for, as plain values; refused above MOST_ROWS rows."""
        if (total := self.count()) > MOST_ROWS:
            raise Refused(
                N_(
                    "This list has %(total)d rows; a file holds at most %(most)d. Narrow the list down by "
                    "filters, e.g. year by year, and export it in parts."
                ),
                total=total,
                most=MOST_ROWS,
            )
        translate = cache(gettext)
        _, order = _order(args, self.sorts, self.default)
        stmt = self.stmt.where(*self.where).order_by(*order).execution_options(yield_per=CHUNK)
        return [
            tuple(column.cell(row, translate, for_file=True) for column in columns)
            for part in db.session.execute(stmt).partitions()
            for row in part
        ]


def counts_of(listings: Mapping[int, Listing]) -> dict[int, int]:
    """How many rows each of several lists has, by their keys, in one statement."""
    if not listings:
        return {}
    parts_of = [select(literal(key), of.total.scalar_subquery()) for key, of in listings.items()]
    return {row[0]: row[1] for row in db.session.execute(union_all(*parts_of))}


def joined(words: Any) -> Any:
    """The texts of several rows as one, for `parts` to take apart again."""
    return func.aggregate_strings(words, BETWEEN)


def parts(text: str | None) -> list[str]:
    """The texts that `joined` put together, in no promised order."""
    return (text or "").split(BETWEEN)
