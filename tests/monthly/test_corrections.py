"""What changes in a published month afterwards: nothing in its report, a correction in the next one."""

import json
import os
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.reports import chance
from tests.reports.example import lay_example
from tests.reports.world import Problem, noon
from tests.reports.world import november as nov
from visits.core import clock
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.periods import Month, local_date
from visits.core.permissions import Role
from visits.issues.models import Issue, IssueMove
from visits.issues.states import State
from visits.monthly import assemble, operations, queries, rules
from visits.monthly.content import Content
from visits.outreach.models import Visit
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


HISTORIES = range(int(os.environ.get("TEST_HISTORIES", "1")))


@pytest.fixture(params=HISTORIES)
def history(request, database, monkeypatch):
    """A world laid by chance, much of it recorded late."""
    monkeypatch.setattr(chance, "Problem", chance.InOrder)
    laid = chance.Chance(request.param)
    laid.lay(25, 40)
    database.session.commit()
    return laid


def published_in_turn():
    """The reports of all months that the history touches, each published two days after its end."""
    ends = sa.select(sa.func.min(IssueMove.happened_at), sa.func.max(IssueMove.recorded_at))
    first, last = (Month.of(local_date(moment)) for moment in db.session.execute(ends).one())
    reports, month = [], first
    while month <= last.next:
        with clock.at(month.next.first_on + timedelta(days=2)):
            reports.append(published(month))
        month = month.next
    return reports


def happen_later(laid, day):
    """Enter much of the time before anew, and make void what was entered, all on one day."""
    for visit in db.session.scalars(sa.select(Visit).where(Visit.id % 3 == 0)):
        visit.voided_at, visit.void_reason = noon(day), "重复录入"
    for problem in laid.laid[::4]:
        if problem.state in (State.MERGED, State.SUSPENDED, State.VOID):
            continue
        issue = db.session.get(Issue, problem.id)
        issue.state, issue.closed_at, issue.closed_on = State.VOID, None, None
        last = problem.moves[-1]
        values = {"issue_id": problem.id, "seq": last.seq + 1, "move": "void", "to_state": State.VOID}
        values |= {"happened_at": noon(day), "recorded_at": noon(day), "acted_as": "system"}
        db.session.add(IssueMove(from_state=last.to_state, round=last.round, details={}, **values))
    for number in range(1, 60, 4):
        past = chance.FIRST + timedelta(days=number)
        laid.world.visit(past, laid.firms[:2], recorded=day)
        Problem(laid.world, laid.firms[0], past, recorded=day).assign(past, past).save()
    db.session.commit()


def test_all_months_balance_and_none_frozen_moves(history):
    """What earlier reports told, with the corrections since, is what is known when the next one is made."""
    reports = published_in_turn()
    assert len(reports) >= 5
    for report in reports:
        assert rules.balance_of(Content.from_json(report.content).figures).holds, report.month
    for report in reports[2:5:2]:
        told = queries.told_before(report.month)[-1]
        assert told.figures == figures_of(told.month, told.known_at), (report.month, told.month)
    corrections = [c for report in reports for c in said(report).values()]
    assert corrections, "the dice laid nothing that was recorded late"
    for correction in corrections:
        if correction.key in COUNTS:
            grew = correction.after.value > correction.before.value
            assert correction.added if grew else correction.removed
    stays_whatever_happens(history, reports)


def stays_whatever_happens(laid, reports):
    """Much is entered anew and made void; of what was frozen nothing moves, stored or counted again."""
    kept = [json.dumps(report.content, sort_keys=True) for report in reports]
    day = reports[-1].month.next.last_on
    happen_later(laid, day)
    with clock.at(day + timedelta(days=3)):
        was = Content.from_json(reports[1].content).figures
        assert assemble.content_of(reports[1].month).figures != was, "nothing happened later"
        for report, content in zip(reports, kept, strict=True):
            db.session.refresh(report)
            assert json.dumps(report.content, sort_keys=True) == content
            assert queries.read_report(report).is_untouched
        for report in reports[1::3]:
            then, again = Content.from_json(report.content), as_known_then(report)
            assert again.figures == then.figures, report.month
            assert (again.units, again.overdue, again.topics) == (then.units, then.overdue, then.topics)


def as_known_then(report):
    """What would be frozen of a month today, as known when it was frozen."""
    return as_stored(assemble.content_of(report.month, as_of=report.as_of))
