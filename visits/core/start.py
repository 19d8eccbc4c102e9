"""What must be so before pages are served: one clear sentence where it is not, and nothing is served."""

import os
import shutil
import tempfile
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from visits.core.db import db
from visits.core.files import NETWORK_FILESYSTEMS, filesystem_of
from visits.core.i18n import N_
from visits.core.machine import READ_ONLY, CannotStart, answer_of, is_command
from visits.core.schema import Standing, revision_in, standing_of
from visits.core.settings import get_setting

ROOT = Path(__file__).parents[2]
BUILT = ("static/vendor/icons.svg", "translations/zh/LC_MESSAGES/messages.mo")
LEAST_SPACE = 16 << 20
UNREACHABLE = N_("The database cannot be used: %(answer)s. Check DATABASE_URL, and that the server runs.")
SCHEMA_SENTENCES = {
    Standing.EMPTY: N_(
        "The database has no tables yet. Make them with make upgrade; on a server with visits db upgrade."
    ),
    Standing.BEHIND: N_(
        "The tables of the database are of an older version of the program. Bring them up to date with "
        "make upgrade; on a server with visits backup create, then visits db upgrade."
    ),
    Standing.AHEAD: N_(
        "The tables of the database are of a newer version of the program than this one. "
        "Install that version again."
    ),
}


def is_to_serve(app: Flask) -> bool:
    """Say whether this process will answer requests: gunicorn says so, production does unless a command."""
    is_production = app.config["ENV_NAME"] == "production"
    return (is_production or "SERVER_SOFTWARE" in os.environ) and not is_command()


def require_fit_to_serve(app: Flask) -> None:
    """Raise CannotStart with the first reason why this installation cannot serve pages."""
    instance = Path(app.config["INSTANCE"])
    require_built(ROOT)
    require_room(instance)
    with app.app_context():
        if database := sqlite_file(db.engine):
            require_local(database)
        try:
            require_database(app.config["ENV_NAME"] == "production")
        except DBAPIError as error:
            raise CannotStart(UNREACHABLE, answer=answer_of(error)) from error
        finally:
            db.session.remove()
            db.engine.dispose()  # the processes that a server starts need connections of their own


def require_built(root: Path) -> None:
    """The front-end files and catalogues are made from the sources once."""
    missing = [name for name in BUILT if not (root / name).exists()]
    if missing:
        raise CannotStart(
            N_("Files that are served have not been made yet: %(names)s. Make them with: make build"),
            names=", ".join(missing),
        )


def require_room(instance: Path) -> None:
    """The instance folder can be written to, and the disk has room."""
    try:
        with tempfile.TemporaryFile(dir=instance):
            pass
    except OSError as error:
        raise CannotStart(
            READ_ONLY,
            folder=instance,
            reason=error.strerror,
        ) from error
    if shutil.disk_usage(instance).free < LEAST_SPACE:
        raise CannotStart(
            N_("The disk that holds %(folder)s is full. Free some space before starting."), folder=instance
        )


def sqlite_file(engine: sa.Engine) -> Path | None:
    """The file of an embedded database; None for a server, or a database in memory."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(name) if name and name != ":memory:" else None


def require_local(database: Path) -> None:
    """SQLite's locks do not reach across a network: two machines on one file would destroy it."""
    kind = filesystem_of(database)
    if kind in NETWORK_FILESYSTEMS:
        raise CannotStart(
            N_(
                "The database %(file)s lies on a network drive (%(kind)s), where SQLite loses records. Put "
                "it on a disk of this machine, or use PostgreSQL (DATABASE_URL)."
            ),
            file=database,
            kind=kind,
        )


def require_database(is_production: bool) -> None:
    """The tables are those of this version, and in production no invented ones."""
    file = sqlite_file(db.engine)
    if file and not file.exists():
        raise CannotStart(SCHEMA_SENTENCES[Standing.EMPTY])  # asking would create it
    standing = standing_of(revision_in(db.session.connection()))
    if standing is not Standing.CURRENT:
        raise CannotStart(SCHEMA_SENTENCES[standing])
    if is_production and get_setting("demo"):
        raise CannotStart(N_("This database holds the demo zone; production needs one of its own."))
