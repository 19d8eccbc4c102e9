"""Every month that histories by chance touch: it balances, joins the next one, and says what is so."""

import os
from datetime import date, timedelta
from random import Random

import pytest
import sqlalchemy as sa

from tests.reports import chance, plain
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.periods import Month, local_date
from visits.issues.models import IssueMove
from visits.monthly.rules import BALANCE_KEYS, balance_of
from visits.reports import assemble
from visits.reports.filters import ReportFilter
from visits.reports.queries import get_ground

HISTORIES = range(int(os.environ.get("TEST_HISTORIES", "2")))
LOOKED_AT = 2  # months of each history that are counted slowly too
CHANGES = ("reopen", "reopen_to_office", "link_repeat", "correct", "grant_extension")


@pytest.fixture(params=HISTORIES)
def dice(request, database, at, monkeypatch):
    """Half a year in which problems come, some of which take as long to end; much is recorded late."""
    at("2027-12-01")
    monkeypatch.setattr(chance, "Problem", chance.InOrder)
    monkeypatch.setattr(chance, "DAYS", 180)
    monkeypatch.setattr(chance, "PACE", 18)
    chance.Chance(request.param).lay(visits=30, problems=60)
    return Random(request.param)


def months_touched():
    """From the month before the first thing that happened to the one after the last."""
    ends = sa.select(sa.func.min(IssueMove.happened_at), sa.func.max(IssueMove.recorded_at))
    first, last = (Month.of(local_date(moment)) for moment in db.session.execute(ends).one())
    months = [first.previous]
    while months[-1] <= last:
        months.append(months[-1].next)
    return months


def known_on(months, dice):
    """Now, the end of some months, and a day that ends none."""
    middle = dice.choice(months).first_on + timedelta(days=dice.randrange(20))
    return [None, *(month.last_on for month in months[2::5]), middle]


def test_every_month_balances_and_begins_as_the_one_before_ended(dice):
    months, ground = months_touched(), get_ground()
    moves = set(db.session.scalars(sa.select(IssueMove.move).distinct()))
    assert len(months) >= 9
    assert moves >= {*CHANGES, "void", "unmerge", "restore", "merge"}, "the dice laid too little"
    for day in known_on(months, dice):
        ended = 0
        for month in months:
            wanted = ReportFilter.of(month.span, day)
            balance = balance_of(assemble.get_totals(SYSTEM, wanted, ground, (), keys=BALANCE_KEYS).figures)
            assert balance.holds, (month, day, balance)
            assert balance.opening == ended, (month, day)
            ended = balance.open


def test_a_month_says_what_a_slow_count_says(dice):
    months, ground = months_touched(), get_ground()
    for month in dice.sample(months, LOOKED_AT):
        later = dice.choice(months[months.index(month) :]).last_on
        for day in (None, min(later, date(2027, 11, 30))):
            wanted = ReportFilter.of(month.span, day)
            figures = assemble.get_totals(SYSTEM, wanted, ground, ()).figures
            slow = plain.figures_of(month.span, wanted.as_of)
            assert {key: figures[key].value for key in slow} == slow, (month, day)
