"""The administrator's commands for backups, as they are typed."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.issues import make_issue
from tests.support.databases import standing_at
from tests.support.zones import FIRST_REVISION
from visits.accounts.models import Person, SignIn
from visits.accounts.operations import begin_sign_in
from visits.attachments.models import Attachment, Kind
from visits.core.audit import AuditEntry
from visits.core.db import db, write_next
from visits.core.permissions import Role


@pytest.fixture
def flask(app):
    """Type a command; return its status and what it says."""

    def run(*words):
        with app.app_context():
            write_next(False)
            done = app.test_cli_runner().invoke(args=[str(word) for word in words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


@pytest.fixture
def office(database):
    """Somebody who is signed in, and a problem."""
    person = make_person([Role.ADMIN], make_unit())
    begin_sign_in(person, "127.0.0.1")
    issue = make_issue()
    db.session.commit()
    write_next(False)
    return person.id, issue.id


def test_created_verified_and_put_back(office, flask, tmp_path):
    file = tmp_path / "b.tar.gz"
    status, said = flask("backup", "create", "--output", file)
    assert status == 0, said
    assert str(file) in said
    assert flask("backup", "verify", file)[0] == 0
    refused, why = flask("backup", "restore", file)
    assert refused == 1
    assert "--replace" in why
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE people SET name = '后来改名'"))
    status, said = flask("backup", "restore", file, "--replace")
    assert status == 0, said
    assert "before-restore" in said
    db.session.remove()
    assert "后来改名" not in db.session.scalars(sa.select(Person.name)).all()
    assert db.session.scalar(sa.select(sa.func.count(SignIn.id)).where(SignIn.ended_at.is_(None))) == 0
    assert "backup.restored" in db.session.scalars(sa.select(AuditEntry.action)).all()


def test_a_problem_that_contradicts_its_log_is_told_by_verify(office, flask, tmp_path):
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE issues SET state = 'void'"))
    file = tmp_path / "b.tar.gz"
    assert flask("backup", "create", "--output", file)[0] == 0
    status, said = flask("backup", "verify", file)
    assert status == 1
    assert "WT" in said


def test_an_attachment_that_the_backup_lacks_is_told_by_verify(office, flask, tmp_path):
    db.session.add(
        Attachment(
            storage_key="ab" * 16,
            issue_id=office[1],
            name="现场照片.jpg",
            kind=Kind.JPEG,
            size=1,
            sha256="0" * 64,
        )
    )
    db.session.commit()
    file = tmp_path / "b.tar.gz"
    assert flask("backup", "create", "--output", file)[0] == 0
    status, said = flask("backup", "verify", file)
    assert status == 1
    assert "现场照片.jpg" in said


def test_a_damaged_file_is_refused(office, flask, tmp_path):
    file = tmp_path / "b.tar.gz"
    flask("backup", "create", "--output", file)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    for words in (("verify", file), ("restore", file, "--replace")):
        status, said = flask("backup", *words)
        assert status == 1
        assert "b.tar.gz" in said


def test_into_a_folder_of_its_own(office, flask, tmp_path):
    file = tmp_path / "b.tar.gz"
    flask("backup", "create", "--output", file)
    assert flask("backup", "restore", file, "--to", tmp_path / "drill")[0] == 0
    assert (tmp_path / "drill" / "visits.sqlite3").exists()


def test_before_an_upgrade_only_when_there_is_one(office, flask, app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "INSTANCE", tmp_path)
    assert flask("backup", "create", "--if-behind") == (0, "")
    with standing_at(FIRST_REVISION):
        status, said = flask("backup", "create", "--if-behind", "--keep", "1")
    assert status == 0
    assert "before-upgrade" in said
    assert len(list((tmp_path / "backups").iterdir())) == 1


def test_a_file_that_is_not_there_is_a_wrong_use(flask):
    assert flask("backup", "verify", "nowhere.tar.gz")[0] == 2
