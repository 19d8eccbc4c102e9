"""A year of mornings under a stopped clock, with the Spring Festival and the National Day holiday.

VISITS_WHOLE_YEAR=1 does the jobs on every working day and checks each; the usual run does them on every
twenty-fourth, on those beside holidays, and on every rest day and Saturday worked. On PostgreSQL only the
whole year is lived; the usual run has its mornings one by one there.
"""

import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.digest.plain import PLAIN, count_visits_due, plain_sections
from tests.digest.zone import live, make_zone
from tests.factories.accounts import actor_for
from tests.factories.outreach import make_visit
from visits.cli.jobs import run_named
from visits.core import clock
from visits.core.calendar import fill_calendar, load_calendar
from visits.core.db import write_next
from visits.core.permissions import Role
from visits.core.workdays import is_workday
from visits.digest.models import Digest, LadderStep
from visits.digest.queries import read_ground, sections_of
from visits.digest.rules import Rung
from visits.inbox.models import Delivery, Notice
from visits.issues.models import IssueMove
from visits.monthly.models import MonthlyReport

YEAR = 2026
WORKED_SATURDAYS = {date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 10, 10)}
WORKED_SUNDAYS = {date(2026, 1, 4), date(2026, 9, 20)}
HOLIDAYS = [date(2026, 2, 15) + timedelta(days=n) for n in range(9)] + [
    date(2026, 10, 1) + timedelta(days=n) for n in range(7)
]
WRITTEN = (Digest, LadderStep, Notice, Delivery, IssueMove, MonthlyReport)
WHOLE = bool(os.environ.get("VISITS_WHOLE_YEAR"))


def days_of_year():
    return [date(YEAR, 1, 1) + timedelta(days=n) for n in range(365)]


def counted(db):
    """How many rows there are of all that mornings write."""
    return [db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in WRITTEN]


def do_jobs(db, day):
    db.session.commit()
    write_next(False)
    names = ["issues.lapse", "digest.ladder", "digest.send"] + (["monthly.draft"] if day.day == 1 else [])
    failed = [(name, o.failed) for name in names for o in run_named(name, day, lambda: None) if o.failed]
    assert failed == []
    write_next(True)
    db.session.expire_all()


def is_looked_at(day, number):
    beside = {day + timedelta(days=n) for n in (-1, 1)} & (set(HOLIDAYS) | WORKED_SATURDAYS)
    return WHOLE or number % 24 == 0 or bool(beside) or day in WORKED_SATURDAYS | WORKED_SUNDAYS


def is_compared(day, number):
    return WHOLE or number % 48 == 0 or day in WORKED_SATURDAYS


def check_against_slow_reading(db, zone, day):
    """Each person's digest of the day, against one read for that person alone, and a plain one."""
    told = {d.person_id: d.content for d in db.session.scalars(sa.select(Digest).where(Digest.day == day))}
    checked = 0
    for person in zone.people.values():
        actor, content = actor_for(person), told.get(person.id, {"sections": []})
        known = PLAIN - ({"board_overdue"} if Role.GROUP_LEADER in actor.roles else set())
        numbers = {
            s["key"]: (s["total"], {row[1] for row in s["items"]})
            for s in content["sections"]
            if s["key"] in known
        }
        plain = plain_sections(actor)
        assert {key: total for key, (total, _) in numbers.items()} == {k: len(v) for k, v in plain.items()}
        assert all(first <= plain[key] for key, (_, first) in numbers.items())
        alone = [(s.key, s.total, len(s.items)) for s in sections_of(actor, read_ground())]
        assert alone == [(s["key"], s["total"], len(s["items"])) for s in content["sections"]]
        visits_due = {s["key"]: s["total"] for s in content["sections"]}.get("visits_due", 0)
        assert visits_due == count_visits_due(actor)
        checked += 1
    return checked


@pytest.mark.parametrize("day", sorted(WORKED_SATURDAYS | WORKED_SUNDAYS))
def test_weekends_worked_are_working_days(db, day):
    fill_calendar([YEAR])
    assert is_workday(day, load_calendar())


@dataclass
class Lived:
    """What came of a year: its working days, those whose jobs were done, done again, and compared."""

    zone: Any
    worked: list[date]
    looked_at: set[date] = field(default_factory=set)
    twice: int = 0
    compared: int = 0


def live_a_year(db):
    """Begin each day with its jobs, then let the people of the zone work."""
    with clock.at(date(YEAR, 1, 1)):
        fill_calendar([YEAR, YEAR + 1])
        zone = make_zone()
        # Without it nothing would be on record of December, and of such a month no report is drafted.
        make_visit(zone.firms[0], author=zone.people["cadre"], visited_on=date(YEAR - 1, 12, 30))
    calendar = load_calendar()
    lived = Lived(zone, [day for day in days_of_year() if is_workday(day, calendar)])
    for day in days_of_year():
        with clock.at(day):
            number = lived.worked.index(day) if day in lived.worked else None
            if number is None or day.day == 1 or is_looked_at(day, number):
                do_jobs(db, day)
                lived.looked_at.add(day)
            if number is not None and day in lived.looked_at and is_compared(day, number):
                do_again_and_compare(db, lived, day)
            if number is not None:
                live(zone)
    return lived


def do_again_and_compare(db, lived, day):
    before = counted(db)
    do_jobs(db, day)
    assert counted(db) == before, "the jobs of a morning done again change nothing"
    lived.compared += check_against_slow_reading(db, lived.zone, day)
    lived.twice += 1


def check_digests(digests, lived):
    days = {d.day for d in digests}
    assert days <= set(lived.worked), "no digest on a rest day"
    assert days >= WORKED_SATURDAYS, "Saturdays worked have one"
    assert not days & set(HOLIDAYS)
    assert all(d.content["sections"] for d in digests), "none empty"
    assert all(s["total"] >= len(s["items"]) > 0 for d in digests for s in d.content["sections"])
    assert max(Counter((d.person_id, d.day) for d in digests).values()) == 1, "none twice"
    idle = {lived.zone.people[name].id for name in ("auditor", "admin")}
    assert not idle & {d.person_id for d in digests}, "who has nothing to do hears nothing"


@pytest.mark.any_database(unless=WHOLE)
def test_a_year_of_mornings(db, capsys):
    lived = live_a_year(db)
    digests = db.session.scalars(sa.select(Digest)).all()
    check_digests(digests, lived)
    steps = db.session.scalars(sa.select(LadderStep)).all()
    assert max(Counter((s.issue_id, s.due_on, s.rung) for s in steps).values()) == 1
    assert {s.rung for s in steps} == set(Rung)
    reports = db.session.scalars(sa.select(MonthlyReport.first_on).order_by(MonthlyReport.first_on)).all()
    assert reports == [date(YEAR - 1, 12, 1)] + [date(YEAR, month, 1) for month in range(1, 12)]
    with capsys.disabled():
        sys.stdout.write(summary(db, digests, steps, lived))


def summary(db, digests, steps, lived):
    """What came of the year, in a few lines."""
    mails = db.session.scalar(sa.select(sa.func.count(Delivery.id)))
    people = len({d.person_id for d in digests})
    return (
        f"\n{len(lived.worked)} working days, {365 - len(lived.worked)} rest days; jobs done on"
        f" {len(lived.looked_at)} days, again on {lived.twice}; {len(digests)} digests of {people} people,"
        f" {lived.compared} compared; {mails} mails;"
        f" steps {dict(Counter(step.rung.value for step in steps))};"
        f" sections {dict(Counter(s['key'] for d in digests for s in d.content['sections']))}\n"
    )
