"""`reports totals` and `reports monthly`: the figures of a period, the report of a month."""

import json
from datetime import datetime
from pathlib import Path

import click
from flask import current_app, render_template
from flask.cli import AppGroup
from flask_babel import gettext

from visits.core.authz import SYSTEM
from visits.core.catalogues import in_language
from visits.core.clock import today
from visits.core.errors import DomainError
from visits.core.periods import Month, Span
from visits.core.rounding import percent
from visits.core.settings import get_setting
from visits.monthly import files
from visits.monthly.assemble import as_json, reading_of
from visits.monthly.paper import edition_of, sheet_of
from visits.monthly.queries import Reading
from visits.monthly.rules import EARLIEST
from visits.reports import assemble, prose
from visits.reports.filters import ReportFilter
from visits.reports.measures import TABLES
from visits.reports.shapes import Shape

group = AppGroup("reports", help="Totals and monthly reports.")
DAY = click.DateTime(["%Y-%m-%d"])
TEXTS = ("json", "html")
STYLES = ("tokens", "base", "print")


@group.command("totals")
@click.option("--from", "first", type=DAY, help="First day; by default the day the office counts from.")
@click.option("--to", "last", type=DAY, help="Last day; by default today.")
@click.option("--as-of", type=DAY, help="Count only what was recorded by the end of this day.")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def totals(first: datetime | None, last: datetime | None, as_of: datetime | None, shape: str) -> None:
    """Print all figures of a period."""
    counted_from = prose.count_from()
    from_on = first.date() if first else counted_from
    to_on = last.date() if last else today()
    if from_on and from_on > to_on:
        raise click.BadParameter(gettext("The period ends before it begins."), param_hint="--to")
    wanted = ReportFilter.of(Span(from_on, to_on), as_of.date() if as_of else None)
    found = assemble.get_totals(SYSTEM, wanted)
    sentence = prose.sentence(found, counted_from)
    if shape == "json":
        click.echo(json.dumps(assemble.as_json(found, sentence), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join([sentence, *_lines(found)]))


@group.command("monthly")
@click.argument("month")
@click.option(
    "--format", "shape", type=click.Choice([*TEXTS, *files.WRITERS]), default="json", show_default=True
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def monthly_report(month: str, shape: str, output: Path | None) -> None:
    """Print the report of a MONTH, e.g. 2026-10: as frozen, or where it is not, with the figures of now."""
    if shape in files.WRITERS and output is None:
        raise click.BadParameter(
            gettext("Name the file that is to be written: --output FILE"), param_hint="--output"
        )
    reading = reading_of(_month(month))
    if output:
        _write(output, _content(reading, shape))
    else:
        click.echo(_content(reading, shape).decode(), nl=False)
    if not reading.is_untouched:
        raise click.ClickException(
            gettext("What is stored of this report is not what was frozen. Do not use it.")
        )


def _month(text: str) -> Month:
    try:
        month = Month.parse(text)
    except ValueError:
        raise click.BadParameter(gettext("Write the month as 2026-10."), param_hint="MONTH") from None
    if not EARLIEST <= month <= Month.of(today()):
        raise click.BadParameter(
            gettext("There are no figures of this month. Choose one from 2000-02 to the present one."),
            param_hint="MONTH",
        )
    return month


def _content(reading: Reading, shape: str) -> bytes:
    """The report in one of its forms, labels in the office's language."""
    if shape == "json":
        return json.dumps(as_json(reading), ensure_ascii=False, indent=1).encode() + b"\n"
    with in_language("zh"):
        if shape == "html":
            return _page(reading).encode()
        try:
            return files.WRITERS[shape](edition_of(reading, get_setting("zone_name"))).content
        except DomainError as refusal:
            raise click.ClickException(gettext(refusal.message, **refusal.params)) from refusal


def _page(reading: Reading) -> str:
    """The printed report as one HTML file, which needs nothing beside it."""
    sheet = sheet_of(edition_of(reading, get_setting("zone_name")))
    folder = Path(current_app.static_folder or "") / "core"
    styles = "\n".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    page = render_template("monthly/file.html", sheet=sheet)
    return page.replace("</head>", f"<style>\n{styles}</style>\n</head>", 1) + "\n"


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(
            gettext("%(path)s cannot be written: %(reason)s", path=path, reason=error.strerror)
        ) from error


def _lines(totals: assemble.Totals) -> list[str]:
    lines = []
    for heading, measures in TABLES:
        lines += ["", gettext(heading)]
        lines += [f"  {gettext(m.label)}: {_value(totals.figures[m.key])}" for m in measures]
    return lines


def _value(figure: assemble.Figure) -> str:
    if figure.value is None:
        return "–"
    if figure.measure.shape is Shape.RATE:
        return f"{percent(figure.value)} ({figure.numerator}/{figure.denominator})"
    return f"{figure.value} {gettext(figure.unit)}"
