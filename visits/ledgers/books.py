"""The table of ledgers: what each is called, who may read it, its rows and its office's columns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from visits.core import export
from visits.core.authz import Actor
from visits.core.i18n import N_
from visits.core.listing import Cell, Column, Kind, Listing
from visits.core.permissions import Permission
from visits.ledgers import enterprise_rows, problem_rows, visit_rows
from visits.ledgers.filters import By, Wanted
from visits.ledgers.models import BOOK_LABELS, Book

SERIAL = Column("serial", N_("Serial number"), kind=Kind.NUMBER, width=4)
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Ledger:
    """One ledger: its rows for a reader, the columns of the office's set, by which days a period may be."""

    book: Book
    permission: Permission
    of: Callable[[Actor, Wanted], Listing]
    office: tuple[Column, ...]
    bys: tuple[By, ...] = ()

    @property
    def title(self) -> str:
        """What it is called, an English msgid."""
        return BOOK_LABELS[self.book]

    def columns(self, listing: Listing, keys: Iterable[str], *, is_office: bool) -> list[Column]:
        """The columns of a file: the office's set, as far as the reader has them, or those of the page."""
        if is_office:
            return [column for column in listing.columns if column in self.office]
        return listing.chosen(keys)


LEDGERS = {
    ledger.book: ledger
    for ledger in (
        Ledger(
            Book.VISITS,
            Permission.OUTREACH_READ,
            visit_rows.of_visits,
            visit_rows.OFFICE,
            (By.VISITED, By.RECORDED),
        ),
        Ledger(
            Book.PROBLEMS,
            Permission.ISSUES_READ,
            problem_rows.of_problems,
            problem_rows.OFFICE,
            (By.REGISTERED, By.CLOSED, By.OPEN),
        ),
        Ledger(
            Book.ENTERPRISES,
            Permission.ENTERPRISES_READ,
            enterprise_rows.of_enterprises,
            enterprise_rows.OFFICE,
        ),
    )
}


@dataclass(frozen=True)
class Sheet:
    """What one file says of itself: which ledger, for whom, when, narrowed to what."""

    title: str
    who: str
    stamp: datetime
    said: Sequence[str]
    is_office: bool

    def table(self, columns: Sequence[Column], rows: Iterable[Row]) -> export.Table:
        """The file's contents; the office's set begins with running numbers."""
        return export.Table(
            self.title,
            [SERIAL, *columns] if self.is_office else columns,
            numbered(rows) if self.is_office else rows,
            mark=f"{self.who} {self.stamp:%Y-%m-%d %H:%M}",
            notes=[
                (gettext("List"), self.title),
                (gettext("Exported by"), self.who),
                (gettext("Exported at"), f"{self.stamp:%Y-%m-%d %H:%M} Asia/Shanghai"),
                (gettext("Filters"), "\n".join(self.said) or gettext("No filter")),
                (
                    gettext("Names left out"),
                    gettext("Enterprises that asked not to be named are not named."),
                ),
            ],
            is_ledger=True,
        )


def titled(ledger: Ledger, wanted: Wanted) -> str:
    """The title of a file: the ledger and its period."""
    title, period = gettext(ledger.title), period_of(wanted)
    return gettext("%(ledger)s (%(period)s)", ledger=title, period=period) if period else title


def period_of(wanted: Wanted) -> str:
    """The days asked for, in words; empty when there are none."""
    first, last = wanted.days.first, wanted.days.last
    if first and last:
        return f"{first} – {last}"
    if first:
        return gettext("from %(first)s on", first=first)
    return gettext("up to %(last)s", last=last) if last else ""


def numbered(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows with a running number before each."""
    for number, row in enumerate(rows, 1):
        yield (number, *row)
