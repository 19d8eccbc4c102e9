"""What `doctor` finds: nothing on a sound installation, and each thing that was made wrong."""

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests.factories.accounts import make_person, make_unit
from tests.factories.issues import make_issue, make_office
from tests.support.databases import standing_at
from visits.accounts.operations import close_unit
from visits.accounts.queries import list_units
from visits.attachments.models import Attachment, Kind
from visits.core import surroundings
from visits.core.authz import SYSTEM
from visits.core.clock import now
from visits.core.db import db, write_next
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.home.operations import lay_foundation

SETTINGS = {
    "ENV_NAME": "production",
    "PUBLIC_BASE_URL": "https://visits.example.gov.cn",
    "PROXIES": 1,
}


@pytest.fixture
def doctor(app, monkeypatch, tmp_path):
    """Ask the doctor about a production installation; `changes` are settings."""

    def ask(weight="wrong", **changes):
        db.session.commit()
        write_next(False)
        for name, value in (SETTINGS | {"INSTANCE": tmp_path} | changes).items():
            monkeypatch.setitem(app.config, name, value)
        done = app.test_cli_runner().invoke(args=["doctor", "--format", "json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        report = json.loads(done.output)
        assert report["sound"] == (done.exit_code == 0)
        return {row["name"]: row for row in report["findings"] if row["weight"] == weight}

    return ask


@pytest.fixture
def office(database, at):
    """A year in which the calendar is known, with all who are needed and a problem."""
    at("2026-08-31")
    make_person([Role.ADMIN], make_unit())
    lay_foundation()
    office = make_office()
    make_issue(office)
    return office


# The servers of a test run save without waiting for the disk, which the doctor rightly minds.
SPEED = {"durability"}


def test_a_sound_installation(office, doctor):
    assert doctor().keys() <= SPEED


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"PUBLIC_BASE_URL": "http://visits.example.gov.cn"}, "address"),
        ({"PROXIES": 0}, "proxies"),
        ({"INSTANCE": Path("/proc")}, "folder"),
    ],
)
def test_settings(office, doctor, changes, name):
    assert doctor(**changes).keys() - SPEED >= {name}


NOTE = (
    "INSERT INTO issue_moves (issue_id, seq, move, to_state, round, acted_as, happened_at, recorded_at,"
    " note, details, origin) SELECT id, {seq}, 'note', state, 1, '', registered_at, {at}, '', '{{}}',"
    " 'live' FROM issues"
)
BROKEN = {
    "administrator left_behind": "UPDATE people SET disabled_at = '2026-08-01 00:00:00+00:00'",
    "issue_states": "UPDATE issues SET state = 'void'",
    "issue_logs": NOTE.format(seq=7, at="registered_at"),
}


@pytest.mark.parametrize(("name", "statement"), BROKEN.items(), ids=list(BROKEN))
def test_records(office, doctor, name, statement):
    db.session.execute(sa.text(statement))
    assert doctor().keys() - SPEED == set(name.split())


def test_tables_of_another_version(office, doctor):
    with standing_at("fedcba987654"):
        assert doctor().keys() - SPEED == {"schema"}


def test_a_unit_where_nobody_handles_what_comes(office, doctor):
    idle = make_unit("无人科室")
    db.session.flush()
    db.session.execute(sa.text(f"UPDATE categories SET unit_id = {idle.id}"))
    assert "无人科室" in doctor()["units"]["sentence"]


def test_units_in_use_are_judged_as_their_page_judges_them(office, doctor, client_for):
    make_unit("备用科室")
    admin = client_for(make_person([Role.ADMIN]))
    warned = {name for name, *_ in admin.get("accounts.units").rows if "无人签收" in name}
    assert "备用科室 无人签收" in warned
    said = doctor("advice")["units"]["sentence"]
    assert all(name.removesuffix(" 无人签收") in said for name in warned)
    for unit in list_units():
        if not unit.handlers:
            make_person([Role.HANDLER], unit.unit)
    assert "units" in doctor("fine")
    close_unit(SYSTEM, make_unit("撤销科室"), "合并")
    assert "units" in doctor("fine")


def test_an_attachment_that_is_gone(office, doctor):
    issue_id = db.session.scalar(sa.text("SELECT min(id) FROM issues"))
    db.session.add(
        Attachment(
            storage_key="ab" * 16,
            issue_id=issue_id,
            name="现场照片.jpg",
            kind=Kind.JPEG,
            size=1,
            sha256="0" * 64,
        )
    )
    assert "现场照片.jpg" in doctor()["attachments"]["sentence"]


def test_a_clock_that_was_fast(office, doctor):
    later = f"'{now() + timedelta(hours=2):%Y-%m-%d %H:%M:%S.%f}'"
    db.session.execute(sa.text(NOTE.format(seq=2, at=later)))
    assert doctor().keys() - SPEED == {"clock"}


def test_a_year_without_calendar(office, doctor, at):
    at("2031-03-01")
    assert "2031" in doctor()["calendar"]["sentence"]


def test_a_demo_zone_in_production(office, doctor):
    set_setting("demo", True)
    assert doctor().keys() - SPEED == {"demo"}


def test_a_secret_others_can_read(office, doctor, tmp_path):
    (tmp_path / "secret_key").write_text("x" * 64)
    (tmp_path / "secret_key").chmod(0o644)
    assert "chmod 600" in doctor()["secret"]["sentence"]


def test_backups_that_stopped(office, doctor, tmp_path):
    (tmp_path / "backups").mkdir()
    made = tmp_path / "backups" / "visits-20260801-020000.tar.gz"
    made.touch()
    long_ago = (now() - timedelta(days=30)).timestamp()
    os.utime(made, (long_ago, long_ago))
    (tmp_path / ".restoring-x").mkdir()
    assert doctor()["backup"]["sentence"].count(made.name) == 1


def test_little_space(office, doctor, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=100 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    assert "100" in doctor()["disk"]["sentence"]


def test_a_database_that_is_away(office, doctor, monkeypatch):
    def away():
        raise OperationalError("SHOW", {}, Exception("connection refused"))

    monkeypatch.setattr(surroundings, "look_at_schema", away)
    assert "connection refused" in doctor()["database"]["sentence"]


def test_it_is_said_in_sentences(office, app):
    db.session.commit()
    said = app.test_cli_runner().invoke(args=["doctor"]).output
    assert "。" in said
    assert "%(" not in said
