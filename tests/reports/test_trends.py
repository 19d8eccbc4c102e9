"""The months of a trend: each figure is that of the month's own totals, as known at any time."""

from datetime import date

import pytest

from tests.reports import chance as chance_worlds
from tests.reports.chance import Chance, InOrder
from tests.reports.world import Problem, World, noon
from tests.support.databases import seeds
from visits.core.authz import SYSTEM
from visits.core.periods import Month, Span
from visits.reports import assemble, spans, trends
from visits.reports.filters import ReportFilter
from visits.reports.queries import get_ground

KEYS = ("new", "closed", "open")


def counted(months, as_of=None, **parts):
    ground = get_ground()
    question = ground.ask(SYSTEM, ReportFilter.of(months[-1], as_of, **parts))
    return [tuple(getattr(month, key) for key in KEYS) for month in trends.count_months(question, months)]


def from_totals(months, as_of=None, **parts):
    found = []
    for month in months:
        figures = assemble.get_totals(SYSTEM, ReportFilter.of(month, as_of, **parts)).figures
        found.append(tuple(figures[key].value for key in KEYS))
    return found


@pytest.mark.parametrize("seed", seeds(2))
@pytest.mark.parametrize("as_of", [None, date(2026, 11, 5)])
def test_each_month_shows_what_its_totals_say(database, at, seed, as_of, monkeypatch):
    at("2026-12-20")
    monkeypatch.setattr(chance_worlds, "Problem", InOrder)
    chance = Chance(seed)
    chance.lay(visits=0, problems=40)
    months = [Span(date(2026, 9, 1), date(2026, 9, 30)), Month(2026, 10).span, Month(2026, 11).span]
    months.append(Span(date(2026, 12, 1), date(2026, 12, 20)))
    assert counted(months, as_of) == from_totals(months, as_of)
    assert counted(months[1:], as_of) == from_totals(months[1:], as_of)
    programme = chance.world.linked
    assert counted(months, as_of, programme=programme) == from_totals(months, as_of, programme=programme)


def test_a_problem_closed_twice_in_a_month_counts_once_there(database, at):
    at("2026-12-20")
    world = World()
    problem = Problem(world, world.firm(), date(2026, 10, 5))
    problem.assign(date(2026, 10, 6), date(2026, 10, 20)).sign(date(2026, 10, 7))
    problem.report(date(2026, 10, 8)).pass_review(date(2026, 10, 9)).close(date(2026, 10, 10))
    problem.reopen(date(2026, 11, 2), date(2026, 11, 20)).report(date(2026, 11, 3))
    problem.pass_review(date(2026, 11, 4)).close(date(2026, 11, 5)).reopen(
        date(2026, 11, 6), date(2026, 11, 20)
    )
    problem.report(date(2026, 11, 7)).pass_review(date(2026, 11, 8)).close(date(2026, 11, 9))
    problem.save()
    months = spans.months_to(date(2026, 12, 20), 4)
    assert counted(months) == [(0, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 0)]


def test_what_was_open_before_the_first_month_stands_open_in_it(database, at):
    at("2026-12-20")
    world = World()
    Problem(world, world.firm(), date(2025, 1, 5)).save()
    Problem(world, world.firm(), date(2026, 12, 1), recorded=date(2026, 12, 10)).save()
    months = spans.months_to(date(2026, 12, 20), 2)
    assert counted(months) == [(0, 0, 1), (1, 0, 2)]
    assert counted(months, as_of=date(2026, 12, 9)) == [(0, 0, 1), (0, 0, 1)]


def test_one_statement_counts_all_months(database, at, statements):
    at("2026-12-20")
    Chance(1).lay(visits=0, problems=10)
    question = get_ground().ask(SYSTEM, ReportFilter.of(Month(2026, 12).span))
    with statements() as sent:
        trends.count_months(question, spans.months_to(date(2026, 12, 20), 25))
    assert len(sent) == 1
    assert noon(date(2026, 12, 1)) < question.wanted.as_of
