"""How a database's tables stand to this version of the program, and how they get to another revision."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError, ProgrammingError

from visits.core.db import db, engine_options, prepare_engine

MIGRATIONS = Path(__file__).parents[2] / "migrations"
VERSION_TABLE = "alembic_version"
STEP = re.compile(r"""^(revision|down_revision) = ["'](\w+)["']""", re.MULTILINE)


class Standing(StrEnum):
    """A database's tables beside those this version of the program wants."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"


def init_database(app: Flask) -> None:
    """Bind the database to an application."""
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def bind_migrations(app: Flask) -> None:
    """Let an application's database be brought to other revisions, and give it the commands for that."""
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # it would list its own parts
    from flask_migrate import Migrate  # brings Alembic: large, and a process that serves pages needs none

    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_server_default=True)


@contextmanager
def apart(url: str, schema: str | None = None) -> Iterator[sa.Engine]:
    """Open another database than the application's; `db.session` is its session inside the block.

    On PostgreSQL `schema` names the one its tables live in, else it is the database's usual one.
    """
    app = Flask("visits")
    options = engine_options(url)
    if schema:
        options["connect_args"]["options"] += f" -c search_path={schema}"
    app.config |= {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": options}
    init_database(app)
    with app.app_context():
        try:
            yield db.engine
        finally:
            db.session.remove()
            db.engine.dispose()


def _steps() -> tuple[set[str], set[str]]:
    """The revisions steps lead to, and those they set out from; read without Alembic, which is large."""
    found = {"revision": set[str](), "down_revision": set[str]()}
    for file in (MIGRATIONS / "versions").glob("*.py"):
        for end, revision in STEP.findall(file.read_text(encoding="utf-8")):
            found[end].add(revision)
    return found["revision"], found["down_revision"]


def head() -> str:
    """The revision this version of the program wants."""
    reached, left = _steps()
    return next(iter(reached - left), "")


def is_known(revision: str) -> bool:
    """Say whether this version of the program has the way from that revision."""
    return revision in _steps()[0]


def revision_in(connection: sa.Connection) -> str | None:
    """The revision a database stands at, in one statement; None where the migrations never ran."""
    try:
        return connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(VERSION_TABLE)))
    except (OperationalError, ProgrammingError) as error:
        connection.rollback()
        if "no such table" in str(error.orig) or isinstance(error, ProgrammingError):
            return None
        raise


def standing_of(revision: str | None) -> Standing:
    """Compare a database's revision with the one wanted."""
    if revision is None:
        return Standing.EMPTY
    if revision == head():
        return Standing.CURRENT
    return Standing.BEHIND if is_known(revision) else Standing.AHEAD


def upgrade_to(revision: str = "head") -> None:
    """Bring the present application context's database to a revision, without announcements."""
    bind_migrations(current_app)
    from flask_migrate import upgrade  # as there

    log = logging.getLogger("alembic")
    before = log.level
    log.setLevel(logging.WARNING)
    try:
        upgrade(revision=revision)
    finally:
        log.setLevel(before)
