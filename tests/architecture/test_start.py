"""The start in a broken world: one sentence that says what to do, a status of failure, nothing served."""

import os
import shutil
import socket
import subprocess
import sys

import pytest
import sqlalchemy as sa

import config
from tests.support.databases import KIND, scratch_url
from visits.app import create_app
from visits.core import files, start
from visits.core.db import db, transaction
from visits.core.machine import CannotStart
from visits.core.schema import upgrade_to
from visits.core.settings import set_setting

SECRET = "of-sixteen-and-of-thirty-two-letters"
# What commands, jobs, processes of their own and single answers load when they need it: each would cost a
# server time at its start, and memory for good.
LARGE = (
    "alembic",
    "apprise",
    "apscheduler",
    "docx",
    "flask_migrate",
    "holidays",
    "lxml",
    "openpyxl",
    "PIL",
    "pygments",
    "pypinyin",
    "python_calamine",
    "typst",
    "visits.cli.jobs",
    "xlsxwriter",
    "zxcvbn",
)
LONGEST = 30  # seconds; on a machine that does nothing else it is over after two


@pytest.fixture
def production(monkeypatch, tmp_path):
    """A production environment on an embedded database of its own."""
    for name in ("VISITS_DEMO", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VISITS_ENV", "production")
    monkeypatch.setenv("VISITS_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://visits.example.gov.cn")
    return monkeypatch


@pytest.fixture
def made(production, tmp_path):
    """The same with its tables; returns the application."""
    production.setenv("DATABASE_URL", scratch_url("start", tmp_path))
    app = create_app()
    with app.app_context():
        upgrade_to()
        yield app
        db.session.remove()
        db.engine.dispose()


def begin(*words, **changes):
    """Start the application as a server would; return its status and what it says."""
    environment = {key: value for key, value in (os.environ | changes).items() if value is not None}
    environment["SERVER_SOFTWARE"] = "a server"
    done = subprocess.run(
        [sys.executable, *(words or ("-c", "import wsgi"))],
        cwd=config.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=LONGEST,
    )
    return done.returncode, done.stdout + done.stderr


def refusal(*words, **changes):
    """The one sentence with which a start is refused."""
    status, said = begin(*words, **changes)
    assert status != 0, said
    lines = [line for line in said.splitlines() if not line.startswith("PYTHON")]
    assert "Traceback" not in said, said
    assert len(lines) == 1, said
    return lines[0]


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("SECRET_KEY", "", "SECRET_KEY"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("SECRET_KEY", "ab" * 40, "SECRET_KEY"),
        ("PUBLIC_BASE_URL", "", "PUBLIC_BASE_URL"),
        ("PUBLIC_BASE_URL", "visits.example.gov.cn", "PUBLIC_BASE_URL"),
        ("VISITS_DEMO", "1", "demo"),
        ("VISITS_DEMO", "perhaps", "VISITS_DEMO"),
        ("VISITS_ENV", "staging", "VISITS_ENV"),
        ("VISITS_PROXIES", "two", "VISITS_PROXIES"),
        ("VISITS_PROXIES", "-1", "VISITS_PROXIES"),
        ("VISITS_PROXIES", "--1", "VISITS_PROXIES"),
        ("VISITS_IDLE_HOURS", "0", "VISITS_IDLE_HOURS"),
        ("DATABASE_URL", "mysql://visits:geheim@localhost/visits", "DATABASE_URL"),
        ("VISITS_INSTANCE", "/proc/visits", "VISITS_INSTANCE"),
    ],
)
def test_a_wrong_setting_stops_the_start_by_its_name(production, name, value, word):
    production.setenv(name, value)
    with pytest.raises(CannotStart, match=word) as refused:
        config.from_environment()
    assert "geheim" not in str(refused.value)


def test_a_sound_installation_starts_and_loads_nothing_large(made):
    start.require_fit_to_serve(made)
    status, said = begin("-c", f"import sys, wsgi; print('loaded', *sys.modules.keys() & {set(LARGE)})")
    assert status == 0, said
    assert said.splitlines()[-1] == "loaded"


def test_an_unknown_environment_is_named(production):
    assert "VISITS_ENV" in refusal(VISITS_ENV="staging")


def test_a_secret_of_nothing_is_refused(production):
    assert "SECRET_KEY" in refusal(SECRET_KEY="0" * 64)


def test_a_database_without_tables_is_refused(production, tmp_path):
    assert "make upgrade" in refusal()
    assert not (tmp_path / "instance" / "visits.sqlite3").exists()


def test_a_database_that_does_not_answer_is_refused(production):
    said = refusal(DATABASE_URL="postgresql://visits:geheim@127.0.0.1:1/visits")
    assert "DATABASE_URL" in said
    assert "geheim" not in said


@pytest.mark.skipif(KIND != "postgresql", reason="needs a PostgreSQL server")
def test_a_database_that_is_not_there_is_refused(made):
    absent = made.config["SQLALCHEMY_DATABASE_URI"].replace("start", "nowhere", 1)
    assert "nowhere" in refusal(DATABASE_URL=absent)


def test_older_tables_are_refused(made):
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '4b1e6c2f9a70'"))
    with pytest.raises(CannotStart, match="make upgrade"):
        start.require_fit_to_serve(made)


def test_newer_tables_are_refused(made):
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'fedcba987654'"))
    with pytest.raises(CannotStart, match="newer version"):
        start.require_fit_to_serve(made)


def test_production_refuses_the_demo_database(made):
    with transaction():
        set_setting("demo", True)
    with pytest.raises(CannotStart, match="demo zone"):
        start.require_fit_to_serve(made)


def test_a_full_disk_is_refused(monkeypatch, tmp_path):
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with pytest.raises(CannotStart, match="is full"):
        start.require_room(tmp_path)


def test_a_folder_that_cannot_be_written_to_is_refused():
    with pytest.raises(CannotStart, match="VISITS_INSTANCE"):
        start.require_room(config.Path("/proc"))


def test_what_was_not_built_is_refused(tmp_path):
    with pytest.raises(CannotStart, match="make build"):
        start.require_built(tmp_path)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_an_embedded_database_on_a_network_drive_is_refused(monkeypatch, tmp_path, kind):
    mounts = tmp_path / "mounts"
    (tmp_path / "a share").mkdir()
    share = str(tmp_path / "a share").replace(" ", "\\040")
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/x {share} {kind} rw 0 0\n")
    monkeypatch.setattr(files, "MOUNTS", mounts)
    start.require_local(tmp_path / "visits.sqlite3")
    with pytest.raises(CannotStart, match="network drive"):
        start.require_local(tmp_path / "a share" / "visits.sqlite3")


def test_a_machine_without_time_zones_is_refused(production):
    assert "tzdata" in refusal(PYTHONTZPATH="")


def test_a_machine_that_does_not_write_utf_8_is_refused(production):
    changes = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONIOENCODING": None}
    assert "LANG=C.UTF-8" in refusal(**changes)


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert port in refusal("tools/serve.py", HOST="127.0.0.1", PORT=port)


def test_a_command_on_a_database_that_does_not_answer_says_so(production):
    words = ("-m", "flask", "--app", "wsgi", "users", "setup-token")
    assert "DATABASE_URL" in refusal(*words, DATABASE_URL="postgresql://visits@127.0.0.1:1/visits")
