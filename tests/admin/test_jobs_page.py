"""The page of scheduled work: when it is due, what came of it, and that nobody does it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.accounts import make_person
from visits.core import clock, slots
from visits.core.permissions import Role
from visits.core.timetable import TIMETABLE

DUE = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)  # 02:00 of the 28th at the site


@pytest.fixture
def browser(db, client_for):
    admin = make_person([Role.ADMIN])
    db.session.commit()
    return client_for(admin)


def turn_of(job, failed=0, said=""):
    with clock.at(DUE + timedelta(seconds=1)):
        turn = slots.claim(job, DUE, "server:1")
    with clock.at(DUE + timedelta(seconds=13)):
        turn.end(1, failed, said)


def test_turns_tell_what_came_of_them(browser, at):
    turn_of("backup.nightly")
    turn_of("handover.due", 1, "张三：单位已撤销")
    at("2026-11-28T09:00:00+08:00")
    page = browser.get("admin.jobs").text
    for said in ("2026-11-28 02:00", "12.0 秒", "张三：单位已撤销", "部分失败", "2026-11-29 02:00"):
        assert said in page


def test_it_says_when_nobody_does_the_work(browser, at):
    at("2026-11-28T12:00:00+08:00")
    assert "有定时任务未按时执行" in browser.get("admin.jobs").text
    for job in TIMETABLE:
        with clock.at(DUE + timedelta(hours=7)):
            slots.claim_now(job, "server:1").end(0, 0, "")
    assert "有定时任务未按时执行" not in browser.get("admin.jobs").text


def test_the_page_costs_the_same_however_many_turns(browser, statements):
    with statements() as before:
        browser.get("admin.jobs")
    for hours in range(30):
        with clock.at(DUE + timedelta(hours=hours)):
            slots.claim_now("issues.lapse", "server:1").end(0, 0, "")
    with statements() as after:
        browser.get("admin.jobs")
    assert len(after) == len(before) <= 10
