"""/healthz: what a monitor asks."""

import shutil

from sqlalchemy.exc import OperationalError

from tests.factories.accounts import make_person
from tests.support.databases import standing_at
from visits.core import surroundings


def test_all_is_well_for_anybody_in_one_statement(database, client_for, statements):
    visitor = client_for(None)
    with statements() as seen:
        page = visitor.get("/healthz")
    assert page.response.get_json() == {
        "ok": True,
        "checks": {"database": True, "schema": True, "disk": True, "files": True},
    }
    assert len(seen) == 1
    assert page.response.headers["Cache-Control"] == "no-store"


def test_who_asks_makes_no_difference(database, client_for):
    assert client_for(make_person()).get("/healthz").response.get_json()["ok"]


def away():
    raise OperationalError("SELECT", {}, Exception("connection refused"))


def checks(browser):
    answer = browser.get("/healthz", status=503).response.get_json()
    assert answer["ok"] is False
    return {name for name, is_good in answer["checks"].items() if not is_good}


def test_tables_of_another_version_are_named(database, client_for):
    with standing_at("fedcba987654"):
        assert checks(client_for(None)) == {"schema"}


def test_a_database_that_is_away_is_named(database, client_for, monkeypatch):
    monkeypatch.setattr(surroundings, "look_at_schema", away)
    assert checks(client_for(None)) == {"database", "schema"}


def test_a_full_disk_is_named(database, client_for, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    assert checks(client_for(None)) == {"disk"}
