"""Files stored, removed, swept and checked: disk and database never tell different stories for long."""

import hashlib
import os
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.support.files import PDF, picture
from visits.attachments import operations, queries, rules, storage
from visits.attachments.examining import examine
from visits.attachments.models import Attachment
from visits.attachments.operations import attach, remove, sweep, take_in
from visits.core import clock
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.errors import NotAllowed, Refused
from visits.core.settings import set_setting


def files_in(store):
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


def aged(path, hours):
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


@pytest.fixture
def one(world, store):
    """A photo on the visit."""
    return attach(world.actors["author"], store, world.visit, examine(picture(), "现场.jpg"))


def test_a_file_is_stored_with_what_is_known_of_it(world, store, one, database):
    content = store.read(one.storage_key)
    assert (one.name, one.kind, one.width, one.height) == ("现场.jpg", "jpeg", 64, 48)
    assert (one.size, one.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (one.visit_id, one.issue_id, one.uploaded_by_id) == (
        world.visit.id,
        None,
        world.people["author"].id,
    )
    assert files_in(store) == [one.storage_key, f"{one.storage_key}.thumbnail"]
    assert oct(store.path(one.storage_key).stat().st_mode)[-3:] == "600"
    told = database.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "attachment.added")
    ).one()
    assert told.changes["sha256"] == one.sha256


def test_a_document_is_stored_as_sent(world, store):
    stored = attach(world.actors["handler"], store, world.issue, examine(PDF, "回复.pdf"))
    assert store.read(stored.storage_key) == PDF
    assert (stored.issue_id, stored.has_thumbnail, stored.width) == (world.issue.id, False, None)


def test_of_several_files_the_good_ones_are_stored(world, store):
    given = [("a.jpg", picture()), ("b.exe", b"MZ"), ("c.pdf", PDF), ("d.jpg", b"\xff\xd8\xff")]
    taken = take_in(world.actors["author"], store, world.visit, given)
    assert [file.name for file in taken.added] == ["a.jpg", "c.pdf"]
    assert [name for name, _ in taken.refused] == ["b.exe", "d.jpg"]


WHO_ADDS = {
    "visit": {"author", "companion", "coordinator"},
    "issue": {"cadre", "handler", "coordinator"},
}


@pytest.mark.parametrize("where", WHO_ADDS)
def test_only_who_stands_near_adds(world, store, where):
    parent, file = getattr(world, where), examine(PDF, "a.pdf")
    able = set()
    for name, actor in world.actors.items():
        try:
            attach(actor, store, parent, file)
        except NotAllowed:
            continue
        able.add(name)
    assert able == WHO_ADDS[where]


def test_only_who_added_it_or_a_coordinator_removes(world, store, one):
    for name in world.actors.keys() - {"author", "coordinator"}:
        with pytest.raises(NotAllowed):
            remove(world.actors[name], one, "放错了")
    with pytest.raises(Refused, match="why"):
        remove(world.actors["author"], one, "  ")
    remove(world.actors["author"], one, "放错了")
    assert (one.removed_by_id, one.removed_reason) == (world.people["author"].id, "放错了")
    assert store.has(one.storage_key)


def test_a_twenty_first_file_is_refused_until_one_is_removed(world, store, one):
    file = examine(PDF, "a.pdf")
    author = world.actors["author"]
    for _ in range(rules.MAX_FILES - 1):
        attach(author, store, world.visit, file)
    before = files_in(store)
    with pytest.raises(Refused, match="There are 20 files"):
        attach(author, store, world.visit, file)
    assert files_in(store) == before
    remove(author, one, "多余")
    attach(author, store, world.visit, file)


def test_a_file_over_the_limit_is_refused():
    limit = rules.MAX_FILE_BYTES
    fits = b"%PDF-" + bytes(limit - 10) + b"%%EOF"
    assert len(examine(fits, "a.pdf").content) == limit
    with pytest.raises(Refused, match="larger than 10 MB"):
        examine(fits + b"\0", "a.pdf")


def test_the_room_of_the_installation_has_an_end(world, store):
    set_setting("attachments_quota_mb", 1)
    attach(
        world.actors["author"], store, world.visit, examine(b"%PDF-" + bytes(900_000) + b"%%EOF", "a.pdf")
    )
    with pytest.raises(Refused, match="used up"):
        attach(
            world.actors["author"],
            store,
            world.visit,
            examine(b"%PDF-" + bytes(200_000) + b"%%EOF", "a.pdf"),
        )
    assert len(files_in(store)) == 1


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(world, store, monkeypatch, step):
    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((storage.Path, "replace") if step == "replace" else (storage.os, "fsync")), fail)
    with pytest.raises(Refused, match="disk is full"):
        attach(world.actors["author"], store, world.visit, examine(picture(), "a.jpg"))
    assert files_in(store) == []
    assert queries.count_present(world.visit) == 0


def test_a_disk_nearly_full_is_left_alone(world, store, monkeypatch):
    monkeypatch.setattr(operations, "ROOM_LEFT_ON_DISK", 1 << 60)
    with pytest.raises(Refused, match="disk is full"):
        attach(world.actors["author"], store, world.visit, examine(PDF, "a.pdf"))


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("moment", ["open", "fsync", "replace", "row"])
def test_killed_on_the_way_leaves_at_most_a_stray_file(world, store, one, database, monkeypatch, moment):
    def die(*_arguments, **_named):
        raise Killed

    places = {
        "open": (storage, "open"),
        "fsync": (storage.os, "fsync"),
        "replace": (storage.Path, "replace"),
        "row": (operations.db.session, "flush"),
    }
    database.session.commit()
    whole = set(files_in(store))
    file = examine(picture(), "a.jpg")
    with monkeypatch.context() as patched:
        patched.setattr(*places[moment], die, raising=False)
        with pytest.raises(Killed):
            attach(world.actors["author"], store, world.visit, file)
    database.session.rollback()
    assert queries.count_present(world.visit) == 1
    assert queries.damaged(store) == []
    stray = set(files_in(store)) - whole
    for path in store.folder.rglob("*"):
        if path.name in stray:
            aged(path, 23)
    assert sweep(SYSTEM, store) == {"orphans": 0, "erased": 0}
    for path in store.folder.rglob("*"):
        aged(path, 25)
    assert sweep(SYSTEM, store)["orphans"] == len(stray)
    assert set(files_in(store)) == whole


def test_removed_bytes_go_after_thirty_days_and_the_row_stays(world, store, one):
    remove(world.actors["author"], one, "涉密")
    with clock.at(clock.now() + timedelta(days=29)):
        assert sweep(SYSTEM, store)["erased"] == 0
    with clock.at(clock.now() + timedelta(days=31)):
        assert sweep(SYSTEM, store)["erased"] == 1
        assert sweep(SYSTEM, store)["erased"] == 0
    assert files_in(store) == []
    assert queries.damaged(store) == []
    assert [row.Attachment.name for row in queries.list_of(SYSTEM, world.visit)] == ["现场.jpg"]


def test_only_the_machine_or_an_administrator_sweeps(world, store):
    with pytest.raises(NotAllowed):
        sweep(world.actors["coordinator"], store)
    assert sweep(world.actors["admin"], store) == {"orphans": 0, "erased": 0}


def test_files_that_are_gone_or_changed_are_found(world, store, one):
    second = attach(world.actors["author"], store, world.visit, examine(PDF, "b.pdf"))
    assert queries.damaged(store) == []
    store.path(one.storage_key).unlink()
    path = store.path(second.storage_key)
    path.write_bytes(path.read_bytes().replace(b"1.4", b"1.5"))
    assert queries.damaged(store) == [(one.id, queries.MISSING), (second.id, queries.CHANGED)]


def test_a_row_hangs_on_exactly_one_parent(world, database, store, one):
    database.session.commit()
    for values in ({"issue_id": world.issue.id}, {"visit_id": None}):
        with pytest.raises(sa.exc.IntegrityError):
            database.session.execute(sa.update(Attachment).values(**values))
        database.session.rollback()


def test_a_key_leads_nowhere_else(store):
    for key in ("../../etc/passwd", "A" * 32, "0" * 31, "0" * 32 + "/x", ""):
        with pytest.raises(ValueError, match="no key"):
            store.path(key)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("true", None),
        ("sh -c 'exit 1'", "refuses this file"),
        ("sh -c 'exit 2'", "does not answer"),
        ("/no/such/scanner", "does not answer"),
    ],
)
def test_a_virus_scanner_is_asked(command, says):
    if says is None:
        assert examine(PDF, "a.pdf", command).name == "a.pdf"
        return
    with pytest.raises(Refused, match=says):
        examine(PDF, "a.pdf", command)
