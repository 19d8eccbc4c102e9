"""Large ledgers are made by a process apart: told, stopped, begun again, never half there."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa

from config import ROOT
from tests.factories.accounts import actor_for, make_person
from tests.factories.ledgers import make_order
from tests.support.ledgers import ordered, press
from visits.accounts.operations import PersonEntry, update_person
from visits.core import apart as processes
from visits.core import clock, export
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.permissions import Role
from visits.ledgers import making, operations, stages, views
from visits.ledgers.models import Book, LedgerExport, Stage

SILENCE = timedelta(seconds=46)
IN_THE_MIDDLE = """
import signal
from visits.ledgers import making
def read(*given):
    print("at work", flush=True)
    signal.pause()
making.read_rows = read
from wsgi import app
app.cli.main(["reports", "make-ledgers"])
"""


def test_progress_is_told_and_a_silent_worker_noticed(browser, large, work):
    page = browser.follow(press(browser, "/ledgers/visits/export.xlsx"))
    number, token = stages.claim_next()
    stages.beat(number, token, 1200, 5000)
    page = browser.open(page.url)
    bar = page.root.first("progress")
    assert ("已处理1" in page.main, bar["value"], bar["max"]) == (True, "1200", "5000")
    assert page.posts_to(f"{page.url}/start-again") is None
    with clock.at(clock.now() + SILENCE):
        page = browser.open(page.url)
        assert ("生成中断" in page.main, page.root.first("progress")) == (True, None)
        assert "已中断" in browser.get("ledgers.index").main
        browser.post(f"{page.url}/start-again", page=page)
    assert len(large) == 2
    assert work() == 1
    assert ordered()[0].stage is Stage.DONE
    with pytest.raises(stages.Overtaken):
        stages.beat(number, token, 1, 1)


def test_starting_again_while_all_is_well_changes_nothing(browser, large):
    page = browser.follow(press(browser, "/ledgers/problems/export.csv"))
    _, token = stages.claim_next()
    press(browser, f"{page.url}/start-again")
    assert (ordered()[0].worker, len(large)) == (token, 1)


def test_what_waits_behind_a_dead_process_can_be_started(browser, ledger_office, large, work):
    make_order(ledger_office.coordinator)
    db.session.commit()
    with clock.at(clock.now() + SILENCE):
        page = browser.get("ledgers.made", ledger_export_id=ordered()[0].id)
        browser.post(f"{page.url}/start-again", page=page)
    assert work() == 1


def test_two_are_made_at_a_time_and_the_others_wait(ledger_office, client_for, started, work):
    people = [actor_for(make_person([Role.COORDINATOR])) for _ in range(3)]
    for person in people:
        make_order(person)
    db.session.commit()
    first, second = stages.claim_next(), stages.claim_next()
    assert stages.claim_next() is None
    stages.fail(*first, operations.Refused("x"))
    assert stages.claim_next()[0] == second[0] + 1


def test_cancelling_stops_the_work_and_leaves_nothing(
    browser, ledger_office, large, work, monkeypatch, app
):
    page = browser.follow(press(browser, "/ledgers/problems/export.xlsx"))
    read = making.read_rows

    def cancelled_meanwhile(*given):
        db.session.execute(sa.delete(LedgerExport))
        db.session.commit()
        monkeypatch.setattr(making, "BEAT_SECONDS", 0)
        return read(*given)

    monkeypatch.setattr(making, "read_rows", cancelled_meanwhile)
    assert work() == 1
    assert ordered() == []
    assert list(app.config["LEDGERS"].glob("*")) == []
    assert browser.open(page.url).status == 404


@pytest.mark.parametrize("change", ["roles", "disabled"])
def test_who_lost_the_right_before_the_work_gets_nothing(ledger_office, started, work, change):
    make_order(ledger_office.coordinator)
    person = ledger_office.people["coordinator"]
    if change == "roles":
        update_person(SYSTEM, person, PersonEntry(person.username, person.name, [Role.ADMIN]), None)
    else:
        person.disabled_at = clock.now()
    db.session.commit()
    work()
    assert (ordered()[0].stage, ordered()[0].file_key) == (Stage.FAILED, None)


def test_a_full_disk_is_told_and_nothing_is_left(browser, large, work, monkeypatch, app):
    page = browser.follow(press(browser, "/ledgers/problems/export.csv"))

    def full(*_given):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setitem(export.WRITERS, "csv", full)
        work()
    page = browser.open(page.url)
    assert "No space left on device" in page.main
    assert [name for name in os.listdir(app.config["LEDGERS"]) if name.startswith(".")] == []


def test_a_fault_lets_it_be_started_again(browser, large, work, monkeypatch):
    page = browser.follow(press(browser, "/ledgers/problems/export.csv"))
    with monkeypatch.context() as broken:
        broken.setitem(export.WRITERS, "csv", lambda *_: 1 / 0)
        work()
    page = browser.open(page.url)
    assert "生成中断" in page.main
    browser.post(f"{page.url}/start-again", page=page)
    work()
    assert "已生成" in browser.open(page.url).main


def test_no_transaction_is_open_while_rows_are_written(ledger_office, started, work, monkeypatch):
    make_order(ledger_office.coordinator, format="csv")
    seen = []

    def write(table, *_given):
        seen.extend(db.session().in_transaction() for _ in table.rows)
        return len(seen)

    monkeypatch.setitem(export.WRITERS, "csv", write)
    work()
    assert seen == [False] * 3


def environment(app):
    return {
        "VISITS_ENV": "testing",
        "VISITS_INSTANCE": str(app.config["INSTANCE"]),
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
    }


def test_a_killed_process_leaves_nothing_and_can_be_started_again(browser, large, work, app):
    page = browser.follow(press(browser, "/ledgers/problems/export.xlsx"))
    db.session.rollback()
    process = subprocess.Popen(
        [sys.executable, "-c", IN_THE_MIDDLE],
        cwd=ROOT,
        env=os.environ | environment(app),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "at work\n"
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()
    assert ordered()[0].stage is Stage.WORKING
    assert work() == 0
    with clock.at(clock.now() + timedelta(days=400)):  # the process went by the clock of the machine
        operations.begin_again(ordered()[0])
        db.session.commit()
    assert work() == 1
    assert (ordered()[0].stage, ordered()[0].done, page.status) == (Stage.DONE, 3, 200)


def test_the_work_is_done_by_a_process_of_its_own(browser, ledger_office, installation, monkeypatch):
    app, _ = installation
    monkeypatch.setattr(views, "AT_ONCE", -1)
    for name, value in environment(app).items():
        monkeypatch.setenv(name, value)
    running, begin = [], subprocess.Popen

    def started(*given, **named):
        running.append(begin(*given, **named))

    monkeypatch.setattr(processes.subprocess, "Popen", started)
    page = browser.follow(press(browser, "/ledgers/enterprises/export.xlsx"))
    assert [process.wait() for process in running] == [0]
    assert ordered()[0].stage is Stage.DONE
    assert (ordered()[0].book, page.status) == (Book.ENTERPRISES, 200)
