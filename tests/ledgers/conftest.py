"""An office whose ledgers are ordered, made and fetched."""

import shutil

import pytest

from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.ledgers import make_all
from tests.support.browser import apart
from visits.core.db import db
from visits.issues.states import State
from visits.ledgers import operations, views


@pytest.fixture
def ledger_office(database, at, app):
    shutil.rmtree(app.config["LEDGERS"], ignore_errors=True)
    at("2026-11-23T02:00:00+00:00")
    office = make_office()
    for number in range(3):
        firm = make_enterprise(f"湖畔第{number}精密机械有限公司")
        make_issue(office, State.CLOSED, enterprise=firm, title=f"=第{number}个问题")
    db.session.commit()
    return office


@pytest.fixture
def started(monkeypatch):
    """Note for what a process would be started, and start none."""
    commands = []
    monkeypatch.setattr(operations, "begin_apart", lambda *words: commands.append(words))
    return commands


@pytest.fixture
def large(monkeypatch, started):
    """Every ledger counts as large."""
    monkeypatch.setattr(views, "AT_ONCE", -1)
    return started


@pytest.fixture
def browser(ledger_office, client_for):
    return client_for(ledger_office.people["coordinator"])


@pytest.fixture
def work(app):
    """Make what waits, as the process does, apart from the test's own transaction."""

    def begin():
        with app.app_context():
            return make_all(app)

    return lambda: apart(begin)
