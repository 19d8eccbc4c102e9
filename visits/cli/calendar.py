"""`calendar show|import|add-workdays`: the working-day calendar on the command line."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from visits.admin import operations
from visits.admin.notices import FIRST_YEAR, LAST_YEAR, TITLE, YearPlan, read_year
from visits.admin.queries import Cell, Year, get_year
from visits.cli.running import writing
from visits.core.authz import SYSTEM
from visits.core.calendar import load_calendar
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.markup import WEEKDAYS
from visits.core.settings import get_setting
from visits.core.spreadsheet_limits import Problem
from visits.core.spreadsheet_text import decode
from visits.core.workdays import Calendar, CalendarDay, add_workdays, is_provisional_between, rested

group = AppGroup("calendar", help="The working-day calendar.")
DAY = click.DateTime(["%Y-%m-%d"])
YEAR = click.IntRange(FIRST_YEAR, LAST_YEAR)
SHAPE = click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
MOST_DAYS = 3660


@group.command("show")
@click.argument("year", type=YEAR)
@SHAPE
def show(year: int, shape: str) -> None:
    """Print the days of a year that differ from their weekday."""
    found = get_year(year)
    cells = [cell for cell in found.cells if cell.kind in {"holiday", "makeup"}]
    if shape == "json":
        click.echo(_as_json(_year_shape(found, cells)))
        return
    click.echo(_("%(year)s: %(count)d working days.", year=str(year), count=found.workdays))
    if found.is_provisional:
        click.echo(_("Provisional: the notice of this year has not been imported."))
    for cell in cells:
        weekday = _(WEEKDAYS[cell.day.weekday()])
        click.echo(f"{cell.day} {weekday} {_word(cell.entry)} {cell.entry.label}".rstrip())


def _word(entry: CalendarDay) -> str:
    return _("Working day") if entry.is_workday else _("Rest day")


def _year_shape(found: Year, cells: list[Cell]) -> dict[str, Any]:
    days = [
        {"date": str(cell.day), "working": cell.entry.is_workday, "label": cell.entry.label}
        for cell in cells
    ]
    return {
        "year": found.number,
        "workdays": found.workdays,
        "provisional": found.is_provisional,
        "days": days,
    }


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--year", type=YEAR, help="The year, where the text does not say it.")
@click.option("--source", help="The notice's number; by default the name of the file.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@SHAPE
def import_file(file: Path, year: int | None, source: str | None, dry_run: bool, shape: str) -> None:
    """Publish a year from the State Council's notice as text, or from a CSV of all its days."""
    with writing():
        plan = _read(file, year)
        found = operations.preview(plan.days)
        moved = len(found.due_dates) + len(found.reviews)
        if not dry_run:
            edition = get_setting("calendar_edition")
            operations.publish_year(SYSTEM, plan, (source or file.name)[:200], edition)
    result = {
        "year": plan.year,
        "published": not dry_run,
        "days": [{"date": str(row.day), "working": row.after.is_workday} for row in found.turned],
        "moved": moved,
    }
    if shape == "json":
        click.echo(_as_json(result))
        return
    for row in found.turned:
        click.echo(
            f"{row.day} {_('Working day') if row.after.is_workday else _('Rest day')} {row.after.label}"
        )
    sentence = (
        _("Nothing was changed: %(days)d days would be worked otherwise, %(moved)d due dates would move.")
        if dry_run
        else _("Published: %(days)d days are worked otherwise than before, %(moved)d due dates have moved.")
    )
    click.echo(sentence % {"days": len(found.turned), "moved": moved})


def _read(file: Path, year: int | None) -> YearPlan:
    try:
        text = decode(file.read_bytes())
    except Problem as problem:
        raise Refused(
            N_("%(file)s is no text. Give the notice as text, or a CSV."), file=file.name
        ) from problem
    found = TITLE.search(text)
    wanted = year or (int(found[1]) if found else None)
    if wanted is None:
        raise Refused(N_("The text does not say its year. Give it with --year."))
    return read_year(text, wanted)


@group.command("add-workdays")
@click.argument("start", type=DAY, metavar="DATE")
@click.argument("workdays", type=click.IntRange(0, MOST_DAYS), metavar="N")
@SHAPE
def add(start: datetime, workdays: int, shape: str) -> None:
    """Print the N-th working day after a date; the count begins on the day after."""
    calendar, first = load_calendar(), start.date()
    try:
        due = add_workdays(first, workdays, calendar)
    except OverflowError as error:
        raise click.BadParameter(_("No calendar reaches that far."), param_hint="DATE") from error
    result = {
        "start": str(first),
        "workdays": workdays,
        "due": str(due),
        "provisional": is_provisional_between(first, due, calendar),
        "skipped": list(_skipped(first, due, calendar)),
    }
    if shape == "json":
        click.echo(_as_json(result))
        return
    click.echo(f"{due} {_(WEEKDAYS[due.weekday()])}")
    if result["provisional"]:
        click.echo(_("Provisional: a day on the way may still be moved by a notice."))


def _skipped(start: date, due: date, calendar: Calendar) -> Iterator[dict[str, str]]:
    """The days up to the due day that do not count, each with its holiday or weekday."""
    for day, label in rested(start, due, calendar):
        yield {"date": str(day), "why": label or _(WEEKDAYS[day.weekday()])}


def _as_json(result: dict[str, Any]) -> str:
    return json.dumps(result, ensure_ascii=False, indent=1)
