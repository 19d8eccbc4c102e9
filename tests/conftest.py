"""What every test may ask for; how it works stands in tests/support."""

import gc
from contextlib import ExitStack
from datetime import date, datetime

import pytest
from hypothesis import settings

import config
from tests.support import databases, logged, network, postgres
from tests.support import statements as sql
from tests.support.browser import Browser, apart
from visits.accounts.operations import begin_sign_in
from visits.accounts.queries import get_person
from visits.app import create_app
from visits.core import clock
from visits.core.db import db as handle
from visits.core.db import write_next

pytest_plugins = ["tests.support.import_steps"]


def pytest_configure(config):
    """Have a PostgreSQL server when the run asks for one; time no test, for machines differ."""
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")
    postgres.lend_server(config)


def pytest_collection_finish():
    """Look for garbage less often, and not among what was loaded: both would cost a tenth of the run."""
    gc.set_threshold(20_000, 20, 50)
    gc.freeze()


def pytest_collection_modifyitems(config, items):
    """Leave out on PostgreSQL what meets no database or is the same on any: the run on SQLite holds it."""
    if databases.KIND == "postgresql":
        left_out = [item for item in items if not databases.depends_on_one(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if databases.depends_on_one(item)]


@pytest.fixture(scope="session", autouse=True)
def _no_network():
    with pytest.MonkeyPatch.context() as monkeypatch:
        network.shut(monkeypatch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _log_is_looked_at():
    logged.listen()


@pytest.fixture(autouse=True)
def wordless():
    """What the test has recorded in the audit log that the log has no words for: nothing at its end."""
    yield logged.wordless
    found = set(logged.wordless)
    logged.wordless.clear()
    assert found == set(), "the audit log has no words for these (visits/admin/fields, words)"


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    """The application and its database, made once for the run."""
    folder = tmp_path_factory.mktemp("installation")
    store = databases.database_for_tests(folder)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("VISITS_INSTANCE", str(folder))
        monkeypatch.setenv("DATABASE_URL", store.url)
        app = create_app(config.TestingConfig())
    with app.app_context():
        databases.make_schema()
        store.keep()
    yield app, store
    with app.app_context():
        handle.engine.dispose()


@pytest.fixture
def app(installation):
    """The application, on an empty database."""
    app, store = installation
    with app.app_context():
        store.empty()
    return app


@pytest.fixture
def database(app):
    """The database, open during the whole test; what a browser does meanwhile runs apart, as in reality."""
    with app.app_context():
        write_next(True)
        yield handle
        handle.session.rollback()


@pytest.fixture
def db(database):
    """The same by its short name."""
    return database


@pytest.fixture
def client_for(app):
    """A browser for a person, signed in; for None, a visitor's."""

    def begin(person_id):
        with app.app_context():
            write_next(True)
            token = begin_sign_in(get_person(person_id), "127.0.0.1")
            handle.session.commit()
            return token

    def open_browser(person):
        person_id = person.id if person else None
        return Browser(app, apart(lambda: begin(person_id)) if person_id else None)

    return open_browser


@pytest.fixture
def at():
    """Stop the clock for the rest of the test: at("2026-08-31") is noon of that day at the site."""
    with ExitStack() as stack:

        def stop(moment):
            if isinstance(moment, str):
                moment = datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment)
            stack.enter_context(clock.at(moment))

        yield stop


@pytest.fixture
def statements(app):
    """Record SQL: `with statements() as seen: browser.get(…)`; len(seen) is the number of statements."""
    with app.app_context():
        engine = handle.engine
    return lambda: sql.recorded(engine)
