"""What a test in a real browser may ask for; how it works stands in tests/support/chromium.py."""

from contextlib import contextmanager

import pytest

from tests.support.chromium import Watch, launched
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
    """The same on the demo zone that the test's module serves as `zone`."""
    with watching(chromium, zone) as watch:
        yield watch


@pytest.fixture
def page(windows):
    """One window at a desk, in Chinese."""
    return windows.open()
