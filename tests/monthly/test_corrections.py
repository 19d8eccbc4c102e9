"""What changes in a published month afterwards: nothing in its report, a correction in the next one."""

import json
from datetime import timedelta

import pytest

from tests.factories.accounts import make_person
from tests.reports import chance
from tests.reports.example import lay_example
from tests.reports.world import Problem
from tests.reports.world import november as nov
from visits.core import clock
from visits.core.authz import SYSTEM
from visits.core.periods import Month
from visits.core.permissions import Role
from visits.monthly import assemble, operations, queries, rules
from visits.monthly.content import Content
from visits.reports.measures import MEASURES
from visits.reports.shapes import Shape

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
COUNTS = frozenset(key for key, measure in MEASURES.items() if measure.shape is Shape.COUNT)


def published(month, coordinator=SYSTEM, leader=SYSTEM):
    """The report of a month, frozen and published at once."""
    report = operations.draft_report(coordinator, month)
    assert operations.freeze_report(coordinator, report)
    operations.publish_report(leader, report)
    return report


def said(report):
    return {(c.month, c.key): c for c in Content.from_json(report.content).corrections}


def test_the_next_report_lists_what_moved_and_the_very_records(database, at, client_for):
    at("2026-12-03")
    world, leader = lay_example(), make_person([Role.LEADER])
    first = published(NOVEMBER)
    kept = first.content
    visit = world.visit(
        nov(25), [world.firm(name="补录电子有限公司")], recorded=nov(30) + timedelta(days=9)
    )
    problem = Problem(world, world.firm(), nov(26), on_spot=True, recorded=nov(30) + timedelta(days=9))
    issue = problem.answer(nov(26)).save()
    at("2027-01-04")
    second = published(DECEMBER)
    found = said(second)
    visits = found["2026-11", "visit_count"]
    assert (visits.before.value, visits.after.value) == (6, 7)
    assert visits.added == ("2026-11-25 补录电子有限公司",)
    assert visits.links["2026-11-25 补录电子有限公司"] == ["visit", visit.id]
    closed = found["2026-11", "closed"]
    assert (closed.before.value, closed.after.value, closed.added) == (5, 6, (issue.number,))
    assert found["2026-11", "enterprise_count"].added == ("补录电子有限公司",)
    assert ("2026-11", "open") not in found
    database.session.refresh(first)
    assert first.content == kept
    page = client_for(leader).get("monthly.show", report_id=second.id)
    part = page.root.first("section", id="corrections")
    assert page.links[issue.number] == f"/issues/{issue.id}"
    assert "2026-11 走访家次 6 7 2026-11-25 补录电子有限公司" in part.text
    at("2027-02-04")
    assert said(published(DECEMBER.next)) == {}, "a correction is told once"


def test_a_record_that_is_void_now_is_told_as_one_less(database, at):
    at("2026-12-03")
    world = lay_example()
    visit = world.visit(nov(26), [world.firm(name="作废光电有限公司")])
    published(NOVEMBER)
    at("2026-12-20")
    visit.voided_at, visit.void_reason = clock.now(), "重复录入"
    database.session.flush()
    at("2027-01-04")
    visits = said(published(DECEMBER))["2026-11", "visit_count"]
    assert (visits.before.value, visits.after.value) == (7, 6)
    assert (visits.added, visits.removed) == ((), ("2026-11-26 作废光电有限公司",))


def test_a_month_only_frozen_or_taken_back_is_not_corrected(database, at):
    at("2026-12-03")
    world = lay_example()
    report = operations.draft_report(SYSTEM, NOVEMBER)
    operations.freeze_report(SYSTEM, report)
    world.visit(nov(25), [world.firm()], recorded=nov(30) + timedelta(days=9))
    at("2027-01-04")
    assert said(published(DECEMBER)) == {}


def as_stored(content):
    return Content.from_json(json.loads(json.dumps(content.as_json())))


def figures_of(month, as_of):
    return assemble.content_of(month, as_of=as_of).figures


class Registered(Problem):
    """A problem of which nothing is recorded before it is itself: the dice do not know that."""

    def save(self):
        for move in self.moves:
            move.recorded_at = max(move.recorded_at, self.moves[0].recorded_at)
        return super().save()


@pytest.mark.parametrize("seed", range(3))
def test_histories_by_chance(database, monkeypatch, seed):
    """Months balance, frozen ones never move, and what was told with its corrections is what is known."""
    monkeypatch.setattr(chance, "Problem", Registered)
    chance.Chance(seed).lay(25, 40)
    database.session.commit()
    months = [Month(2026, 9), Month(2026, 10), Month(2026, 11), DECEMBER]
    reports = []
    for month in months:
        with clock.at(month.next.first_on + timedelta(days=2)):
            reports.append(published(month))
    kept = [report.content for report in reports]
    for place, report in enumerate(reports):
        content = Content.from_json(report.content)
        assert rules.balance_of(content.figures).holds
        again = as_stored(assemble.content_of(report.month, as_of=report.as_of))
        assert again.figures == content.figures
        assert (again.units, again.overdue, again.topics) == (
            content.units,
            content.overdue,
            content.topics,
        )
        for told in queries.told_before(report.month.next)[:place]:
            assert told.figures == figures_of(told.month, report.as_of), (month, told.month)
    corrections = [c for report in reports for c in said(report).values()]
    assert corrections, "the dice laid nothing that was recorded late"
    for correction in corrections:
        if correction.key in COUNTS:
            grew = correction.after.value > correction.before.value
            assert correction.added if grew else correction.removed
    for report, content in zip(reports, kept, strict=True):
        database.session.refresh(report)
        assert report.content == content
        assert queries.read_report(report).is_untouched
