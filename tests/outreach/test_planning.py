"""Plans of visits: made, moved, cancelled, joined, carried out by a visit and opened again."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, problem_at, visit_entry
from tests.factories.plans import make_plan, plan_entry
from tests.factories.programmes import join, make_group, make_link
from visits.accounts.queries import unit_of
from visits.core.audit import AuditEntry
from visits.core.db import db
from visits.core.errors import NotAllowed, NotFound, Refused, Stale, WrongState
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.outreach import operations, queries
from visits.outreach.integrity import find_broken_plans
from visits.outreach.models import PlanCompanion, PlanState, Visit, VisitKind, VisitPlan
from visits.outreach.operations import Amendment, NewDay, cancel_plan, join_plan, leave_plan, move_plan
from visits.outreach.rules import Cap
from visits.programmes.models import VisitMode

pytestmark = pytest.mark.usefixtures("database")
TODAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-11-23")


@pytest.fixture
def me(database):
    return make_person([Role.CADRE], make_unit("经济发展局"), name="李干部")


@pytest.fixture
def colleague(database):
    return make_person([Role.OFFICER], make_unit("规划建设局"), name="王专员")


@pytest.fixture
def office(database):
    return make_person([Role.COORDINATOR], name="专班")


@pytest.fixture
def firm(database):
    return make_enterprise("湖畔精密机械有限公司")


def sound():
    return [finding.weight.value for finding in find_broken_plans()]


def test_a_plan_holds_what_was_planned_and_who_goes_along(me, colleague, firm):
    group = make_group()
    make_link(firm, group=group)
    plan = make_plan(firm, me, planned_on=FRIDAY, purpose="了解用工", companion_ids=[colleague.id, me.id])
    assert (plan.owner_id, plan.planned_on, plan.state) == (me.id, FRIDAY, PlanState.PLANNED)
    assert plan.group_id == group.id
    assert [row.name for row in queries.companions_of(plan.id)] == ["王专员"]
    assert [row.id for row in queries.plans_between(actor_for(colleague), FRIDAY, FRIDAY, mine=True)] == [
        plan.id
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"planned_on": TODAY - timedelta(days=1)}, "planned_on"),
        ({"planned_on": TODAY + timedelta(days=367)}, "planned_on"),
        ({"programme_id": 999}, "programme_id"),
        ({"companion_ids": [999]}, "companion_ids"),
    ],
)
def test_what_cannot_be_planned_is_refused(me, firm, values, field):
    with pytest.raises(Refused) as refusal:
        make_plan(firm, me, **values)
    assert refusal.value.field == field
    assert db.session.scalar(sa.select(sa.func.count(VisitPlan.id))) == 0


def test_the_same_enterprise_on_the_same_day_is_planned_once(me, firm):
    make_plan(firm, me)
    with pytest.raises(Refused):
        make_plan(firm, me)


def test_only_the_office_plans_for_others_and_only_for_those_who_visit(me, colleague, office, firm):
    handler = make_person([Role.HANDLER])
    with pytest.raises(NotAllowed):
        operations.plan_visit(actor_for(me), plan_entry(firm, owner_id=colleague.id))
    with pytest.raises(Refused):
        operations.plan_visit(actor_for(office), plan_entry(firm, owner_id=handler.id))
    plan = operations.plan_visit(actor_for(office), plan_entry(firm, owner_id=colleague.id))
    assert (plan.owner_id, plan.made_by_id) == (colleague.id, office.id)


def test_a_moved_plan_leaves_the_old_one_with_the_reason_and_takes_everybody_along(me, colleague, firm):
    plan = make_plan(firm, me, companion_ids=[colleague.id], purpose="了解用工")
    new = move_plan(actor_for(me), plan, NewDay(FRIDAY, None, "企业临时有事"), plan.revision)
    assert (plan.state, plan.end_reason, plan.moved_to_id) == (PlanState.MOVED, "企业临时有事", new.id)
    assert (new.planned_on, new.purpose, new.state) == (FRIDAY, "了解用工", PlanState.PLANNED)
    assert [row.person_id for row in queries.companions_of(new.id)] == [colleague.id]
    assert sound() == ["fine"]
    with pytest.raises(WrongState):
        move_plan(actor_for(me), plan, NewDay(FRIDAY, None, "又改"))


def test_moving_needs_a_reason_another_day_and_the_present_revision(me, firm):
    plan = make_plan(firm, me)
    for to in (NewDay(FRIDAY, None, " "), NewDay(plan.planned_on, None, "改")):
        with pytest.raises(Refused):
            move_plan(actor_for(me), plan, to)
    with pytest.raises(Stale):
        move_plan(actor_for(me), plan, NewDay(FRIDAY, None, "改"), plan.revision + 1)


def test_a_cancelled_plan_says_why_and_is_over(me, colleague, firm):
    plan = make_plan(firm, me)
    with pytest.raises(NotAllowed):
        cancel_plan(actor_for(colleague), plan, "不去了")
    with pytest.raises(Refused):
        cancel_plan(actor_for(me), plan, " ")
    cancel_plan(actor_for(me), plan, "企业停产检修")
    assert (plan.state, plan.end_reason) == (PlanState.CANCELLED, "企业停产检修")
    with pytest.raises(WrongState):
        join_plan(actor_for(colleague), plan.id)


def test_joining_twice_is_joining_once_and_one_may_leave_and_come_back(me, colleague, firm):
    plan, actor = make_plan(firm, me), actor_for(colleague)
    for _ in range(2):
        join_plan(actor, plan.id)
    db.session.flush()
    assert len(queries.companions_of(plan.id)) == 1
    leave_plan(actor, plan)
    with pytest.raises(Refused):
        leave_plan(actor, plan)
    join_plan(actor, plan.id)
    db.session.flush()
    rows = db.session.execute(sa.select(PlanCompanion.left_at).order_by(PlanCompanion.id)).scalars().all()
    assert [left is None for left in rows] == [False, True]
    join_plan(actor_for(me), plan.id)  # the owner goes anyway
    assert len(queries.companions_of(plan.id)) == 1


def test_who_sees_a_plan(me, colleague, office, firm):
    stranger = make_person([Role.CADRE], make_unit())
    leader = make_person([Role.GROUP_LEADER], make_unit())
    head = make_person([Role.UNIT_HEAD], unit_of(me.id, TODAY))
    group = make_group()
    for person in (leader, me):
        join(group, person)
    plan = make_plan(firm, me, companion_ids=[colleague.id])
    for person in (me, colleague, office, leader, head):
        assert queries.get_plan(actor_for(person), plan.id) is plan
    with pytest.raises(NotFound):
        queries.get_plan(actor_for(stranger), plan.id)


def test_the_cap_counts_visits_and_plans_of_all_units_around_the_day(me, colleague, firm):
    make_visit(firm, author=colleague, visited_on=date(2026, 11, 10))
    make_plan(firm, colleague, planned_on=FRIDAY)
    with pytest.raises(Refused) as refusal:
        make_plan(firm, me, planned_on=date(2026, 12, 1))
    assert refusal.value.field == "frequency_reason"
    assert refusal.value.params["count"] == 2
    plan = make_plan(firm, me, planned_on=date(2026, 12, 1), frequency_reason="核实停产情况")
    assert plan.frequency_reason == "核实停产情况"
    far = make_plan(firm, me, planned_on=date(2027, 3, 1), frequency_reason="多余的说明")
    assert far.frequency_reason == ""


def test_invited_visits_contacts_and_void_ones_do_not_count(me, colleague, firm):
    make_visit(firm, author=colleague, kind=VisitKind.INVITED)
    make_visit(firm, author=colleague, mode=VisitMode.PHONE)
    visit = make_visit(firm, author=colleague)
    operations.void_visit(actor_for(colleague), visit, "记错企业", {})
    make_visit(firm, author=colleague)
    (found,) = queries.frequency_of(actor_for(me), [firm.id], TODAY)
    assert (len(found.visits), found.invited, found.others_for_visit) == (2, 1, 1)
    make_plan(firm, me)
    assert make_plan(firm, colleague, planned_on=FRIDAY, is_invited=True).frequency_reason == ""


def test_the_office_sets_the_cap(me, firm):
    set_setting("visit_cap", 1)
    make_visit(firm)
    with pytest.raises(Refused):
        make_plan(firm, me)
    set_setting("visit_cap_days", 7)
    assert make_plan(firm, me, planned_on=TODAY + timedelta(days=7)).state is PlanState.PLANNED


def test_a_visit_above_the_cap_is_saved_once_it_says_why(me, firm):
    for day in (3, 12):
        make_visit(firm, visited_on=date(2026, 11, day))
    entry = visit_entry(firm, people=[me], frequency_reason="")
    with pytest.raises(Refused) as refusal:
        operations.record_visit(actor_for(me), entry)
    assert refusal.value.field == "frequency_reason"
    for exempt in ({"kind": VisitKind.INVITED}, {"mode": VisitMode.PHONE}):
        told = visit_entry(firm, people=[me], frequency_reason="", **exempt)
        assert operations.record_visit(actor_for(me), told).frequency_reason == ""
    visit = operations.record_visit(
        actor_for(me), visit_entry(firm, people=[me], frequency_reason="企业反映停电")
    )
    assert visit.frequency_reason == "企业反映停电"


def test_a_window_of_days_is_counted_wherever_it_lies():
    cap = Cap(2, 30)
    day = date(2026, 11, 15)
    around = [day - timedelta(days=29), day + timedelta(days=29)]
    assert cap.others_around(around, day) == 1
    assert cap.others_around([day - timedelta(days=10), day + timedelta(days=19)], day) == 2
    assert cap.others_around([day - timedelta(days=10), day + timedelta(days=20)], day) == 1
    assert cap.others_around([day, day], day) == 2
    assert cap.others_around([], day) == 0


def test_a_visit_carries_out_its_plan_and_a_void_one_opens_it_again(me, colleague, firm):
    plan = make_plan(firm, me, planned_on=TODAY, companion_ids=[colleague.id])
    visit = make_visit(firm, author=colleague, plan_ids=[plan.id])
    assert (plan.state, plan.visit_id) == (PlanState.DONE, visit.id)
    assert sound() == ["fine"]
    operations.void_visit(actor_for(colleague), visit, "记错企业", {})
    assert (plan.state, plan.visit_id, plan.ended_at) == (PlanState.PLANNED, None, None)
    assert sound() == ["fine"]
    of_plans = sa.select(AuditEntry.action).where(AuditEntry.subject_type == "visit_plans")
    said = db.session.scalars(of_plans.order_by(AuditEntry.id))
    assert list(said)[-2:] == ["plan.carried_out", "plan.opened_again"]


def test_a_plan_already_recorded_by_another_is_told_and_the_visit_can_still_be_saved(me, colleague, firm):
    plan = make_plan(firm, me, planned_on=TODAY, companion_ids=[colleague.id])
    make_visit(firm, author=colleague, plan_ids=[plan.id])
    with pytest.raises(Refused) as refusal:
        make_visit(firm, author=me, plan_ids=[plan.id])
    assert refusal.value.field == "plan_ids"
    assert make_visit(firm, author=me).id


def test_a_plan_of_strangers_or_of_another_enterprise_is_not_carried_out(me, colleague, firm):
    plan, other = make_plan(firm, me, planned_on=TODAY), make_enterprise()
    for author, enterprise in ((colleague, firm), (me, other)):
        with pytest.raises(Refused):
            make_visit(enterprise, author=author, plan_ids=[plan.id])
    assert plan.state is PlanState.PLANNED


def test_a_visit_corrected_to_another_enterprise_opens_the_plan_again(me, firm):
    plan, other = make_plan(firm, me, planned_on=TODAY), make_enterprise()
    visit = make_visit(firm, author=me, plan_ids=[plan.id])
    operations.amend_visit(actor_for(me), visit, Amendment(visit_entry(other, people=[me])))
    assert plan.state is PlanState.PLANNED


def test_a_visit_sent_twice_carries_its_plan_out_once(me, firm):
    plan = make_plan(firm, me, planned_on=TODAY)
    entry = visit_entry(firm, people=[me], plan_ids=[plan.id])
    first, second = (operations.record_visit(actor_for(me), entry) for _ in range(2))
    assert first is second
    assert db.session.scalar(sa.select(sa.func.count(Visit.id))) == 1


def test_problems_and_plans_go_together(me, firm):
    plan = make_plan(firm, me, planned_on=TODAY)
    make_visit(firm, author=me, plan_ids=[plan.id], problems=[problem_at(firm)])
    assert plan.state is PlanState.DONE
