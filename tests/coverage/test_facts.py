"""What scopes and visits come to: SQL against a slow second implementation, and single cases by hand."""

from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.coverage.chance import Chance
from tests.coverage.plain import Books
from tests.reports.problem import noon
from visits.core.authz import SYSTEM
from visits.core.periods import Span
from visits.coverage import facts
from visits.programmes.scope import scopes
from visits.reports.assemble import get_totals
from visits.reports.filters import ReportFilter

SPANS = (
    Span(date(2026, 6, 1), date(2026, 6, 30)),
    Span(date(2026, 2, 10), date(2026, 10, 5)),
    Span(date(2025, 12, 1), date(2026, 12, 31)),
)
MOMENTS = tuple(noon(date(2026, month, 25)) for month in (2, 6, 9, 12))


def _rate(part, whole):
    return part / whole if whole else None


def known_of(as_of):
    """Every programme's scope as known at a moment."""
    return [scope.known_at(as_of) for scope in scopes()]


def expected(books, programmes, span):
    """The figures by the definitions, of these programmes together."""
    first, last = span.from_on, span.to_on
    scopes = {p.id: books.scope(p, first, last) for p in programmes}
    visited = {p.id: books.visited(p, first, last) for p in programmes}
    everyone, met = set().union(*scopes.values()), set().union(*visited.values())
    duties = {
        (p.id, *key): value for p in programmes for key, value in books.duties(p, first, last).items()
    }
    required = sum(wanted for wanted, _ in duties.values())
    return {
        "scope_count": len(everyone),
        "coverage_rate": _rate(len(everyone & met), len(everyone)),
        "completion_rate": _rate(sum(min(two) for two in duties.values()), required),
        "due_not_visited": len({k[1] for k, (wanted, made) in duties.items() if made < wanted})
        if duties
        else None,
    }


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), span=st.sampled_from(SPANS), as_of=st.sampled_from(MOMENTS))
@example(seed=300091911, span=SPANS[1], as_of=MOMENTS[3])  # a figure that was withdrawn since
def test_coverage_completion_and_who_is_due_equal_a_slow_second_count(db, at, seed, span, as_of):
    at("2026-12-28")  # after every moment looked back to, whenever this runs
    with db.session.begin_nested() as before:
        zone = Chance(seed).lay()
        books = Books(as_of)
        wanted = ReportFilter(span, as_of)
        totals = get_totals(SYSTEM, wanted)
        keys = expected(books, zone.programmes, span)
        assert {key: totals.figures[key].value for key in keys} == pytest.approx(keys)
        rows = db.session.execute(facts.scoped(known_of(as_of), span)).all()
        assert len(rows) == len(set(rows))
        for programme in zone.programmes:
            keys = expected(books, [programme], span)
            part = totals.by["programme"][programme.id]
            assert {key: part[key].value for key in keys} == pytest.approx(keys)
            alone = get_totals(SYSTEM, wanted.narrowed(programme=programme.id)).figures
            assert {key: alone[key].value for key in keys} == pytest.approx(keys)
        before.rollback()
        db.session.expire_all()
