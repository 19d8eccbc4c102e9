"""Voiding a visit: who, until when, and what becomes of its problems."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, problem_at
from visits.core import clock
from visits.core.errors import NotAllowed, Refused, Stale, WrongState
from visits.core.permissions import Role
from visits.issues.models import Issue, State
from visits.outreach import operations, queries
from visits.outreach.entries import PromiseEntry

MONDAY, LAST_FREE, TOO_LATE = date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 27)


@pytest.fixture(autouse=True)
def _monday(db):
    with clock.at(MONDAY):
        yield


@pytest.fixture
def me():
    return make_person(roles=[Role.CADRE])


@pytest.fixture
def coordinator():
    return make_person(roles=[Role.COORDINATOR])


def void(person, visit, decisions=None, reason="重复录入", revision=None):
    operations.void_visit(actor_for(person), visit, reason, decisions or {}, revision)


def test_the_author_voids_in_the_free_period_and_a_coordinator_afterwards(me, coordinator):
    first, second = make_visit(author=me), make_visit(author=me)
    with clock.at(LAST_FREE):
        void(me, first)
    with clock.at(TOO_LATE):
        with pytest.raises(NotAllowed):
            void(me, second)
        void(coordinator, second)
    assert (first.voided_by_id, first.void_reason) == (me.id, "重复录入")
    assert second.voided_by_id == coordinator.id


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_nobody_else_voids_it(role):
    with pytest.raises(NotAllowed):
        void(make_person(roles=[role]), make_visit())


def test_each_problem_is_decided_on(db, coordinator):
    firm = make_enterprise()
    visit = make_visit(firm, problems=[problem_at(firm, title="一"), problem_at(firm, title="二")])
    one, two = db.session.scalars(sa.select(Issue).order_by(Issue.id)).all()
    for decisions in ({}, {one.id: "void"}, {one.id: "void", two.id: "gone"}):
        with pytest.raises(Refused):
            void(coordinator, visit, decisions)
    void(coordinator, visit, {one.id: "void", two.id: "keep"})
    assert (one.state, two.state) == (State.VOID, State.REGISTERED)
    assert [problem.title for problem in queries.heard_on(actor_for(coordinator), visit.id)] == ["二"]


def test_who_may_not_void_a_problem_keeps_it(db, me):
    firm = make_enterprise()
    visit = make_visit(firm, author=me, problems=[problem_at(firm)])
    [problem] = queries.heard_on(actor_for(me), visit.id)
    assert (problem.may_void, problem.may_move) == (False, True)
    with pytest.raises(NotAllowed):
        void(me, visit, {problem.issue_id: "void"})


def test_once_void_a_visit_counts_nowhere_and_is_not_voided_again(me, coordinator):
    firm = make_enterprise()
    visit = make_visit(firm, author=me, promises=[PromiseEntry(firm.id, "回访")])
    void(me, visit)
    actor = actor_for(me)
    assert list(queries.last_visits(actor, firm.id)) == []
    assert list(queries.promises_open(actor, firm.id)) == []
    assert queries.get_visible(actor, visit.id).voided_by == me.name
    with pytest.raises(WrongState):
        void(coordinator, visit)


def test_a_reason_is_needed_and_a_stale_form_refused(me):
    visit = make_visit(author=me)
    with pytest.raises(Refused):
        void(me, visit, reason=" \n")
    with pytest.raises(Stale):
        void(me, visit, revision=visit.revision + 1)
