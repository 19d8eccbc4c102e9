"""A figure is the number of the rows it opens, whatever is asked; and both are what the definitions say."""

from datetime import date

import pytest

from tests.factories.programmes import require_visits
from tests.reports import plain
from tests.reports.chance import Chance
from visits.core.authz import SYSTEM
from visits.core.periods import Month, Span
from visits.reports import assemble, queries
from visits.reports.filters import DIMENSIONS, NONE, ReportFilter
from visits.reports.listing import list_rows
from visits.reports.measures import MEASURES
from visits.reports.sets import SETS

SEEDS = range(4)
PERIODS = {
    "a month": Month(2026, 10).span,
    "a day": Span(date(2026, 10, 20), date(2026, 10, 20)),
    "to date": Span(None, date(2026, 11, 23)),
}


def length(wanted, name):
    """How many rows the list of a set says it has."""
    return list_rows(queries.Sheet(queries.get_ground().ask(SYSTEM, wanted), name), name, {}).page.total


def rows(wanted, name):
    """The rows that a set opens."""
    return list_rows(queries.Sheet(queries.get_ground().ask(SYSTEM, wanted), name), name, {}).page.rows


@pytest.fixture(params=PERIODS)
def asked(request, db, at):
    at("2027-03-01")
    world = Chance(4).lay(visits=25, problems=50)
    require_visits(world.visiting, date(2026, 9, 1))
    return ReportFilter.of(PERIODS[request.param])


def test_every_figure_is_the_length_of_its_list(asked):
    figures = assemble.get_totals(SYSTEM, asked).figures
    numbers = {}
    for key, measure in MEASURES.items():
        figure = figures[key]
        numbers |= {measure.numerator: figure.numerator, measure.denominator: figure.denominator}
    numbers.pop(None)
    for name in numbers:  # a sum of visits opens the rows it adds up
        if column := SETS[name].sums:
            assert numbers[name] == sum(getattr(row, column) for row in rows(asked, name))
            numbers[name] = len(rows(asked, name))
    assert numbers == {name: length(asked, name) for name in numbers}
    assert numbers.keys() == SETS.keys()


@pytest.mark.any_database  # its conditions are those of the test before, its parts those of the one below
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_so_is_every_figure_of_a_part(db, at, dimension):
    at("2027-03-01")
    Chance(5).lay(visits=15, problems=30)
    wanted = ReportFilter.of(PERIODS["to date"])
    by = assemble.get_totals(SYSTEM, wanted).by[dimension]
    assert len(by) > (dimension != "group") - 1
    for key, figures in by.items():
        part = wanted.narrowed(**{dimension: key})
        numbers = {figure.measure.numerator: figure.numerator for figure in figures.values()}
        shown = {
            name for name in numbers if key != NONE or SETS[name].fact not in ("pairs", "participants")
        }
        assert {name: length(part, name) for name in shown} == {name: numbers[name] for name in shown}


def test_every_set_counts_something(db, at):
    """Otherwise the comparisons here would compare nothing with nothing."""
    at("2027-03-01")
    world = Chance(8).lay(visits=90, problems=200)
    require_visits(world.visiting, date(2026, 9, 1))
    counts = queries.Sheet(queries.get_ground().ask(SYSTEM, ReportFilter.of(PERIODS["to date"]))).tally()[0]
    empty = {name for name in SETS if not counts[queries.TOTAL, None][name]}
    assert empty == {"opening"}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_figures_are_those_of_a_slow_and_obvious_count(db, at, seed):
    at("2027-03-01")
    world = Chance(seed).lay(visits=20, problems=40)
    for span in PERIODS.values():
        for as_of in (None, date(2026, 10, 31)):
            for programme in (None, world.linked):
                wanted = ReportFilter.of(span, as_of, programme=programme)
                figures = assemble.get_totals(SYSTEM, wanted).figures
                slow = plain.figures_of(span, wanted.as_of, programme=programme)
                assert {key: figures[key].value for key in slow} == slow


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_so_are_the_figures_of_every_part(db, at, dimension):
    at("2027-03-01")
    Chance(11).lay(visits=25, problems=50)
    for span, as_of in ((PERIODS["to date"], None), (PERIODS["a month"], date(2026, 10, 31))):
        wanted = ReportFilter.of(span, as_of)
        for key, figures in assemble.get_totals(SYSTEM, wanted).by[dimension].items():
            slow = plain.figures_of(span, wanted.as_of, **{dimension: key})
            told = slow.keys() & figures.keys()
            if (
                dimension == "programme" and key == NONE
            ):  # a visit without programme is no visit that counts
                told = {one for one in told if MEASURES[one].is_of_problems}
            assert {one: figures[one].value for one in told} == {one: slow[one] for one in told}, key


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_open_is_what_came_in_less_what_went_out(db, at, seed):
    at("2027-03-01")
    Chance(seed).lay(visits=0, problems=40)
    for month in (Month(2026, 9), Month(2026, 10), Month(2026, 11)):
        value = {
            k: f.value for k, f in assemble.get_totals(SYSTEM, ReportFilter.of(month.span)).figures.items()
        }
        came = value["opening"] + value["new"] + value["reopened"]
        assert value["open"] == came - value["closed_events"] - value["excluded_events"]
