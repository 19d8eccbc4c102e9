"""What an installation stands on: machine, settings, files, database; for `doctor` and for `/healthz`."""

import os
import platform
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from visits.core import start
from visits.core.backups.making import made_backups
from visits.core.calendar import load_calendar
from visits.core.clock import now, today
from visits.core.db import db, has_wal_fix, sqlite_driver
from visits.core.files import SHARED_FILESYSTEMS, filesystem_of, is_for_owner_only, is_open_to_others
from visits.core.health import Finding, advice, fine, wrong
from visits.core.i18n import N_
from visits.core.machine import CannotStart, answer_of
from visits.core.schema import Standing, revision_in, standing_of
from visits.core.settings import get_setting

MEBIBYTE = 1 << 20
LITTLE_SPACE, SCARCE_SPACE = 2048 * MEBIBYTE, 256 * MEBIBYTE
OLDEST_BACKUP = timedelta(days=2)
YEAR_END_MONTH = 12
POSTGRES_SWITCHES = ("fsync", "full_page_writes", "synchronous_commit")

Settings = Mapping[str, Any]


def _holds(name: str, check: Any, sentence: str, **params: Any) -> Finding:
    """Turn a condition of the start into a finding."""
    try:
        check()
    except CannotStart as refusal:
        return wrong(name, refusal.message, **refusal.params)
    return fine(name, sentence, **params)


def look_at_machine(settings: Settings) -> list[Finding]:
    """Python, disk and what was built."""
    instance = Path(settings["INSTANCE"])
    return [
        fine("python", N_("Python %(version)s."), version=platform.python_version()),
        _holds(
            "build", lambda: start.require_built(start.ROOT), N_("The files that are served are built.")
        ),
        _holds(
            "folder",
            lambda: start.require_room(instance),
            N_("%(folder)s can be written to."),
            folder=instance,
        ),
        _space(instance),
    ]


def _space(instance: Path) -> Finding:
    free = shutil.disk_usage(instance).free
    params = {"free": free // MEBIBYTE, "folder": str(instance)}
    if free < SCARCE_SPACE:
        return wrong(
            "disk", N_("Only %(free)d MB are free on the disk of %(folder)s. Make room now."), **params
        )
    if free < LITTLE_SPACE:
        return advice(
            "disk", N_("%(free)d MB are free on the disk of %(folder)s: soon too little."), **params
        )
    return fine("disk", N_("%(free)d MB are free on the disk of %(folder)s."), **params)


def look_at_settings(settings: Settings) -> list[Finding]:
    """Secret, address and proxies."""
    return [_secret(settings), _address(settings), _proxies(settings)]


def _secret(settings: Settings) -> Finding:
    kept = Path(settings["INSTANCE"]) / "secret_key"
    if kept.exists() and not is_for_owner_only(kept):
        return wrong(
            "secret",
            N_("Others on this machine can read %(file)s. Say: chmod 600 %(file)s"),
            file=str(kept),
        )
    return fine("secret", N_("The secret key is long enough, and nobody else can read it."))


def _address(settings: Settings) -> Finding:
    address = settings["PUBLIC_BASE_URL"]
    if settings["ENV_NAME"] != "production":
        return advice(
            "address",
            N_(
                "This is no production environment (VISITS_ENV=%(name)s): good for one machine, not for "
                "an office."
            ),
            name=settings["ENV_NAME"],
        )
    if not address.startswith("https://"):
        return wrong(
            "address",
            N_("PUBLIC_BASE_URL is %(address)s: without https everybody on the way can read along."),
            address=address,
        )
    return fine("address", N_("People reach the system at %(address)s."), address=address)


def _proxies(settings: Settings) -> Finding:
    if settings["ENV_NAME"] == "production" and not settings["PROXIES"]:
        return wrong(
            "proxies",
            N_(
                "VISITS_PROXIES is 0: behind nginx everybody seems to come from one address, and the limit "
                "on password tries hits all. Set VISITS_PROXIES=1."
            ),
        )
    return fine("proxies", N_("Proxies in front of the program: %(count)d."), count=settings["PROXIES"])


def look_at_database(settings: Settings) -> list[Finding]:
    """Whether the database answers, which one it is, and how its tables stand; the last says "schema"."""
    try:
        findings = _server() if db.engine.dialect.name == "postgresql" else _embedded()
        return [*findings, look_at_schema()]
    except DBAPIError as error:
        db.session.rollback()
        return [wrong("database", start.UNREACHABLE, answer=answer_of(error))]


def look_inside() -> list[Finding]:
    """Whether the file of the database is whole, as SQLite finds by reading it; PostgreSQL has none."""
    if db.engine.dialect.name == "postgresql":
        return []
    answers = db.session.scalars(sa.text("PRAGMA quick_check(1)")).all()
    strays = db.session.execute(sa.text("PRAGMA foreign_key_check")).first()
    if answers == ["ok"] and strays is None:
        return [fine("file", N_("The file of the database is whole."))]
    answer = f"{strays[0]}" if strays else str(answers[0])
    return [
        wrong(
            "file",
            N_("The file of the database is damaged (%(answer)s). Restore the last backup."),
            answer=answer,
        )
    ]


def look_at_schema() -> Finding:
    """Whether the tables are those of this version."""
    standing = standing_of(revision_in(db.session.connection()))
    if standing is Standing.CURRENT:
        return fine("schema", N_("The tables are those of this version of the program."))
    return wrong("schema", start.SCHEMA_SENTENCES[standing])


def _embedded() -> list[Finding]:
    version, mode = sqlite_driver.sqlite_version, db.session.scalar(sa.text("PRAGMA journal_mode"))
    if has_wal_fix(sqlite_driver.sqlite_version_info):
        kind = fine("database", N_("SQLite %(version)s, journal %(mode)s."), version=version, mode=mode)
    else:
        kind = advice(
            "database",
            N_(
                "SQLite %(version)s has a known fault with its fast journal, so the slow one (%(mode)s) "
                "is used: while one person saves, others wait. Install pysqlite3 (make install)."
            ),
            version=version,
            mode=mode,
        )
    return [kind, *_file_of_database(), _sound_file()]


def _file_of_database() -> list[Finding]:
    file = start.sqlite_file(db.engine)
    if file is None:
        return []
    findings = [
        _holds(
            "drive", lambda: start.require_local(file), N_("The database lies on a disk of this machine.")
        )
    ]
    if filesystem_of(file) in SHARED_FILESYSTEMS:
        findings = [
            advice(
                "drive",
                N_("The database lies in a folder shared with another machine: only one may use it."),
            )
        ]
    if is_open_to_others(file) and is_open_to_others(file.parent):
        findings.append(
            advice(
                "privacy",
                N_("Every account of this machine can read the database. Say: chmod 700 %(folder)s"),
                folder=str(file.parent),
            )
        )
    return findings


def _sound_file() -> Finding:
    answer = db.session.scalar(sa.text("PRAGMA quick_check(1)"))
    broken = db.session.execute(sa.text("PRAGMA foreign_key_check")).first()
    if broken:
        answer = f"{broken[0]} {broken[1]} → {broken[2]}"
    if answer != "ok":
        return wrong(
            "integrity",
            N_("The database is damaged: %(answer)s. Stop the service and restore the last good backup."),
            answer=answer,
        )
    return fine("integrity", N_("The database file is sound, and no reference leads nowhere."))


def _server() -> list[Finding]:
    def shown(name: str) -> str:
        return db.session.scalar(sa.text(f"SHOW {name}")) or ""

    findings = [fine("database", N_("PostgreSQL %(version)s."), version=shown("server_version"))]
    loose = [name for name in POSTGRES_SWITCHES if shown(name) == "off"]
    if loose:
        findings.append(
            wrong(
                "durability",
                N_("What was saved can be lost when the power fails: set %(names)s = on in PostgreSQL."),
                names=", ".join(loose),
            )
        )
    if shown("server_encoding") != "UTF8":
        findings.append(wrong("encoding", N_("The database does not store UTF8. Make one that does.")))
    if shown("data_checksums") != "on":
        findings.append(
            advice("checksums", N_("The server does not notice damaged pages (initdb --data-checksums)."))
        )
    return findings


def look_at_calendar() -> Finding:
    """Whether the calendar knows this year's working days, and by December the next one's."""
    calendar, year = load_calendar(), today().year
    missing = [y for y in (year, year + 1) if calendar.day(today().replace(y, 1, 1)).is_provisional]
    sentence = N_("The working days of %(year)d are not entered yet. Enter them once they are published.")
    if year in missing:
        return wrong("calendar", sentence, year=year)
    if missing and today().month == YEAR_END_MONTH:
        return wrong("calendar", sentence, year=year + 1)
    if missing:
        return advice("calendar", sentence, year=year + 1)
    return fine("calendar", N_("The working days are known to the end of %(year)d."), year=year + 1)


def look_at_demo(settings: Settings) -> Finding:
    """Invented people have no business in production."""
    if get_setting("demo") and settings["ENV_NAME"] == "production":
        return wrong("demo", N_("This database holds the demo zone; production needs one of its own."))
    if get_setting("demo"):
        return advice("demo", N_("This database holds the demo zone, for trying out only."))
    return fine("demo", N_("No demo zone."))


def look_at_backups(settings: Settings) -> list[Finding]:
    """When the last backup was made, and whether an interrupted restore left something."""
    instance = Path(settings["INSTANCE"])
    left = [path.name for path in instance.glob(".restoring-*")]
    findings = [
        advice("left_over", N_("An interrupted restore left %(names)s. Delete it."), names=", ".join(left))
    ] * bool(left)
    made = made_backups(instance)
    if not made:
        return [*findings, advice("backup", N_("There is no backup yet. Make one: make backup"))]
    at = datetime.fromtimestamp(made[0].stat().st_mtime, UTC)
    days, params = (now() - at).days, {"name": made[0].name}
    if now() - at > OLDEST_BACKUP:
        finding = wrong(
            "backup", N_("The last backup, %(name)s, is %(days)d days old."), days=days, **params
        )
    else:
        finding = fine("backup", N_("The last backup is %(name)s."), **params)
    return [*findings, finding]


def pulse(settings: Settings) -> dict[str, bool]:
    """What a monitor asks every minute, in one statement: named checks, each good or not."""
    instance = Path(settings["INSTANCE"])
    checks = {"database": True, "schema": False}
    try:
        checks["schema"] = look_at_schema().weight == "fine"
    except DBAPIError:
        checks["database"] = False
    finally:
        db.session.rollback()
    checks["disk"] = shutil.disk_usage(instance).free >= SCARCE_SPACE
    checks["files"] = os.access(instance, os.W_OK | os.X_OK)
    return checks
