"""Figures of ratings stay right when enterprises change their mind, or rate what was closed unrated."""

from datetime import date

import pytest

from tests.factories.issues import advance, make_issue, make_office
from tests.reports import plain
from visits.core import clock
from visits.core.authz import SYSTEM
from visits.core.periods import Month, Span
from visits.issues import operations as do
from visits.issues.models import Channel, Level
from visits.issues.operations import EvaluationEntry, Turn
from visits.issues.rules import Solved
from visits.issues.states import State
from visits.reports import assemble
from visits.reports.filters import ReportFilter

NOVEMBER, DECEMBER = Month(2026, 11).span, Month(2026, 12).span
BOTH = Span(date(2026, 11, 1), date(2026, 12, 31))
END = date(2026, 12, 31)
FIGURES = (
    "rating_coverage",
    "self_rated_share",
    "satisfaction_rate",
    "satisfaction_rate_strict",
    "solved_rate_verified",
)
PHONED = EvaluationEntry(Solved.SOLVED, Level.SATISFIED, evaluator="王经理")


def by_link(solved, level):
    return EvaluationEntry(solved, level, channel=Channel.LINK)


@pytest.fixture
def rated(database):
    """Four problems: two rated by phone, of which one is rated anew and badly, one late, one never."""
    with clock.at(date(2026, 11, 23)):
        office = make_office()
        kept, changed, late, never = (make_issue(office, State.EVALUATING) for _ in range(4))
        code, late_code = do.make_link(office.coordinator, changed), do.make_link(office.coordinator, late)
        for issue in (kept, changed):
            do.record_evaluation(office.callback, issue, PHONED)
    for day in (23, 24, 25):
        with clock.at(date(2026, 11, day)):
            for issue in (late, never):
                do.log_attempt(office.callback, issue, "无人接听")
    with clock.at(date(2026, 11, 25)):
        for issue in (late, never):
            do.close_unreached(office.coordinator, issue, "三次未接通")
    with clock.at(date(2026, 12, 5)):
        do.rate_by_link(code, by_link(Solved.PARTLY, Level.VERY_DISSATISFIED), Turn(1, 2))
        do.rate_by_link(late_code, by_link(Solved.SOLVED, Level.BASICALLY))
    database.session.commit()
    return office, changed


def figures(span, as_of):
    """The figures of ratings by the program, after seeing that the slow reading agrees in all."""
    wanted = ReportFilter.of(span, as_of)
    found = {key: figure.value for key, figure in assemble.get_totals(SYSTEM, wanted).figures.items()}
    slow = plain.figures_of(wanted.span, wanted.as_of)
    assert {key: found[key] for key in slow} == slow
    return {key: found[key] for key in FIGURES}


@pytest.mark.parametrize(
    ("span", "as_of", "expected"),
    [
        # in November two of four were rated, by phone, both content
        (NOVEMBER, date(2026, 11, 30), (2 / 4, 0, 1, 1, 1)),
        # that stays so when November is looked at again
        (NOVEMBER, END, (2 / 4, 0, 1, 1, 1)),
        # December saw two ratings by link: one bad, one basically satisfied
        (DECEMBER, END, (None, 1, 1 / 2, 0, 1 / 2)),
        # over both months each problem counts once, by its latest rating
        (BOTH, END, (3 / 4, 2 / 3, 2 / 3, 1 / 3, 2 / 3)),
    ],
)
def test_the_later_rating_counts_from_its_own_day(rated, span, as_of, expected):
    with clock.at(END):
        assert figures(span, as_of) == pytest.approx(dict(zip(FIGURES, expected, strict=True)))


def test_a_problem_taken_up_again_is_rated_once_more(rated, database):
    office, changed = rated
    assert (changed.state, changed.round) == (State.IN_PROGRESS, 2)
    with clock.at(date(2026, 12, 20)):
        advance(office, changed, State.CLOSED)
        database.session.commit()
    with clock.at(END):
        found = figures(BOTH, END)
    assert found["satisfaction_rate"] == 1
    assert found["self_rated_share"] == pytest.approx(1 / 3)
