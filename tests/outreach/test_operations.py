"""Recording a visit with all that was heard, and keeping promises."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_category, make_visit, problem_at, visit_entry
from tests.factories.programmes import join, make_group, make_link
from visits.accounts.operations import PersonEntry, update_person
from visits.core import clock
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, WrongState
from visits.core.permissions import Role
from visits.enterprises.models import Enterprise
from visits.issues.models import Evaluation, Issue, IssueProgramme, Level, Outcome, State
from visits.outreach import operations, queries
from visits.outreach.entries import NEW_FIRM, NewFirm, Outsider, ProblemEntry, PromiseEntry
from visits.outreach.models import Promise, Visit, VisitPair
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED
from visits.programmes.queries import programme_ids_by_code

MONDAY = date(2026, 11, 23)
BOTH = (ENTERPRISE_VISIT, GROUP_LINKED)
RECORDERS = {Role.CADRE, Role.OFFICER, Role.SPECIALIST, Role.GROUP_LEADER, Role.COORDINATOR}


@pytest.fixture(autouse=True)
def _monday(db):
    with clock.at(MONDAY):
        yield


@pytest.fixture
def me():
    return make_person(roles=[Role.CADRE], unit=make_unit())


def record(person, entry):
    return operations.record_visit(actor_for(person), entry)


@pytest.mark.parametrize("role", list(Role))
def test_who_goes_to_enterprises_records_visits(role):
    person, enterprise = make_person(roles=[role]), make_enterprise()
    entry = visit_entry(enterprise, people=[person])
    if role in RECORDERS:
        assert record(person, entry).author_id == person.id
    else:
        with pytest.raises(NotAllowed):
            record(person, entry)


def test_a_visit_without_problems_keeps_both_dates_and_the_tick(me):
    enterprise = make_enterprise()
    visit = record(me, visit_entry(enterprise, people=[me], visited_on=date(2026, 11, 20)))
    assert (visit.visited_on, visit.recorded_on) == (date(2026, 11, 20), MONDAY)
    [firm] = queries.firms_of_visits([visit.id])[visit.id]
    assert (firm.name, firm.has_no_issues, firm.programmes) == (enterprise.name, True, ("企业大走访",))


def test_the_same_form_again_gives_the_stored_visit_and_to_others_a_refusal(db, me):
    entry = visit_entry(make_enterprise(), people=[me])
    first = record(me, entry)
    assert record(me, entry) is first
    with pytest.raises(Refused):
        record(make_person(roles=[Role.CADRE]), entry)
    assert db.session.scalar(sa.select(sa.func.count(Visit.id))) == 1


def test_problems_are_registered_with_the_visit(db, me):
    first, second = make_enterprise(), make_enterprise()
    problems = [
        problem_at(first, title="用电容量不足", wish="增容"),
        problem_at(second, title="门口路灯不亮", how="已联系市政更换", level=Level.SATISFIED),
    ]
    visit = record(me, visit_entry(first, second, people=[me], problems=problems))
    open_one, closed = db.session.scalars(sa.select(Issue).order_by(Issue.id)).all()
    assert (open_one.title, open_one.state, open_one.visit_id, open_one.enterprise_id) == (
        "用电容量不足",
        State.REGISTERED,
        visit.id,
        first.id,
    )
    assert (closed.state, closed.outcome, closed.on_spot) == (State.CLOSED, Outcome.SOLVED, True)
    assert db.session.scalar(sa.select(Evaluation.level)) is Level.SATISFIED
    assert set(db.session.scalars(sa.select(IssueProgramme.programme_id))) == {
        programme_ids_by_code()[ENTERPRISE_VISIT]
    }


def test_nothing_is_stored_of_a_visit_whose_problem_is_refused(db, me):
    enterprise = make_enterprise()
    problems = [problem_at(enterprise, category_id=999)]
    db.session.commit()
    with pytest.raises(Refused):
        record(me, visit_entry(enterprise, people=[me], problems=problems))
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Visit.id))) == 0


def test_an_enterprise_not_in_the_register_is_taken_in_provisionally(db, me):
    entry = visit_entry(people=[me], new_firm=NewFirm("临平新锐科技有限公司", "执照正在办理"))
    entry.no_issue_ids = frozenset({NEW_FIRM})
    visit = record(me, entry)
    [firm] = queries.firms_of_visits([visit.id])[visit.id]
    stored = db.session.get(Enterprise, firm.enterprise_id)
    assert (stored.name, stored.is_provisional, stored.provisional_reason) == (
        "临平新锐科技有限公司",
        True,
        "执照正在办理",
    )


def test_an_enterprise_of_the_register_is_not_taken_in_twice(me):
    known = make_enterprise()
    entry = visit_entry(people=[me], new_firm=NewFirm(known.name, "没有代码"))
    entry.no_issue_ids = frozenset({NEW_FIRM})
    with pytest.raises(Refused) as refusal:
        record(me, entry)
    assert (refusal.value.field, refusal.value.params) == ("new_name", {"name": known.name})


@pytest.mark.parametrize("answer", ["neither", "both"])
def test_an_enterprise_has_a_problem_or_the_tick_and_not_both(me, answer):
    enterprise = make_enterprise()
    problems = [problem_at(enterprise)] if answer == "both" else []
    ticked = frozenset({enterprise.id}) if answer == "both" else frozenset()
    entry = visit_entry(enterprise, people=[me], problems=problems, no_issue_ids=ticked)
    with pytest.raises(Refused) as refusal:
        record(me, entry)
    assert (refusal.value.field, refusal.value.params) == ("no_issue_ids", {"name": enterprise.name})


def test_group_linked_is_put_only_on_the_enterprises_a_group_answers_for(me):
    linked, other, group = make_enterprise(), make_enterprise(), make_group()
    make_link(linked, group)
    visit = record(me, visit_entry(linked, other, people=[me], programmes=BOTH))
    firms = {f.enterprise_id: f.programmes for f in queries.firms_of_visits([visit.id])[visit.id]}
    assert firms == {linked.id: ("企业大走访", "组团联企"), other.id: ("企业大走访",)}
    assert visit.group_id == group.id


def test_group_linked_alone_needs_a_group_that_answered_on_that_day(me):
    enterprise, group = make_enterprise(), make_group()
    make_link(enterprise, group, from_on=date(2026, 11, 20))
    with pytest.raises(Refused) as refusal:
        record(
            me,
            visit_entry(enterprise, people=[me], programmes=(GROUP_LINKED,), visited_on=date(2026, 11, 19)),
        )
    assert refusal.value.field == "programme_ids"
    record(
        me, visit_entry(enterprise, people=[me], programmes=(GROUP_LINKED,), visited_on=date(2026, 11, 20))
    )


def test_a_problem_belongs_to_the_group_of_the_visit(db, me):
    enterprise, group = make_enterprise(), make_group()
    make_link(enterprise, group)
    record(me, visit_entry(enterprise, people=[me], programmes=BOTH, problems=[problem_at(enterprise)]))
    assert db.session.scalar(sa.select(Issue.group_id)) == group.id


def test_participants_keep_the_unit_of_that_day(me):
    early, late = make_unit("甲科"), make_unit("乙科")
    mover = make_person(unit=early, since=date(2026, 1, 1))
    moved = PersonEntry(mover.username, mover.name, unit_id=late.id, since=date(2026, 11, 1))
    update_person(SYSTEM, mover, moved, None)
    enterprise = make_enterprise()
    for day, unit in ((date(2026, 10, 30), "甲科"), (date(2026, 11, 2), "乙科")):
        entry = visit_entry(
            enterprise, people=[mover], outsiders=[Outsider("周某", "街道办")], visited_on=day
        )
        visit = record(me, entry)
        seen = [(a.name, a.unit_name) for a in queries.attendances_of(visit.id)]
        assert seen == [(mover.name, unit), ("周某", "街道办")]


def test_who_was_entered_today_took_part_last_week_for_the_unit(me):
    newcomer, enterprise = make_person(unit=make_unit("甲科"), since=None), make_enterprise()
    visit = record(me, visit_entry(enterprise, people=[newcomer], visited_on=date(2026, 11, 16)))
    assert [row.unit_name for row in queries.attendances_of(visit.id)] == ["甲科"]


@pytest.mark.parametrize("field", ["enterprises", "participant_ids", "programme_ids", "group_id"])
def test_ids_that_do_not_exist_are_refused_at_their_field(me, field):
    enterprise = make_enterprise()
    entry = visit_entry(enterprise, people=[me])
    wrong = {
        "enterprises": {
            "enterprise_ids": [enterprise.id, 99999],
            "no_issue_ids": frozenset({enterprise.id, 99999}),
        },
        "participant_ids": {"participant_ids": [99999]},
        "programme_ids": {"programme_ids": [99999]},
        "group_id": {"group_id": 99999},
    }
    for key, value in wrong[field].items():
        setattr(entry, key, value)
    with pytest.raises(Refused) as refusal:
        record(me, entry)
    assert refusal.value.field == field


def test_a_promise_is_open_until_it_is_kept(me):
    enterprise = make_enterprise()
    promise = PromiseEntry(enterprise.id, "协调供电公司上门", "张科长", date(2026, 12, 1))
    visit = record(me, visit_entry(enterprise, people=[me], promises=[promise]))
    [row] = queries.promises_open(SYSTEM, enterprise.id)
    assert (row.text, row.owner, row.due_on, row.visited_on) == (
        promise.text,
        promise.owner,
        promise.due_on,
        MONDAY,
    )
    stored = db.session.get(Promise, row.id)
    for day in (date(2026, 11, 22), date(2026, 11, 24)):
        with pytest.raises(Refused):
            operations.keep_promise(actor_for(me), visit, stored, day)
    operations.keep_promise(actor_for(me), visit, stored, MONDAY)
    assert queries.promises_open(SYSTEM, enterprise.id) == []
    with pytest.raises(WrongState):
        operations.keep_promise(actor_for(me), visit, stored, MONDAY)


def test_who_may_not_record_may_not_mark_a_promise_as_kept(me):
    enterprise = make_enterprise()
    visit = make_visit(enterprise, author=me, promises=[PromiseEntry(enterprise.id, "回访")])
    promise = db.session.get(Promise, queries.promises_of(visit.id)[0].id)
    with pytest.raises(NotAllowed):
        operations.keep_promise(actor_for(make_person(roles=[Role.HANDLER])), visit, promise, MONDAY)


def test_the_last_visits_come_newest_first(me):
    enterprise = make_enterprise()
    days = [date(2026, 11, day) for day in (3, 17, 10)]
    for day in days:
        make_visit(enterprise, author=me, visited_on=day)
    assert [row.visited_on for row in queries.last_visits(actor_for(me), enterprise.id, 2)] == [
        days[1],
        days[2],
    ]


def test_a_group_member_writes_for_the_group(me):
    group, enterprise = make_group(), make_enterprise()
    join(group, me)
    visit = record(me, visit_entry(enterprise, people=[me], group_id=group.id))
    assert queries.get_visible(actor_for(me), visit.id).group == group.name


def test_one_pair_per_enterprise_however_often_it_was_chosen(db, me):
    enterprise = make_enterprise()
    entry = visit_entry(enterprise, people=[me, me])
    entry.enterprise_ids = [enterprise.id, enterprise.id]
    record(me, entry)
    assert db.session.scalar(sa.select(sa.func.count(VisitPair.id))) == 1


def test_a_problem_without_description_is_described_by_its_title(db, me):
    enterprise = make_enterprise()
    problem = ProblemEntry(enterprise.id, "停车位不足", make_category().id)
    record(me, visit_entry(enterprise, people=[me], problems=[problem]))
    assert db.session.scalar(sa.select(Issue.description)) == "停车位不足"
