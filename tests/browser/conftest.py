"""What a test in a real browser may ask for; how it works stands in tests/support/chromium.py."""

import fcntl
import shutil
from contextlib import contextmanager

import pytest

from tests.factories.accounts import PASSWORD
from tests.factories.enterprises import make_code
from tests.support import main_job
from tests.support.chromium import Watch, launched
from tests.support.desk import Desk
from tests.support.live_server import LiveServer


@pytest.fixture(scope="session")
def chromium():
    """The browser, started once for the run."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A database that only the migrations have touched."""
    server = LiveServer(tmp_path_factory.mktemp("migrated"))
    server.flask("db", "upgrade")
    return server.folder / "visits.sqlite3"


@pytest.fixture(scope="session")
def demo(tmp_path_factory, worker_id):
    """The folder of a demo zone of three months, made by the first worker of the run that asks for it."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "demo"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = folder.with_suffix(".made")
            made.mkdir()
            LiveServer.of_demo(made, "--months", "3")
            made.rename(folder)
    return folder


@pytest.fixture(scope="module")
def zone(tmp_path_factory, demo):
    """A demo zone, served for the tests of one module."""
    folder = tmp_path_factory.mktemp("zone")
    shutil.copytree(demo, folder, dirs_exist_ok=True)
    with LiveServer.in_demo(folder) as running:
        yield running


@pytest.fixture
def server(tmp_path, migrated):
    """A fresh installation that is being served."""
    with LiveServer(tmp_path, template=migrated) as running:
        yield running


@contextmanager
def watching(chromium, server):
    """Watch the windows opened on a server; a fault in any, or in its log, fails the test."""
    watch = Watch(chromium, server.address)
    yield watch
    faults = watch.close() + server.faults()
    assert not faults, "\n".join(faults)


@pytest.fixture
def windows(chromium, server):
    """Open windows: `windows.open(size=PHONE, language="en", dark=True)`; a fault in any fails the test."""
    with watching(chromium, server) as watch:
        yield watch


@pytest.fixture
def watch(chromium, zone):
    """The same on the demo zone of the test's module."""
    with watching(chromium, zone) as watch:
        yield watch


@pytest.fixture
def page(windows):
    """One window at a desk, in Chinese."""
    return windows.open()


@pytest.fixture
def desk_among(windows, server, tmp_path):
    """A function that opens a coordinator's window, in an office whose register has these enterprises."""

    def open_desk(*firms):
        main_job.set_up(windows)
        rows = [f"{name},{make_code(900 + number)}" for number, name in enumerate(firms)]
        file = tmp_path / "名录.csv"
        file.write_text("\n".join(["企业名称,统一社会信用代码", *rows]), encoding="utf-8")
        server.flask("enterprises", "import", str(file))
        return Desk(windows.open(), "zhangwei", PASSWORD).sign_in()

    return open_desk
