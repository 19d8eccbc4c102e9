"""`backup create | verify | restore`: everything in one file that proves itself."""

import sys
from datetime import date, datetime
from pathlib import Path, PurePosixPath

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from config import TO_CARRY_OVER, env_str
from visits.accounts.models import PasswordLink, SignIn
from visits.attachments.integrity import find_unlike
from visits.cli.doctor import show
from visits.cli.running import refusing
from visits.core import audit
from visits.core.authz import SYSTEM
from visits.core.backups import making, restoring
from visits.core.backups.archive import Manifest
from visits.core.backups.restoring import Restored, Target
from visits.core.clock import now
from visits.core.db import db, write_next
from visits.core.errors import Refused
from visits.core.health import Finding, Weight
from visits.core.i18n import N_
from visits.core.markup import moment
from visits.core.scheduling import Task
from visits.core.schema import Standing, revision_in, standing_of
from visits.issues.integrity import find_broken_records
from visits.meetings.integrity import find_broken_records as find_broken_meetings
from visits.outreach.integrity import find_broken_plans

group = AppGroup("backup", help="Everything in one file: make it, prove it, put it back.")
NIGHTS_KEPT = 30
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _instance() -> Path:
    return Path(current_app.config["INSTANCE"])


def _is_behind() -> bool:
    with db.engine.connect() as connection:
        return standing_of(revision_in(connection)) is Standing.BEHIND


@group.command("create")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option("--keep", type=click.IntRange(1), help="Delete all but so many backups of the usual folder.")
@click.option("--verify", "prove", is_flag=True, help="Restore it to the side at once and compare.")
@click.option("--if-behind", is_flag=True, help="Only when an upgrade is about to change the tables.")
def create(output: Path | None, keep: int | None, prove: bool, if_behind: bool) -> None:
    """Write a backup while the service runs: database, then attachments. No secret is in it."""
    if if_behind and not _is_behind():
        return
    instance = _instance()
    place = output or making.usual_place(instance, "-before-upgrade" if if_behind else "")
    with refusing():
        made = _make(place)
    click.echo(
        _(
            "Backup %(file)s: %(rows)d rows of %(tables)d tables, %(attachments)d attachments.",
            file=made.path,
            rows=made.rows,
            tables=len(made.manifest.tables),
            attachments=made.attachments,
        )
    )
    if prove:
        _prove(place)
    if keep and (dropped := making.drop_old(instance, keep)):
        click.echo(_("%(count)d older backups were deleted.", count=dropped))


def _make(place: Path) -> making.Made:
    settings = {name: env_str(name) for name in TO_CARRY_OVER if env_str(name)}
    return making.create_backup(db.engine, current_app.config["ATTACHMENTS"], place, settings)


def _prove(file: Path) -> None:
    """Verify a backup and say so; one that is not good ends the command, and older ones are kept."""
    with refusing():
        restored = restoring.verify_backup(file, _inspect)
    _tell(restored)
    if restored.findings:
        sys.exit(1)
    click.echo(_("This backup can be restored."))


def _inspect(manifest: Manifest) -> list[Finding]:
    findings = [
        finding
        for finding in (*find_broken_records(), *find_broken_meetings(), *find_broken_plans())
        if finding.weight is Weight.WRONG
    ]
    findings += find_unlike(
        {PurePosixPath(name).name: note.sha256 for name, note in manifest.files.items()}
    )
    db.session.rollback()
    return findings


def _settle(manifest: Manifest) -> list[Finding]:
    """Look, end what opens the door, for what was ended since must not live again, and note the restore."""
    findings = _inspect(manifest)
    write_next(True)
    for door in (SignIn, PasswordLink):
        db.session.execute(sa.update(door).where(door.ended_at.is_(None)).values(ended_at=now()))
    audit.record(SYSTEM, "backup.restored", made_at=manifest.made_at)
    db.session.commit()
    write_next(False)
    return findings


def _tell(restored: Restored) -> None:
    manifest = restored.manifest
    click.echo(
        _(
            "Made %(made_at)s from %(database)s: %(rows)d rows of %(tables)d tables, %(attachments)d "
            "attachments. All went in and read back the same.",
            made_at=moment(datetime.fromisoformat(manifest.made_at)),
            database=manifest.database,
            rows=sum(note.rows for note in manifest.tables.values()),
            tables=len(manifest.tables),
            attachments=sum(name.startswith("attachments/") for name in manifest.files),
        )
    )
    show(restored.findings)


@group.command("verify")
@click.argument("file", type=A_FILE)
def verify(file: Path) -> None:
    """Restore FILE to the side and compare. Exit 1: it cannot be restored, or its records are not sound."""
    _prove(file)


@group.command("restore")
@click.argument("file", type=A_FILE)
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Into this folder.")
@click.option(
    "--database", help="Into this database, also of the other kind (postgresql://…, sqlite:///…)."
)
@click.option("--replace", is_flag=True, help="Put it in place of the records there; they are backed up.")
def restore(file: Path, folder: Path | None, database: str | None, replace: bool) -> None:
    """Put FILE in place of this installation's records, or into another folder or database."""
    instance = (folder or _instance()).resolve()
    url = (database or "").replace("postgresql://", "postgresql+psycopg://", 1)
    if not url and folder:
        url = f"sqlite:///{instance / 'visits.sqlite3'}"
    attachments = instance / making.ATTACHMENTS if folder else current_app.config["ATTACHMENTS"]
    target = Target(url or current_app.config["SQLALCHEMY_DATABASE_URI"], instance, attachments)
    db.session.remove()
    db.engine.dispose()
    with refusing():
        restored = restoring.restore_backup(file, target, _settle, replace=replace)
    _tell(restored)
    if restored.former:
        click.echo(_("What was there before is kept in %(file)s.", file=restored.former))
    click.echo(_("Restored. Everybody signs in anew."))


def _nightly(_on: date) -> str:
    """Write a backup, prove it, and keep the last ones; raise Refused where it cannot be proved."""
    place = _make(making.usual_place(_instance())).path
    if restoring.verify_backup(place, _inspect).findings:
        raise Refused(
            N_("The backup %(file)s was written but is not good; “backup verify” says why."), file=place
        )
    making.drop_old(_instance(), NIGHTS_KEPT)
    return place.name


NIGHTLY = Task(
    "backup.nightly",
    _nightly,
    N_("Writes a backup every night, restores it to the side to prove it, and keeps the last ones."),
    N_("Backups written and proved: %(count)d"),
)
