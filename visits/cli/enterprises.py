"""`enterprises import`: a spreadsheet into the register from the command line; the import page's worker."""

import json
import os
import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext

from visits.cli.rows import as_line, as_row, unused
from visits.cli.running import end_import
from visits.core.authz import SYSTEM
from visits.core.errors import DomainError
from visits.enterprises import importing, long_work, stages
from visits.enterprises.importing import Plan
from visits.enterprises.models import UploadStage

group = AppGroup("enterprises", help="The register of enterprises.")


def _report(plan: Plan, ignored: list[str]) -> dict[str, object]:
    return {
        **plan.counts(),
        "errors": [as_row(error) for error in plan.errors()],
        "warnings": unused(plan.heading_row, ignored) + [as_row(warning) for warning in plan.warnings],
    }


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option(
    "--map", "maps", multiple=True, metavar="FILE_HEADER=FIELD", help="Which column fills which field."
)
@click.option(
    "--sheet", default="", metavar="NAME", help="Which sheet; by default the first with contents."
)
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def import_enterprises(file: Path, *, dry_run: bool, maps: tuple[str, ...], sheet: str, shape: str) -> None:
    """Import FILE (xlsx, xls, xlsb, ods, csv). Exit 1: rows were rejected; 2: it could not be read."""
    try:
        plan, ignored = importing.import_file(
            SYSTEM, file.read_bytes(), file.name, maps=maps, sheet=sheet, dry_run=dry_run
        )
    except DomainError as error:
        click.echo(gettext(error.message, **error.params), err=True)
        sys.exit(2)
    end_import(dry_run)
    report = _report(plan, ignored)
    click.echo(json.dumps(report, ensure_ascii=False, indent=1) if shape == "json" else _as_text(report))
    sys.exit(1 if plan.rejected else 0)


def _as_text(report: dict[str, object]) -> str:
    counts = gettext(
        "%(rows)d rows: %(created)d created, %(updated)d updated, %(unchanged)d unchanged, "
        "%(skipped)d skipped, %(rejected)d rejected.",
        **{key: report[key] for key in ("rows", "created", "updated", "unchanged", "skipped", "rejected")},
    )
    notes: list[dict[str, object]] = [*report["errors"], *report["warnings"]]  # type: ignore[misc]
    return "\n".join([counts, *(as_line(note) for note in notes[:50])])


@group.command("work", hidden=True)
@click.argument("upload_id", type=int)
def work_on_upload(upload_id: int) -> None:
    """Do the work that waits on a file sent to the import page; pages go before, but for the writing."""
    # Whoever holds the register's lock must not be kept waiting for a processor.
    if hasattr(os, "nice") and stages.stage_of(upload_id) != UploadStage.WRITING:
        os.nice(10)
    long_work.work(upload_id)
