"""Figures over real lives of problems: what is done later changes nothing that was counted of a day."""

from random import Random

import pytest

from tests.issues.test_lives import Lives
from tests.reports import plain
from tests.support.databases import seeds
from visits.core.authz import SYSTEM
from visits.core.periods import Month, Span
from visits.reports import assemble
from visits.reports.filters import ReportFilter

EVERY = 6  # how often figures are taken, in times that the clock moves on
ROUNDS = 6


def figures_of(wanted):
    """All figures with both their parts, of the whole and by every dimension."""
    totals = assemble.get_totals(SYSTEM, wanted)
    whole = {key: (f.value, f.numerator, f.denominator) for key, f in totals.figures.items()}
    parts = {
        (dimension, part, key): figure.value
        for dimension, parts in totals.by.items()
        for part, figures in parts.items()
        for key, figure in figures.items()
        if figure.numerator or figure.denominator
    }
    return whole | parts


class Watched(Lives):
    """An office of which the figures of the month so far are taken at the end of some days."""

    def __init__(self):
        super().__init__()
        self.seen, self.passed = {}, 0

    def time_passes(self, days):
        """Take the figures of a day that ends."""
        self.passed += 1
        if days and self.passed % EVERY == 0:
            span = Span(Month.of(self.today).first_on, self.today)
            self.seen[span] = figures_of(ReportFilter.of(span, self.today))
        super().time_passes(days)


@pytest.fixture(params=seeds(2))
def office(request, db):
    """An office through which problems have gone for months, by what people may do."""
    office, dice = Watched(), Random(request.param)
    office.begin(dice.randrange(2**32))
    for _ in range(ROUNDS):
        office.somebody_goes_on(dice.randrange(2**32))
        office.somebody_meddles(dice.randrange(2**32))
    office.time_passes(1)
    yield office
    office.open.close()


def test_what_was_counted_of_a_day_stays(office):
    assert len(office.seen) > 5
    for span, seen in office.seen.items():
        assert figures_of(ReportFilter.of(span, span.to_on)) == seen, span


def test_what_is_counted_is_what_the_definitions_say(office):
    for span in office.seen:
        for as_of in (span.to_on, None):
            wanted = ReportFilter.of(span, as_of)
            figures, slow = (
                assemble.get_totals(SYSTEM, wanted).figures,
                plain.figures_of(span, wanted.as_of),
            )
            assert {key: figures[key].value for key in slow} == slow, (span, as_of)
