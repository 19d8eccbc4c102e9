"""`visits import`: an office's own ledger of visits from the command line."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext

from visits.accounts import queries as accounts
from visits.cli.rows import as_line, as_row, unused
from visits.cli.running import end_import
from visits.core import export
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import DomainError, Refused
from visits.core.i18n import N_
from visits.core.permissions import Role
from visits.enterprises.wizard import rejected_table
from visits.outreach.ledger.carrying import Defaults, Imported, import_file, usual_programmes
from visits.programmes import queries as programmes
from visits.programmes.models import VisitMode

SHOWN = 50
group = AppGroup("visits", help="Visits to enterprises.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option(
    "--map", "maps", multiple=True, metavar="FILE_HEADER=FIELD", help="Which column fills which field."
)
@click.option(
    "--sheet", default="", metavar="NAME", help="Which sheet; by default the first with contents."
)
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in VisitMode]),
    default=VisitMode.ON_SITE.value,
    help="The mode of visits that name none.",
)
@click.option(
    "--programme",
    "named",
    multiple=True,
    metavar="NAME",
    help="A programme, by name or code, of visits that name none; by default 企业大走访 and 组团联企.",
)
@click.option(
    "--by", "username", metavar="USERNAME", help="Whose import it is; by default the first coordinator's."
)
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the rejected rows with their reasons to this file (.xlsx or .csv).",
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def import_visits(file: Path, **given: Any) -> None:
    """Import FILE (xlsx, xls, xlsb, ods, csv). Exit 1: rows were rejected; 2: it could not be read."""
    try:
        found = _import(file, given)
    except DomainError as error:
        db.session.rollback()
        click.echo(gettext(error.message, **error.params), err=True)
        sys.exit(2)
    if given["errors"] and found.plan.rejected:
        _write_errors(found, file.name, given["errors"])
    report = _report(found)
    click.echo(json.dumps(report, ensure_ascii=False, indent=1) if given["as_json"] else _as_text(report))
    sys.exit(1 if found.plan.rejected else 0)


def _import(file: Path, given: dict[str, Any]) -> Imported:
    if given["errors"] and given["errors"].suffix.lstrip(".") not in export.WRITERS:
        raise Refused(N_("Name the file of rejected rows .xlsx or .csv."))
    defaults = Defaults(VisitMode(given["mode"]), tuple(_programme_ids(given["named"])))
    options = {key: given[key] for key in ("maps", "sheet", "dry_run")}
    author_id = _author_id(given["username"])
    found = import_file(SYSTEM, author_id, file.read_bytes(), file.name, defaults, **options)
    end_import(given["dry_run"])
    return found


def _programme_ids(named: tuple[str, ...]) -> list[int]:
    known = programmes.programmes()
    found = [i for name in named for i, code, title in known if name in (code, title)]
    if len(found) < len(named):
        names = "、".join(title for _, _, title in known)
        raise Refused(N_("There is no such programme; there are %(names)s."), names=names)
    return found or usual_programmes()


def _author_id(username: str | None) -> int:
    """Under whose name the visits are recorded: a coordinator's."""
    known = [person_id for person_id, _ in accounts.active_people(Role.COORDINATOR)]
    if username is None and known:
        return min(known)
    person = accounts.get_person_by_username(username) if username else None
    if person is None or person.id not in known:
        raise Refused(N_("A ledger is imported in the name of a coordinator. Name one: --by USERNAME."))
    return person.id


def _write_errors(found: Imported, filename: str, path: Path) -> None:
    made = rejected_table(found.table, found.heading, found.plan.errors(), filename)
    with path.open("wb") as file:
        export.WRITERS[path.suffix.lstrip(".")](made, file)


def _report(found: Imported) -> dict[str, Any]:
    plan = found.plan
    return {
        **plan.counts(),
        "run": plan.run_id,
        "errors": [as_row(error) for error in plan.errors()],
        "warnings": unused(plan.heading_row, found.ignored)
        + [as_row(warning) for warning in plan.warnings],
    }


def _as_text(report: dict[str, Any]) -> str:
    counts = gettext(
        "%(rows)d rows: %(created)d with new visits, %(unchanged)d here already, %(skipped)d skipped, "
        "%(rejected)d rejected. %(visits)d visits.",
        **{key: report[key] for key in ("rows", "created", "unchanged", "skipped", "rejected", "visits")},
    )
    notes = [*report["errors"], *report["warnings"]]
    return "\n".join([counts, *(as_line(note) for note in notes[:SHOWN])])
