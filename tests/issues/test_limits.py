"""Limits as rules: which one holds, editions that are never rewritten, problems that keep their own."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import make_category, make_issue, make_office
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.clock import now
from visits.core.db import db as handle
from visits.core.errors import NotAllowed, Refused
from visits.core.permissions import Role
from visits.issues import limits, rules
from visits.issues import operations as do
from visits.issues.models import Category, Dispatch, LimitRule
from visits.issues.operations import AssignEntry, CorrectionEntry, RuleEntry
from visits.issues.rules import Complexity, Kind, Limits, Rule, Urgency
from visits.issues.states import State

DAWN = datetime(2026, 1, 1, tzinfo=UTC)
LATER = DAWN + timedelta(days=100)
LAND, LEASE, OTHER = 1, 11, 2  # leases are a finer kind of land
FIVE = Limits(accept=1, sign=1, contact=1, stage=None, close=5)


def rule(number, category=None, urgency=None, complexity=None, since=DAWN, until=None):
    return Rule(number, category, urgency, complexity, FIVE, since, until)


@pytest.mark.parametrize(
    ("rivals", "holds"),
    [
        ([rule(1), rule(2, category=LAND)], 2),
        ([rule(1, category=LAND), rule(2, category=LEASE)], 2),
        ([rule(1, category=OTHER), rule(2)], 2),
        ([rule(1, urgency=Urgency.URGENT), rule(2, complexity=Complexity.COMPLEX)], 1),
        ([rule(1, urgency=Urgency.URGENT), rule(2, category=LAND)], 2),
        ([rule(1, None, Urgency.URGENT, Complexity.COMPLEX), rule(2, category=LEASE)], 1),
        ([rule(1, LAND, Urgency.URGENT), rule(2, LEASE, None, Complexity.COMPLEX)], 2),
        ([rule(1, complexity=Complexity.MAJOR), rule(2, urgency=Urgency.NORMAL)], None),
        ([rule(1, category=LEASE, until=LATER), rule(2)], 2),
        ([rule(1, category=LEASE, since=LATER, until=LATER), rule(2)], 2),
        ([rule(1, category=LEASE, since=LATER + timedelta(seconds=1)), rule(2)], 2),
    ],
)
def test_the_rule_that_names_a_kind_most_closely_holds(rivals, holds):
    kind = Kind(LEASE, LAND, Urgency.URGENT, Complexity.COMPLEX)
    for order in (rivals, rivals[::-1]):
        found = rules.rule_for(order, kind, LATER)
        assert (found.id if found else None) == holds


ANY_RULE = st.builds(
    rule,
    st.integers(1, 999),
    st.sampled_from([None, LAND, LEASE, OTHER]),
    st.sampled_from([None, *Urgency]),
    st.sampled_from([None, *Complexity]),
    st.sampled_from([DAWN, LATER]),
    st.sampled_from([None, LATER, LATER + timedelta(days=1)]),
)


@given(
    st.lists(ANY_RULE, unique_by=lambda r: (r.category_id, r.urgency, r.complexity)),
    st.sampled_from([LAND, LEASE, OTHER]),
    st.sampled_from(Urgency),
    st.sampled_from(Complexity),
    st.randoms(),
)
def test_of_rules_for_different_kinds_exactly_one_holds_in_any_order(given_, category, urgency, hard, dice):
    kind = Kind(category, LAND if category == LEASE else None, urgency, hard)
    found = rules.rule_for(given_, kind, LATER)
    fitting = [one for one in given_ if one.fits(kind) and one.holds_at(LATER)]
    assert (found is None) == (not fitting)
    mixed = dice.sample(given_, len(given_))
    assert rules.rule_for(mixed, kind, LATER) == found
    assert all(found.rank(kind) > one.rank(kind) for one in fitting if one is not found)


@pytest.fixture
def office(db):
    make_category()
    return make_office()


def entry(close=5, stage=None, **values):
    return RuleEntry(Limits(1, 1, 1, stage, close), values.pop("reason", "管委办〔2026〕8号"), **values)


def limits_now(category_id=None, urgency=Urgency.NORMAL, complexity=Complexity.ORDINARY):
    found = rules.rule_for(limits.all_rules(), limits.kind_of(category_id, urgency, complexity), now())
    return found.limits


def test_an_office_begins_with_the_limits_that_were_constants(office):
    found = {
        (complexity, urgency): limits_now(None, urgency, complexity)
        for complexity in Complexity
        for urgency in Urgency
    }
    assert found[Complexity.CONSULTATION, Urgency.NORMAL] == Limits(1, 1, 1, None, 3)
    assert found[Complexity.ORDINARY, Urgency.NORMAL] == Limits(1, 1, 1, 3, 7)
    assert found[Complexity.COMPLEX, Urgency.URGENT] == Limits(1, 1, 0, 3, 15)
    assert found[Complexity.MAJOR, Urgency.CRITICAL] == Limits(1, 1, 0, 3, 30)
    do.create_starter_limits(SYSTEM)
    assert len(limits.all_rules()) == 12


def test_a_problem_keeps_the_rule_it_was_born_with(office, at):
    at("2026-11-02")
    issue = make_issue(office)
    at("2026-11-03")
    do.make_rule(office.coordinator, entry(5, category_id=issue.category_id))
    young = make_issue(office)
    for one in (issue, young):
        do.assign(office.coordinator, one, AssignEntry(office.unit.id))
    assert issue.due_on == date(2026, 11, 12)  # seven working days, by the rule of its birth
    assert young.due_on == date(2026, 11, 10)  # five, by the new one


def test_a_correction_is_measured_by_the_edition_of_the_birth(office, at):
    at("2026-11-02")
    issue = make_issue(office, complexity=Complexity.ORDINARY)
    at("2026-11-03")
    do.make_rule(office.coordinator, entry(20, 3, complexity=Complexity.COMPLEX))
    corrected = CorrectionEntry(
        issue.enterprise_id,
        issue.title,
        issue.description,
        issue.category_id,
        complexity=Complexity.COMPLEX,
    )
    do.correct(office.coordinator, issue, corrected, "涉及两个部门")
    do.assign(office.coordinator, issue, AssignEntry(office.unit.id))
    assert issue.due_on == date(2026, 11, 24)  # fifteen working days, not twenty


def test_a_finer_category_follows_the_rule_of_the_one_above(office, at):
    at("2026-11-02")
    land = make_category()
    finer = Category(code="lease", name="厂房租赁", complexity=Complexity.ORDINARY, parent_id=land.id)
    handle.session.add(finer)
    do.make_rule(office.coordinator, entry(9, 4, category_id=land.id))
    issue = make_issue(office, State.ASSIGNED, category_id=finer.id)
    assert issue.due_on == date(2026, 11, 13)


def test_a_new_rule_supersedes_the_one_of_the_same_kind_and_nothing_is_rewritten(office, at):
    at("2026-11-02")
    first = do.make_rule(office.coordinator, entry(5, complexity=Complexity.ORDINARY))
    at("2026-11-09")
    second = do.make_rule(office.coordinator, entry(6, complexity=Complexity.ORDINARY))
    assert (first.closing, first.superseded_at) == (5, second.valid_from)
    assert first.ended_by_id == office.people["coordinator"].id
    assert second.superseded_at is None
    assert limits_now().close == 6
    said = set(handle.session.scalars(sa.select(AuditEntry.action)))
    assert "limit_rule.made" in said


def test_a_planned_rule_begins_on_its_day_and_can_be_taken_back(office, at):
    at("2026-11-02")
    planned = do.make_rule(
        office.coordinator, entry(5, complexity=Complexity.ORDINARY, valid_on=date(2026, 12, 1))
    )
    assert limits_now().close == 7
    at("2026-12-01")
    assert limits_now().close == 5
    at("2026-11-20")
    do.end_rule(office.coordinator, planned, "会议未通过")
    at("2026-12-02")
    assert limits_now().close == 7


def test_a_planned_rule_gives_way_to_one_that_comes_first(office, at):
    at("2026-11-02")
    planned = do.make_rule(
        office.coordinator, entry(5, complexity=Complexity.ORDINARY, valid_on=date(2026, 12, 1))
    )
    do.make_rule(office.coordinator, entry(6, complexity=Complexity.ORDINARY))
    assert planned.superseded_at == planned.valid_from
    at("2026-12-02")
    assert limits_now().close == 6


def test_after_its_end_the_more_general_rule_holds(office, at):
    at("2026-11-02")
    land = make_category()
    made = do.make_rule(office.coordinator, entry(5, category_id=land.id))
    assert limits_now(land.id).close == 5
    at("2026-11-05")
    do.end_rule(office.coordinator, made, "恢复一般规定")
    assert (made.ended_reason, limits_now(land.id).close) == ("恢复一般规定", 7)
    with pytest.raises(Refused, match="ended already"):
        do.end_rule(office.coordinator, made, "再次")


def test_no_kind_is_left_without_limits(office):
    general = handle.session.scalars(
        sa.select(LimitRule).where(LimitRule.complexity == Complexity.ORDINARY, LimitRule.urgency.is_(None))
    ).one()
    with pytest.raises(Refused, match="no limits"):
        do.end_rule(office.coordinator, general, "取消")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"category_id": 999_999}, "category_id"),
        ({"close": 7}, "stage"),
        ({"close": 5, "stage": 5}, "stage"),
        ({"close": 5, "reason": " "}, "reason"),
        ({"close": 5, "valid_on": date(2026, 11, 1)}, "valid_on"),
        ({"close": 7, "stage": 3, "complexity": Complexity.ORDINARY}, None),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(office, at, values, field):
    at("2026-11-02")
    with pytest.raises(Refused) as refused:
        do.make_rule(office.coordinator, entry(**values))
    assert refused.value.field == field


def test_only_who_may_sets_limits(office):
    with pytest.raises(NotAllowed):
        do.make_rule(office.handler, entry())
    with pytest.raises(NotAllowed):
        do.end_rule(actor_for(make_person([Role.LEADER])), limits.get_rule(1), "不")


def test_the_office_has_a_day_to_accept_and_a_new_one_when_a_problem_comes_back(office, at):
    at("2026-11-06")  # a Friday
    issue = make_issue(office)
    assert issue.accept_due == date(2026, 11, 9)
    do.reject(office.coordinator, issue, "已在诉讼中", "建议通过司法途径解决")
    at("2026-11-11")
    do.restore(office.leader, issue, "诉讼已撤回")
    assert issue.accept_due == date(2026, 11, 12)


def test_an_interim_report_is_the_lead_units_first_progress(office, at):
    at("2026-11-02")
    issue = make_issue(office)
    do.assign(office.coordinator, issue, AssignEntry(office.unit.id, [office.other_unit.id]))
    lead, other = handle.session.scalars(sa.select(Dispatch).order_by(Dispatch.kind.desc()))
    assert (lead.stage_due, other.stage_due) == (date(2026, 11, 5), None)
    do.sign(office.handler, issue)
    do.add_progress(office.other_handler, issue, "已提供图纸")
    assert lead.staged_at is None
    do.add_progress(office.handler, issue, "已现场勘察")
    first = lead.staged_at
    at("2026-11-04")
    do.add_progress(office.handler, issue, "已开工")
    assert first is not None
    assert lead.staged_at == first


def test_a_short_limit_asks_for_no_interim_report(office):
    make_issue(office, State.ASSIGNED, complexity=Complexity.CONSULTATION)
    assert handle.session.scalars(sa.select(Dispatch.stage_due)).one() is None
