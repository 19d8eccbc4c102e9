"""What the commands that import an office's ledgers have in common."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
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
from visits.enterprises.ledger.carrying import Imported, Ledger
from visits.enterprises.wizard import rejected_table

SHOWN = 50
OPTIONS = (
    click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing."),
    click.option(
        "--map",
        "maps",
        multiple=True,
        metavar="FILE_HEADER=FIELD",
        help="Which column fills which field.",
    ),
    click.option(
        "--sheet",
        default="",
        metavar="NAME",
        help="Which sheet; by default the first with contents.",
    ),
    click.option(
        "--by",
        "username",
        metavar="USERNAME",
        help="Whose import it is; by default the first coordinator's.",
    ),
    click.option(
        "--errors",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the rejected rows with their reasons to this file (.xlsx or .csv).",
    ),
    click.option("--json", "as_json", is_flag=True, help="Answer in JSON."),
)


def import_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the file and the options that every ledger's import has."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def run_import(
    ledger: Ledger,
    file: Path,
    given: Mapping[str, Any],
    chosen: Callable[[], dict[str, Any]],
    in_words: Callable[[dict[str, Any]], str],
) -> None:
    """Import a ledger and tell what came of it. Exit 1: rows were rejected; 2: it could not be read."""
    try:
        found = _import(ledger, file, given, chosen)
    except DomainError as error:
        db.session.rollback()
        click.echo(gettext(error.message, **error.params), err=True)
        sys.exit(2)
    if given["errors"] and found.plan.rejected:
        _write_errors(found, file.name, given["errors"])
    report = _report(found)
    if given["as_json"]:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        notes = [*report["errors"], *report["warnings"]]
        click.echo("\n".join([in_words(report), *(as_line(note) for note in notes[:SHOWN])]))
    sys.exit(1 if found.plan.rejected else 0)


def _import(
    ledger: Ledger, file: Path, given: Mapping[str, Any], chosen: Callable[[], dict[str, Any]]
) -> Imported:
    if given["errors"] and given["errors"].suffix.lstrip(".") not in export.WRITERS:
        raise Refused(N_("Name the file of rejected rows .xlsx or .csv."))
    wanted, author_id = chosen(), _author_id(given["username"])
    options = {key: given[key] for key in ("maps", "sheet", "dry_run")}
    found = ledger.import_file(SYSTEM, author_id, file.read_bytes(), file.name, wanted, **options)
    end_import(given["dry_run"])
    return found


def _author_id(username: str | None) -> int:
    """Under whose name the records stand: a coordinator's."""
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
