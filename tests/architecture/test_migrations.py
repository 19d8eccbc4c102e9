"""The migrations build exactly the models' tables, go back, and lose no row on the way."""

import shutil
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

import config
from tests.factories.accounts import make_person, make_unit
from tests.support.databases import scratch_url
from visits.accounts.models import UnitMembership
from visits.app import create_app
from visits.core.db import db, write_next
from visits.core.schema import MIGRATIONS, bind_migrations, head, is_known

TRIGGERS = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}
AGAIN = '''
"""Make the table of people anew."""
import sqlalchemy as sa
from alembic import op

revision = "ffffffffffff"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("people") as batch:
        batch.add_column(sa.Column("room", sa.String(20)))
        batch.alter_column("post", type_=sa.String(80))  # this is what SQLite makes a table anew for


def downgrade():
    with op.batch_alter_table("people") as batch:
        batch.alter_column("post", type_=sa.String(60))
        batch.drop_column("room")
'''


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """Open an empty database of a given name, in an application of its own."""

    @contextmanager
    def opened(name):
        monkeypatch.setenv("DATABASE_URL", scratch_url(name, tmp_path))
        monkeypatch.setenv("VISITS_INSTANCE", str(tmp_path))
        app = create_app(config.TestingConfig())
        bind_migrations(app)
        with app.app_context():
            yield
            db.session.remove()
            db.engine.dispose()

    return opened


def plain(constraint):
    return {
        key: str(value) for key, value in constraint.items() if key not in {"comment", "dialect_options"}
    }


def in_order(constraints):
    return sorted((sorted(plain(c).items()) for c in constraints), key=str)


def schema():
    """All a database says of its tables, triggers included."""
    inspector = sa.inspect(db.engine)
    tables = [name for name in inspector.get_table_names() if name != "alembic_version"]
    described = {
        name: {
            "columns": {c["name"]: plain(c) for c in inspector.get_columns(name)},
            "key": plain(inspector.get_pk_constraint(name)),
            "references": in_order(inspector.get_foreign_keys(name)),
            "unique": in_order(inspector.get_unique_constraints(name)),
            "checks": in_order(inspector.get_check_constraints(name)),
            "indexes": in_order(inspector.get_indexes(name)),
        }
        for name in tables
    }
    with db.engine.connect() as connection:
        triggers = sorted(map(tuple, connection.exec_driver_sql(TRIGGERS[db.engine.dialect.name])))
    return described, triggers


def test_the_migrations_build_what_the_models_say(scratch):
    with scratch("migrated"):
        upgrade()
        tables, triggers = schema()
    with scratch("created"):
        db.create_all()
        wanted, wanted_triggers = schema()
    assert set(tables) == set(wanted)
    for name, description in wanted.items():
        assert tables[name] == description, name
    assert triggers == wanted_triggers
    assert triggers


def test_the_revisions_are_read_as_alembic_reads_them():
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert head() == scripts.get_current_head()
    assert all(is_known(script.revision) for script in scripts.walk_revisions())
    assert not is_known("fedcba987654")


def test_all_the_way_back_and_up_again(scratch):
    with scratch("returned"):
        upgrade()
        first = schema()
        downgrade(revision="base")
        assert schema() == ({}, [])
        upgrade()
        assert schema() == first


def test_making_a_table_anew_keeps_the_rows_that_refer_to_it(scratch, tmp_path):
    folder = tmp_path / "migrations"
    shutil.copytree(config.ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    with scratch("anew"):
        upgrade(directory=str(folder))
        write_next(True)
        make_person(unit=make_unit())
        db.session.commit()
        write_next(False)
        head = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
        db.session.rollback()
        (folder / "versions" / "99991231_0000_ffffffffffff_again.py").write_text(AGAIN.format(head=head))
        upgrade(directory=str(folder))
        assert "room" in {column["name"] for column in sa.inspect(db.engine).get_columns("people")}
        assert db.session.scalar(sa.select(sa.func.count(UnitMembership.id))) == 1
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(sa.text("PRAGMA foreign_keys")) == 1


def test_migrations_are_named_by_date_and_deed():
    names = [file.stem for file in (config.ROOT / "migrations" / "versions").glob("*.py")]
    assert names
    for name in names:
        day, hour, revision, *deed = name.split("_")
        assert (len(day), len(hour), len(revision)) == (8, 4, 12)
        assert deed
