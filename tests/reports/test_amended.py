"""A figure asked as of before an amendment stays what it was, whatever is corrected or voided later."""

from datetime import date, timedelta
from random import Random

import pytest

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, visit_entry
from tests.factories.programmes import make_group, make_link
from tests.reports import plain
from tests.support.databases import seeds
from visits.core import clock
from visits.core.authz import SYSTEM
from visits.core.periods import Month, Span
from visits.core.permissions import Role
from visits.outreach import operations
from visits.outreach.operations import Amendment
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, VisitMode
from visits.reports import assemble, queries
from visits.reports.filters import ReportFilter
from visits.reports.listing import list_rows

NOVEMBER, TO_DATE = Month(2026, 11).span, Span(None, date(2027, 1, 31))
REPORTED = date(2026, 11, 30)
OF_VISITS = {"visit_count", "enterprise_count", "person_times", "contact_count"}


class Zone:
    """A few enterprises, some of a group, people of two units, and visits thrown by dice."""

    def __init__(self, seed):
        self.dice = Random(seed)
        self.firms = [make_enterprise() for _ in range(4)]
        for firm in self.firms[:2]:
            make_link(firm, make_group())
        self.people = [make_person(roles=[Role.CADRE], unit=make_unit()) for _ in range(3)]
        self.office = actor_for(make_person(roles=[Role.COORDINATOR]))

    def said(self, day):
        """What a visit might say that took place by this day."""
        dice = self.dice
        firms = dice.sample(self.firms[:2], dice.choice((1, 2))) + dice.sample(self.firms[2:], 1)
        values = {
            "visited_on": day - timedelta(days=dice.randrange(12)),
            "mode": dice.choice(list(VisitMode)),
            "programmes": dice.choice(((ENTERPRISE_VISIT,), (ENTERPRISE_VISIT, GROUP_LINKED))),
            "people": dice.sample(self.people, dice.randint(1, 3)),
        }
        return dice.sample(firms, dice.randint(1, len(firms))), values

    def record(self, day):
        with clock.at(day):
            firms, values = self.said(day)
            return make_visit(*firms, author=self.people[0], **values)

    def change(self, visit, day):
        """Amend or void a visit, as the office would."""
        with clock.at(day):
            if self.dice.random() < 0.2:
                operations.void_visit(self.office, visit, "重复", {})
                return
            firms, values = self.said(date(2026, 11, 28))
            operations.amend_visit(self.office, visit, Amendment(visit_entry(*firms, **values), "核对"))


def all_figures(wanted):
    totals = assemble.get_totals(SYSTEM, wanted)
    by = {
        (dimension, part, key): figure.numerator
        for dimension, parts in totals.by.items()
        for part, figures in parts.items()
        for key, figure in figures.items()
    }
    return by | {key: (f.numerator, f.denominator) for key, f in totals.figures.items()}


@pytest.mark.parametrize("seed", seeds(2))
def test_what_was_reported_stays_whatever_is_corrected_later(db, seed):
    zone = Zone(seed)
    visits = [zone.record(date(2026, 11, zone.dice.randint(3, 28))) for _ in range(12)]
    asked = [ReportFilter.of(span, REPORTED) for span in (NOVEMBER, TO_DATE)]
    now_asked = ReportFilter.of(TO_DATE, date(2027, 1, 31))
    with clock.at(date(2026, 12, 1)):
        reported, known = [all_figures(wanted) for wanted in asked], all_figures(now_asked)
    for number, visit in enumerate(zone.dice.sample(visits, 8)):
        zone.change(visit, date(2026, 12, 2 + number))
    with clock.at(date(2027, 2, 1)):
        assert [all_figures(wanted) for wanted in asked] == reported
        assert all_figures(now_asked) != known
        for wanted in (*asked, now_asked):
            slow = plain.figures_of(wanted.span, wanted.as_of)
            figures = assemble.get_totals(SYSTEM, wanted).figures
            of_visits = [key for key in slow if key in OF_VISITS]
            assert {key: figures[key].value for key in of_visits} == {key: slow[key] for key in of_visits}


def test_the_rows_behind_an_earlier_figure_are_those_of_then(db):
    zone = Zone(7)
    firm, other = make_enterprise("临平甲公司"), make_enterprise("临平乙公司")
    with clock.at(date(2026, 11, 20)):
        visit = make_visit(firm, author=zone.people[0], visited_on=date(2026, 11, 19))
    with clock.at(date(2026, 12, 2)):
        entry = visit_entry(
            other, people=zone.people, visited_on=date(2026, 10, 8), mode=VisitMode.SYMPOSIUM
        )
        operations.amend_visit(zone.office, visit, Amendment(entry, "核对"))
    with clock.at(date(2026, 12, 3)):
        assert rows_of(NOVEMBER, REPORTED) == [("临平甲公司", date(2026, 11, 19), VisitMode.ON_SITE)]
        assert rows_of(NOVEMBER) == []
        assert rows_of(TO_DATE) == [("临平乙公司", date(2026, 10, 8), VisitMode.SYMPOSIUM)]
        assert people_of(NOVEMBER, REPORTED) == 1
        assert people_of(TO_DATE) == 3


def page_of(name, span, as_of):
    question = queries.get_ground().ask(SYSTEM, ReportFilter.of(span, as_of))
    return list_rows(queries.Sheet(question, name), name, {}).page


def rows_of(span, as_of=None):
    return [(row.name, row.visited_on, row.mode) for row in page_of("counted_pairs", span, as_of).rows]


def people_of(span, as_of=None):
    return page_of("participants", span, as_of).total
