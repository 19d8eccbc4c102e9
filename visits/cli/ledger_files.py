"""`reports ledger`: a whole ledger as a file; and the process that makes large ones."""

from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext

from visits.cli.reports import DAY
from visits.cli.reports import group as group
from visits.cli.running import refusing
from visits.core import export
from visits.core.filters import Days
from visits.ledgers.books import LEDGERS, period_of
from visits.ledgers.filters import BY_LABELS, By, Wanted
from visits.ledgers.making import make_waiting, write_ledger
from visits.ledgers.models import Book
from visits.ledgers.storage import Shelf


@group.command("ledger")
@click.argument("book", metavar="KIND", type=click.Choice([book.value for book in Book]))
@click.option("--from", "first", type=DAY, help="First day; by default the beginning.")
@click.option("--to", "last", type=DAY, help="Last day; by default none.")
@click.option(
    "--by",
    type=click.Choice([by.value for by in By]),
    help="Which day the period is about: of visits visited (default) or recorded; of problems registered "
    "(default), closed, or open at some time in it.",
)
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write, .xlsx or .csv; one of that name is replaced when the new one is whole.",
)
def ledger(book: str, first: datetime | None, last: datetime | None, by: str | None, output: Path) -> None:
    """Write the ledger of visits, problems or enterprises with the office's columns to a file."""
    kind = output.suffix.lstrip(".").lower()
    if kind not in export.WRITERS:
        raise click.BadParameter(gettext("Name the file .xlsx or .csv."), param_hint="--output")
    days = Days(first and first.date(), last and last.date())
    if days.first and days.last and days.first > days.last:
        raise click.BadParameter(gettext("The period ends before it begins."), param_hint="--to")
    wanted = Wanted(days, _by(Book(book), by))
    said = [f"{gettext('Period')}: {period_of(wanted)}"] if days else []
    who, partial = gettext("the command line"), output.with_name(f".{output.name}.part")
    try:
        with refusing(), partial.open("w+b") as file:
            count = write_ledger(LEDGERS[Book(book)], wanted, kind, file, who=who, said=said)
        partial.replace(output)
    except OSError as error:
        reason = error.strerror or str(error)
        said_so = gettext("%(file)s could not be written: %(reason)s", file=output, reason=reason)
        raise click.ClickException(said_so) from error
    finally:
        partial.unlink(missing_ok=True)
    click.echo(gettext("%(count)d rows in %(file)s", count=count, file=output))


def _by(book: Book, by: str | None) -> By | None:
    """By which day the period is, where the ledger knows it."""
    if by is None:
        return None
    if By(by) not in LEDGERS[book].bys:
        label = gettext(BY_LABELS[By(by)])
        raise click.BadParameter(gettext("This ledger knows no “%(day)s”.", day=label), param_hint="--by")
    return By(by)


@group.command("make-ledgers", hidden=True)
def make_ledgers() -> None:
    """Make the ledgers that wait, and end."""
    make_waiting(Shelf(current_app.config["LEDGERS"]))
