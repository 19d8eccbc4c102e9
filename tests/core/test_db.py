"""What the database is told about itself."""

import sqlalchemy as sa

from tests.factories.enterprises import make_enterprise
from visits.cli.running import end_import
from visits.core.clock import today
from visits.core.db import renew_statistics
from visits.core.scheduling import run_jobs


def looked_at(db):
    """The tables of which SQLite knows how they are filled; nothing, where it never looked."""
    db.session.rollback()
    if db.engine.dialect.name != "sqlite":
        return None
    if not db.session.scalar(sa.text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")):
        return set()
    return set(db.session.scalars(sa.text("SELECT DISTINCT tbl FROM sqlite_stat1")))


def forget(db):
    """Let SQLite know nothing of its tables again, as in a process that has just begun."""
    if looked_at(db):
        db.session.execute(sa.text("DELETE FROM sqlite_stat1"))
    db.session.commit()
    db.engine.dispose()


def fill(db):
    """A register large enough to be looked at."""
    for _ in range(20):
        make_enterprise()
    db.session.commit()
    forget(db)


def test_sqlite_looks_at_how_its_tables_are_filled(db):
    fill(db)
    renew_statistics()
    assert looked_at(db) is None or "enterprises" in looked_at(db)


def test_an_import_and_the_daily_jobs_let_it_look(db):
    for act in (lambda: end_import(dry_run=False), lambda: run_jobs([], today())):
        fill(db)
        act()
        assert looked_at(db) is None or "enterprises" in looked_at(db)


def test_a_dry_run_keeps_nothing_and_looks_at_nothing(db):
    fill(db)
    make_enterprise("只是试试有限公司")
    end_import(dry_run=True)
    assert not looked_at(db)
    count = sa.text("SELECT COUNT(*) FROM enterprises WHERE name = '只是试试有限公司'")
    assert db.session.scalar(count) == 0
