"""A backup holds everything of one moment, proves itself, and goes back in one step or not at all."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

import config
from tests.support.databases import KIND, copy_of, scratch_url
from tests.support.zones import (
    FIRST_REVISION,
    OLD_BACKUP,
    counts_of,
    no_inspection,
    restored_zone,
    target_in,
)
from visits.core.backups import archive, making, restoring
from visits.core.backups.archive import FileNote, Manifest, TableNote, Writer
from visits.core.backups.making import create_backup
from visits.core.backups.restoring import restore_backup, verify_backup
from visits.core.db import engine_options, prepare_engine, write_next
from visits.core.errors import Refused
from visits.core.schema import apart, head

WRITERS, BEFORE = 3, 40
UNIT = sa.text(
    "INSERT INTO units (name, head_confirms, revision, created_at) "
    "VALUES (:name, false, 1, '2026-09-01 00:00:00+00:00')"
)
LINE = sa.text(
    "INSERT INTO audit_entries (at, actor_name, action, changes) "
    "VALUES ('2026-09-01 00:00:00+00:00', :name, 'load', '{}')"
)
KILLED = """
import os, signal
from tests.support.zones import no_inspection, target_in
from visits.core.backups import restoring
from pathlib import Path

left, real = iter(range({spared})), restoring.{step}

def killed(*words):
    if next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*words)

restoring.{step} = killed
restoring.restore_backup(Path({file!r}), target_in({url!r}, Path({folder!r})), no_inspection, replace=True)
"""
# Before the attachments are placed, before the swap, and on a server when the former tables are gone.
STEPS = [("_place_attachments", 0), ("_swap", 0)] + [("_functions", 1)] * (KIND == "postgresql")


@pytest.fixture(scope="module")
def built_zone(tmp_path_factory):
    """The zone in a database of the run's kind."""
    folder = tmp_path_factory.mktemp("built")
    return restored_zone(scratch_url("built", folder), folder).url


@pytest.fixture
def zone(built_zone, tmp_path):
    """A copy of it, with two attachments."""
    target = target_in(copy_of(built_zone, "zone", tmp_path), tmp_path / "instance")
    for name, content in (
        ("ab/one.jpg", b"\xff\xd8" * 5000),
        ("cd/two", b"PK" * 300),
        ("cd/three.part", b"half"),
    ):
        file = target.attachments / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return target


def back_up(target, place):
    with apart(target.url) as engine:
        return create_backup(engine, target.attachments, place)


def other(tmp_path, name="other"):
    return target_in(scratch_url(name, tmp_path), tmp_path / name)


def test_everything_comes_back(zone, tmp_path):
    made = back_up(zone, tmp_path / "b.tar.gz")
    assert made.manifest.revision == head()
    assert made.attachments == 2
    assert oct((tmp_path / "b.tar.gz").stat().st_mode)[-3:] == "600"
    there = other(tmp_path)
    restored = restore_backup(made.path, there, no_inspection)
    assert restored.former is None
    again = back_up(there, tmp_path / "again.tar.gz")
    assert again.manifest.files == made.manifest.files  # every value of every row, and both attachments
    assert (there.attachments / "ab" / "one.jpg").read_bytes() == b"\xff\xd8" * 5000
    assert sorted(p.name for p in there.instance.iterdir() if p.name.startswith(".")) == []


def test_numbers_go_on_after_a_restore(zone):
    with apart(zone.url) as engine, engine.begin() as connection:
        highest = connection.scalar(sa.text("SELECT max(id) FROM units"))
        connection.execute(UNIT, {"name": "新设科室"})
        assert connection.scalar(sa.text("SELECT max(id) FROM units")) == highest + 1


def test_an_embedded_zone_moves_to_a_server_and_back(zone, tmp_path):
    """The file is the same for both kinds of database."""
    small = restored_zone(f"sqlite:///{tmp_path / 'small.sqlite3'}", tmp_path / "small")
    first = back_up(small, tmp_path / "first.tar.gz")
    large = other(tmp_path, "large")
    restore_backup(first.path, large, no_inspection)
    second = back_up(large, tmp_path / "second.tar.gz")
    assert second.manifest.files == first.manifest.files
    assert back_up(zone, tmp_path / "third.tar.gz").manifest.tables == first.manifest.tables


def test_any_tar_reads_it(zone, tmp_path):
    back_up(zone, tmp_path / "b.tar.gz")
    tar = shutil.which("tar")
    said = subprocess.run([tar, "tzf", tmp_path / "b.tar.gz"], capture_output=True, text=True, check=True)
    assert {"tables/issues.jsonl", "attachments/ab/one.jpg", "manifest.json"} <= set(said.stdout.split())
    assert said.stderr == ""


@contextmanager
def writing(url):
    """People saving as fast as they can, two rows in each transaction; yields what was acknowledged."""
    acknowledged, known, stop = [], threading.Condition(), threading.Event()

    def write(writer):
        engine = sa.create_engine(url, **engine_options(url))
        prepare_engine(engine)
        number = 0
        write_next(True)
        while not stop.is_set():
            number += 1
            name = f"{writer}-{number}"
            with engine.begin() as connection:
                connection.execute(UNIT, {"name": name})
                connection.execute(LINE, {"name": name})
            with known:
                acknowledged.append(name)
                known.notify_all()
        engine.dispose()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        with known:
            assert known.wait_for(lambda: len(acknowledged) >= BEFORE, timeout=30)
        yield acknowledged
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=30)


def names_in(url):
    with apart(url) as engine, engine.connect() as connection:
        units = connection.scalars(sa.text("SELECT name FROM units WHERE name LIKE '%-%'"))
        lines = connection.scalars(sa.text("SELECT actor_name FROM audit_entries WHERE action = 'load'"))
        return set(units), set(lines)


def test_a_backup_while_others_write_holds_all_that_was_saved_before_it(zone, tmp_path):
    with writing(zone.url) as acknowledged:
        before = set(acknowledged)
        made = back_up(zone, tmp_path / "b.tar.gz")
        during = len(acknowledged) - len(before)
    verify_backup(made.path, no_inspection)
    there = other(tmp_path)
    restore_backup(made.path, there, no_inspection)
    units, lines = names_in(there.url)
    assert before <= units <= set(acknowledged)
    assert units == lines  # no transaction is there by half
    assert during > 0  # the writers were not held up


def test_a_changed_or_cut_file_is_refused_before_it_is_read(tmp_path):
    whole, size = OLD_BACKUP.read_bytes(), OLD_BACKUP.stat().st_size
    places = {*range(16), *range(size - 130, size), *range(0, size, size // 200)}
    damaged = [whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :] for at in sorted(places)]
    damaged += [whole[: size * part // 10] for part in range(10)] + [whole[:-1], whole + b"\x00"]
    file = tmp_path / "damaged.tar.gz"
    for content in damaged:
        file.write_bytes(content)
        with pytest.raises(Refused, match=r"not whole|no backup of this program"):
            verify_backup(file, no_inspection)
    assert len(damaged) > 300


def forged(folder, *, note=None, **changes):
    """A backup with a right seal and a wrong content; `changes` replace or take away files of it."""
    manifest = archive.unpack(OLD_BACKUP, folder / "open")
    manifest.files.clear()
    manifest.revision = changes.pop("revision", manifest.revision)
    manifest.format = changes.pop("format", manifest.format)
    for name, content in changes.items():
        (folder / "open" / "tables" / f"{name}.jsonl").write_text(content)
    with (folder / "forged.tar.gz").open("w+b") as file, Writer(file, manifest) as writer:
        for path in sorted((folder / "open" / "tables").iterdir()):
            writer.add(f"tables/{path.name}", path)
        if note:
            manifest.files.update(note)
    return folder / "forged.tar.gz"


NOTHING = {"tables/people.jsonl": FileNote(0, "0" * 64)}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"revision": "fedcba987654"}, "newer version"),
        ({"format": 2}, "format 2"),
        ({"note": NOTHING}, "list of contents"),
        ({"units": ""}, "refer to rows"),
        ({"issue_counters": '["2026-02-30",1]\n'}, "issue_counters do not go into"),
    ],
)
def test_a_backup_that_cannot_go_in_is_refused_with_the_reason(tmp_path, changes, reason):
    file = forged(tmp_path, **changes)
    there = other(tmp_path, "refused")
    with pytest.raises(Refused, match=reason):
        verify_backup(file, no_inspection)
    with pytest.raises(Refused, match=reason):
        restore_backup(file, there, no_inspection)
    assert [p for p in there.instance.iterdir() if p.is_dir()] == []
    assert counts_of(there.url) == {}


@pytest.mark.parametrize(
    "name", ["../escape", "/etc/passwd", "attachments/../../x", "tables/a b.jsonl", "note"]
)
def test_names_that_lead_elsewhere_are_refused(tmp_path, name):
    (tmp_path / "x").write_text("x")
    manifest = Manifest(FIRST_REVISION, "2026-08-31", "sqlite", tables={"x": TableNote([], 0)})
    with (tmp_path / "b.tar.gz").open("w+b") as file, Writer(file, manifest) as writer:
        writer.add(name, tmp_path / "x")
    with pytest.raises(Refused, match="does not belong"):
        archive.unpack(tmp_path / "b.tar.gz", tmp_path / "open")


def test_records_are_replaced_only_when_asked_and_kept(zone, tmp_path):
    with apart(zone.url) as engine, engine.begin() as connection:
        connection.execute(sa.text("UPDATE people SET name = '后来改名' WHERE id = 1"))
    before = counts_of(zone.url)
    with pytest.raises(Refused, match="--replace"):
        restore_backup(OLD_BACKUP, zone, no_inspection)
    restored = restore_backup(OLD_BACKUP, zone, no_inspection, replace=True)
    assert counts_of(zone.url) == before
    name = sa.text("SELECT name FROM people WHERE id = 1")
    with apart(zone.url) as engine, engine.connect() as connection:
        assert connection.scalar(name) != "后来改名"
    restore_backup(restored.former, zone, no_inspection, replace=True)
    with apart(zone.url) as engine, engine.connect() as connection:
        assert connection.scalar(name) == "后来改名"


def test_another_programs_database_is_left_alone(tmp_path):
    there = other(tmp_path)
    with apart(there.url) as engine, engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE ledger (id integer)"))
    with pytest.raises(Refused, match="another program"):
        restore_backup(OLD_BACKUP, there, no_inspection, replace=True)
    assert counts_of(there.url) == {"ledger": 0}


@pytest.mark.parametrize(("step", "spared"), STEPS)
def test_a_restore_that_is_killed_leaves_what_was_there(zone, tmp_path, step, spared):
    made = back_up(zone, tmp_path / "before.tar.gz")
    places = {"file": str(OLD_BACKUP), "url": zone.url, "folder": str(zone.instance)}
    code = KILLED.format(step=step, spared=spared, **places)
    done = subprocess.run([sys.executable, "-c", code], cwd=config.ROOT, env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL
    again = back_up(zone, tmp_path / "after.tar.gz")
    assert again.manifest.files == made.manifest.files
    with apart(zone.url) as engine, engine.begin() as connection:
        connection.execute(sa.text("UPDATE people SET name = '后来改名'"))
    restore_backup(made.path, zone, no_inspection, replace=True)  # what was left behind is in nobody's way
    assert back_up(zone, tmp_path / "last.tar.gz").manifest.files == made.manifest.files


def test_a_file_in_use_stops_the_swap(zone, tmp_path, monkeypatch):
    made = back_up(zone, tmp_path / "before.tar.gz")
    monkeypatch.setattr(restoring, "PATIENCE", 50)
    with apart(zone.url) as engine, engine.connect() as connection:
        connection.execute(sa.text("UPDATE people SET name = name"))
        with pytest.raises(Refused, match="in use"):
            restore_backup(made.path, zone, no_inspection, replace=True)


def test_a_place_that_is_taken_or_full_is_named(zone, tmp_path, monkeypatch):
    with pytest.raises(Refused, match="exists already"):
        back_up(zone, OLD_BACKUP)

    def full(_self, _name, _path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Writer, "add", full)
    with pytest.raises(Refused, match="No space left on device"):
        back_up(zone, tmp_path / "backups" / "b.tar.gz")
    assert list((tmp_path / "backups").iterdir()) == []


def test_old_backups_go_when_asked(tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in range(1, 6):
        (folder / f"visits-2026110{day}-020000.tar.gz").write_text("x")
    (folder / "notes.txt").write_text("x")
    assert making.drop_old(tmp_path, 2) == 3
    assert sorted(path.name for path in folder.iterdir()) == [
        "notes.txt",
        "visits-20261104-020000.tar.gz",
        "visits-20261105-020000.tar.gz",
    ]


def test_the_manifest_says_what_is_in_it():
    content = json.loads(Manifest("r", "2026", "sqlite", {"VISITS_HOSTS": "x"}).to_bytes())
    assert content["settings"] == {"VISITS_HOSTS": "x"}
    assert Manifest.from_bytes(json.dumps(content).encode()).revision == "r"
