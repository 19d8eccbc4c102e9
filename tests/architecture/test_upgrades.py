"""Bringing an older installation up to date: nothing is lost, there and back; a killed upgrade is none."""

import os
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa
from flask import current_app
from flask_migrate import downgrade

import config
from tests.support.databases import scratch_url
from tests.support.zones import FIRST_REVISION, OLD_BACKUP
from visits.core.backups import archive, side
from visits.core.backups.tables import tables_in
from visits.core.schema import apart, bind_migrations, head, revision_in, upgrade_to

RENUMBERED = {"tags", "tag_grants"}  # made anew from the words
GRANTS = "SELECT g.enterprise_id, t.name FROM tag_grants g JOIN tags t ON t.id = g.tag_id"
# Ends the process before the n-th statement of the upgrade that changes something.
KILLED = """
import os, signal
import sqlalchemy as sa
from sqlalchemy import event
from visits.core.schema import apart, upgrade_to

left = iter(range({number}))

def count(_connection, _cursor, statement, *_):
    reads = statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "SHOW", "BEGIN"))
    if not reads and next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)

with apart({url!r}) as engine:
    event.listen(engine, "before_cursor_execute", count)
    upgrade_to()
"""


@pytest.fixture
def old(tmp_path):
    """A database as the first revision left it, with the zone of that time in it."""
    url = scratch_url("old", tmp_path)
    manifest = archive.unpack(OLD_BACKUP, tmp_path / "open")
    with apart(url) as engine:
        upgrade_to(FIRST_REVISION)
        with engine.connect() as connection:
            side.put_in(connection, manifest, tmp_path / "open" / "tables")
            connection.commit()
    return url


def contents(url, columns):
    """The rows of each table in these columns, sorted."""
    found = {}
    with apart(url) as engine, engine.connect() as connection:
        for table in tables_in(connection):
            if table.name in columns:
                chosen = [sa.cast(table.c[name], sa.Text) for name in columns[table.name]]
                found[table.name] = sorted(map(str, connection.execute(sa.select(*chosen))))
    return found


def columns_of(url):
    """The names of the columns of each table, as {table: [name]}."""
    with apart(url) as engine, engine.connect() as connection:
        return {table.name: sorted(table.c.keys()) for table in tables_in(connection)}


def tags_of(url, query):
    """Which enterprise carries which tag."""
    with apart(url) as engine, engine.connect() as connection:
        return sorted(map(tuple, connection.execute(sa.text(query))))


def test_an_upgrade_changes_nothing_that_was_recorded(old):
    first = columns_of(old)
    before, tags = contents(old, first), tags_of(old, "SELECT enterprise_id, name FROM enterprise_tags")
    with apart(old):
        upgrade_to()
    every = columns_of(old)
    kept = {name: columns for name, columns in first.items() if name in every}
    assert first.keys() - kept == {"enterprise_tags"}  # these are grants of tags now
    assert contents(old, kept) == {name: before[name] for name in kept}
    assert tags_of(old, GRANTS) == tags
    lasting = {name: columns for name, columns in every.items() if name not in RENUMBERED}
    once = contents(old, lasting)
    with apart(old):
        bind_migrations(current_app)
        downgrade(revision=FIRST_REVISION)
    assert columns_of(old) == first
    assert contents(old, first) == before
    with apart(old):
        upgrade_to()
    assert columns_of(old) == every
    assert contents(old, lasting) == once
    assert tags_of(old, GRANTS) == tags


@pytest.mark.parametrize("number", [1, 40, 90])
def test_a_killed_upgrade_leaves_the_database_as_it_was(old, number):
    first = columns_of(old)
    before = contents(old, first)
    code = KILLED.format(number=number, url=old)
    done = subprocess.run([sys.executable, "-c", code], cwd=config.ROOT, env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL
    with apart(old) as engine, engine.connect() as connection:
        assert revision_in(connection) == FIRST_REVISION
    assert columns_of(old) == first
    assert contents(old, first) == before
    with apart(old) as engine:
        upgrade_to()
        with engine.connect() as connection:
            assert revision_in(connection) == head()
