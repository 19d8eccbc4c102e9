"""The databases the suite runs on: made once by the real migrations, emptied between tests."""

import os
import re
import shutil
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa

import config
from tests.support import postgres
from visits.core.db import db, write_next
from visits.core.permissions import Role
from visits.core.schema import head, upgrade_to

KIND = os.environ.get("TEST_DATABASE", "sqlite")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
DATABASE_OF_ITS_OWN = re.compile(r"tests\.support\.(databases|importer) ")


@cache
def _makes_one(path):
    return bool(DATABASE_OF_ITS_OWN.search(path.read_text(encoding="utf-8")))


def depends_on_one(test):
    """Whether a collected test meets a database, the run's or its module's, and another may differ."""
    meets = "installation" in test.fixturenames or _makes_one(test.path)
    mark = test.get_closest_marker("any_database")
    return meets and (mark is None or mark.kwargs.get("unless", False))


def make_schema():
    """Build the tables as an installation gets them: by the migrations."""
    if any((config.ROOT / "migrations" / "versions").glob("*.py")):
        upgrade_to()
    else:
        db.create_all()


class Sqlite:
    """A file for each test, copied from one that only the migrations have touched."""

    def __init__(self, folder):
        self.file, self.template = folder / "visits.sqlite3", folder / "template.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def keep(self):
        """Remember the file as every test shall find it."""
        db.engine.dispose()
        shutil.copyfile(self.file, self.template)

    def empty(self):
        """Put the remembered file in place; its log and index belong to the one before."""
        db.engine.dispose()
        for suffix in ("-wal", "-shm", "-journal"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.file)


class Postgresql:
    """A database of its own for each worker, on the one server of the run."""

    def __init__(self, _folder):
        self.url = self.make_database(f"test_{WORKER}")

    @staticmethod
    def make_database(name, template="template1"):
        """Create a database on the run's server, empty unless made after another; return its address."""
        engine = sa.create_engine(postgres.address_of(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        engine.dispose()
        return postgres.address_of(name)

    def keep(self):
        """Lay a copy of what the migrations put into tables aside, as every test shall find it."""
        names = [table for table in sa.inspect(db.engine).get_table_names() if table != "alembic_version"]
        with db.engine.begin() as connection:
            filled = [name for name in names if connection.scalar(sa.text(f"SELECT 1 FROM {name} LIMIT 1"))]
            connection.exec_driver_sql("CREATE SCHEMA kept")
            for name in filled:
                connection.exec_driver_sql(f"CREATE TABLE kept.{name} AS TABLE {name}")
        steps = [f"DELETE FROM {name}" for name in names]
        steps += [f"INSERT INTO {name} SELECT * FROM kept.{name}" for name in filled]
        self.refill = "; ".join(
            [
                "SET session_replication_role = replica",
                *steps,
                "SET session_replication_role = DEFAULT",
            ]
        )

    def empty(self):
        """Put what was kept in place; as replica neither references nor triggers of logs are in the way."""
        with db.engine.begin() as connection:
            connection.exec_driver_sql(self.refill)


def database_for_tests(folder):
    """The database that TEST_DATABASE names."""
    return {"sqlite": Sqlite, "postgresql": Postgresql}[KIND](folder)


def scratch_url(name, folder):
    """The address of one more empty database of the same kind."""
    return (
        Postgresql.make_database(f"{name}_{WORKER}")
        if KIND == "postgresql"
        else f"sqlite:///{folder / name}.sqlite3"
    )


def copy_of(url, name, folder):
    """The address of one more database with the content of another, which nobody has open."""
    if KIND != "postgresql":
        shutil.copyfile(sa.make_url(url).database, folder / f"{name}.sqlite3")
        return f"sqlite:///{folder / name}.sqlite3"
    return Postgresql.make_database(f"{name}_{WORKER}", template=sa.make_url(url).database)


def seeds(count):
    """The seeds of random histories: all on SQLite, the first on PostgreSQL, which is to agree with it."""
    return range(count if KIND == "sqlite" else 1)


def roles_asked():
    """The roles to ask for: all on SQLite, two on PostgreSQL; a right is no matter of the database."""
    return tuple(Role) if KIND == "sqlite" else (Role.COORDINATOR, Role.HANDLER)


@contextmanager
def standing_at(revision):
    """Let the database say inside the block that it stands at another revision."""

    def note(name):
        with db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :name"), {"name": name})

    db.session.commit()
    write_next(False)
    note(revision)
    try:
        yield
    finally:
        db.session.rollback()
        note(head())
