"""What becomes of a handover and its things, as the two parties and the office decide."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.handover import make_handover, make_leaver, make_plan, share_view, stand_in
from tests.factories.issues import make_entry
from tests.factories.programmes import join, make_group, make_link
from visits.accounts.models import Delegation, Person
from visits.accounts.operations import disable_person as shut
from visits.admin.operations import disable_person
from visits.cli.jobs import JOBS
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, Stale, WrongState
from visits.core.permissions import Role
from visits.core.scheduling import run_jobs
from visits.handover import operations, queries
from visits.handover.models import Kind
from visits.handover.operations import HandoverEntry
from visits.handover.states import HandoverState, ItemState
from visits.inbox.models import Notice
from visits.inbox.words import sentence_of
from visits.issues import operations as issues
from visits.issues.models import Issue, Watcher
from visits.issues.queries import authored
from visits.lists.models import SavedView
from visits.outreach.models import PlanCompanion, PlanState, Promise, VisitPlan
from visits.outreach.queries import companions_of
from visits.programmes.models import GroupMember, GroupRole
from visits.programmes.queries import link_of

LATER = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _day(database, at):
    at("2026-11-23")


def items(handover, *states):
    return queries.items_of(handover.id, *states)


def ids(handover, kind=None):
    return [item.id for item in items(handover) if kind is None or item.kind is kind]


def states(handover):
    return {item.state for item in items(handover)}


def test_a_pack_holds_what_a_person_answers_for_and_nothing_that_is_over():
    leaver, firms = make_leaver(1, 1, 1)
    over = make_link(make_enterprise(), officer=leaver, until_on=date(2026, 11, 23))
    group = make_group()
    join(group, leaver, GroupRole.LIAISON)
    join(make_group(), leaver, until_on=date(2026, 2, 1))
    make_plan(leaver, firms[0]).state = PlanState.CANCELLED
    share_view(leaver)
    pack = [(row.kind, row.name, row.word) for row in queries.pack_of(leaver.id, today())]
    assert [kind for kind, _name, _word in pack] == [
        "link",
        "membership",
        "issue",
        "promise",
        "plan",
        "view",
    ]
    assert pack[0][1:] == (firms[0].name, "组团联企")
    assert pack[1][1:] == (group.name, "liaison")
    assert ("link", over.id) not in {
        (row.kind, row.record_id) for row in queries.pack_of(leaver.id, today())
    }


def test_everything_goes_over_at_once_from_today_on(leaver, receiver):
    handover = make_handover(leaver, receiver)
    assert operations.accept_all(actor_for(receiver), handover).taken == 6
    assert states(handover) == {ItemState.DONE}
    assert handover.state is HandoverState.FINISHED
    assert queries.pack_of(leaver.id, today()) == []
    taken = {row.kind for row in queries.pack_of(receiver.id, today())}
    assert taken == {"link", "issue", "promise", "plan"}


def test_the_receiver_goes_on_with_problems_promises_and_plans(leaver, receiver):
    asked = db.session.scalars(sa.select(Issue)).first()
    coordinator = actor_for(make_person([Role.COORDINATOR]))
    issues.request_info(coordinator, asked, "请补充道路长度")
    handover = make_handover(leaver, receiver)
    operations.accept_all(actor_for(receiver), handover)
    issues.complete_info(actor_for(receiver), asked, "约200米")
    issues.request_info(coordinator, asked, "请补充照片")
    with pytest.raises(NotAllowed):
        issues.complete_info(actor_for(leaver), asked, "我来补")
    mine = db.session.scalars(sa.select(Issue.id).where(authored(actor_for(leaver)))).all()
    assert mine == []
    assert db.session.scalars(sa.select(Promise.owner_id)).all() == [receiver.id]
    assert db.session.scalars(sa.select(VisitPlan.owner_id)).all() == [receiver.id]


def test_a_day_to_come_dates_links_now_and_the_rest_goes_over_on_it(at, leaver, receiver):
    handover = make_handover(leaver, receiver, from_on=LATER)
    make_plan(leaver, make_enterprise(), days=1)  # before the day: the leaver's own
    operations.accept_all(actor_for(receiver), handover)
    firm = items(handover, ItemState.DONE)[0].page_id
    assert link_of(firm, LATER - timedelta(1)).officer == leaver.name
    assert link_of(firm, LATER).officer == receiver.name
    assert {item.kind for item in items(handover, ItemState.ACCEPTED)} == {Kind.ISSUE, Kind.PROMISE}
    assert db.session.scalars(sa.select(Promise.owner_id)).all() == [None]
    with pytest.raises(Refused):
        disable_person(SYSTEM, receiver, "调离")
    db.session.commit()
    due = [job for job in JOBS if job.name == "handover.due"]
    assert run_jobs(due, LATER - timedelta(1))[0].done == []
    at("2026-12-01")
    assert run_jobs(due, LATER)[0].done == [leaver.name]
    assert run_jobs(due, LATER)[0].done == []
    db.session.expire_all()
    assert handover.state is HandoverState.FINISHED
    assert db.session.scalars(sa.select(Promise.owner_id)).all() == [receiver.id]


def test_accepting_after_the_day_holds_from_today_on(at, leaver, receiver):
    handover = make_handover(leaver, receiver, from_on=date(2026, 11, 24))
    at("2026-11-30")
    operations.accept_all(actor_for(receiver), handover)
    firm = items(handover)[0].page_id
    assert link_of(firm, date(2026, 11, 29)).officer == leaver.name
    assert link_of(firm, date(2026, 11, 30)).officer == receiver.name
    assert {item.done_on for item in items(handover)} == {date(2026, 11, 30)}


def test_what_is_declined_goes_to_somebody_else(leaver, receiver):
    third = make_person([Role.OFFICER], name="李三方")
    handover = make_handover(leaver, receiver)
    links = ids(handover, Kind.LINK)
    operations.decline(actor_for(receiver), handover, links[:1], "距离太远")
    [declined] = items(handover, ItemState.DECLINED)
    assert (declined.reason, declined.receiver_id) == ("距离太远", receiver.id)
    operations.accept_all(actor_for(receiver), handover)
    assert handover.state is HandoverState.RUNNING
    operations.redirect_items(SYSTEM, handover, links[:1], third.id)
    with pytest.raises(NotAllowed):
        operations.accept(actor_for(receiver), handover, links[:1])
    assert operations.accept(actor_for(third), handover, links[:1]).taken == 1
    assert handover.state is HandoverState.FINISHED
    assert link_of(declined.page_id, today()).officer == "李三方"


def test_nobody_accepts_twice_or_for_somebody_else(leaver, receiver):
    handover = make_handover(leaver, receiver)
    first = ids(handover)[:1]
    for stranger in (leaver, make_person([Role.COORDINATOR])):
        with pytest.raises(NotAllowed):
            operations.accept(actor_for(stranger), handover, first)
    operations.accept(actor_for(receiver), handover, first)
    with pytest.raises(WrongState):
        operations.accept(actor_for(receiver), handover, first)
    with pytest.raises(WrongState):
        operations.redirect_items(SYSTEM, handover, first, make_person().id)


def test_a_pack_changed_meanwhile_is_not_accepted(leaver, receiver):
    handover = make_handover(leaver, receiver)
    db.session.commit()
    seen = handover.revision
    operations.redirect_items(SYSTEM, handover, ids(handover)[:1], make_person().id)
    db.session.commit()
    with pytest.raises(Stale):
        operations.accept_all(actor_for(receiver), handover, seen)


def test_answers_of_one_receiver_do_not_disturb_another(leaver, receiver):
    third = make_person([Role.OFFICER])
    handover = make_handover(leaver, receiver)
    operations.redirect_items(SYSTEM, handover, ids(handover)[:1], third.id)
    db.session.commit()
    seen = handover.revision
    operations.accept(actor_for(third), handover, ids(handover)[:1], seen)
    db.session.commit()
    operations.accept_all(actor_for(receiver), handover, seen)
    assert handover.state is HandoverState.FINISHED


def test_what_the_leaver_has_no_more_lapses(leaver, receiver):
    handover = make_handover(leaver, receiver)
    promise = db.session.scalars(sa.select(Promise)).one()
    promise.kept_on = today()
    db.session.flush()
    operations.accept_all(actor_for(receiver), handover)
    assert [item.kind for item in items(handover, ItemState.LAPSED)] == [Kind.PROMISE]
    assert handover.state is HandoverState.FINISHED


def test_what_came_since_is_added(leaver, receiver):
    handover = make_handover(leaver, receiver)
    assert operations.gather(SYSTEM, handover) == 0
    issues.register_issue(actor_for(leaver), make_entry())
    assert operations.gather(SYSTEM, handover) == 1
    operations.accept_all(actor_for(receiver), handover)
    assert queries.pack_of(leaver.id, today()) == []


def test_withdrawing_leaves_what_was_taken_over(leaver, receiver):
    handover = make_handover(leaver, receiver)
    operations.accept(actor_for(receiver), handover, ids(handover, Kind.LINK)[:1])
    operations.withdraw(SYSTEM, handover, "不调了")
    assert states(handover) == {ItemState.DONE, ItemState.WITHDRAWN}
    with pytest.raises(WrongState):
        operations.accept(actor_for(receiver), handover, ids(handover, Kind.ISSUE))
    assert make_handover(leaver, receiver).id != handover.id


def test_a_place_in_a_group_goes_over_with_its_role(leaver, receiver):
    group, already = make_group(), make_group()
    join(group, leaver, GroupRole.LEADER)
    join(already, leaver, GroupRole.OFFICER)
    join(already, receiver, GroupRole.MEMBER)
    operations.accept_all(actor_for(receiver), make_handover(leaver, receiver))
    now = {
        (m.group_id, m.person_id): m.role
        for m in db.session.scalars(sa.select(GroupMember).where(GroupMember.until_on.is_(None)))
    }
    assert now == {
        (group.id, receiver.id): GroupRole.LEADER,
        (already.id, receiver.id): GroupRole.OFFICER,
    }


def test_following_and_shared_views_go_over(leaver, receiver):
    followed = issues.register_issue(actor_for(make_person([Role.CADRE])), make_entry())
    issues.watch(actor_for(leaver), followed)
    view = share_view(leaver)
    operations.accept_all(actor_for(receiver), make_handover(leaver, receiver))
    assert db.session.scalars(sa.select(Watcher.person_id)).all() == [receiver.id]
    assert db.session.get(SavedView, view.id).owner_id == receiver.id


@pytest.mark.parametrize("wrong", ["oneself", "disabled", "nobody", "past", "far", "empty"])
def test_a_handover_that_makes_no_sense_is_refused(leaver, receiver, wrong):
    closed, idle = make_person(), make_person()
    disable_person(SYSTEM, closed, "调离")
    entry = {
        "oneself": HandoverEntry(leaver.id, leaver.id, today(), "轮岗"),
        "disabled": HandoverEntry(leaver.id, closed.id, today(), "轮岗"),
        "nobody": HandoverEntry(999_999, receiver.id, today(), "轮岗"),
        "past": HandoverEntry(leaver.id, receiver.id, today() - timedelta(1), "轮岗"),
        "far": HandoverEntry(leaver.id, receiver.id, today() + timedelta(400), "轮岗"),
        "empty": HandoverEntry(idle.id, receiver.id, today(), "轮岗"),
    }[wrong]
    with pytest.raises(Refused) as refusal:
        operations.open_handover(SYSTEM, entry)
    assert refusal.value.field in {"from_id", "to_id", "from_on"}


def test_one_handover_at_a_time(leaver, receiver):
    make_handover(leaver, receiver)
    with pytest.raises(Refused):
        make_handover(leaver, make_person())


def test_nobody_but_the_office_opens_one_for_somebody_else(leaver, receiver):
    entry = HandoverEntry(leaver.id, receiver.id, today(), "轮岗")
    with pytest.raises(NotAllowed):
        operations.open_handover(actor_for(receiver), entry)
    with pytest.raises(NotAllowed):
        operations.open_handover(actor_for(make_person([Role.AUDITOR])), entry)
    assert operations.open_handover(actor_for(leaver), entry).opened_by_id == leaver.id


def go_along(person, days=7, owner=None):
    """Somebody named to go along on a colleague's planned visit."""
    plan = make_plan(owner or make_person([Role.CADRE], name="周计划"), make_enterprise(), days)
    db.session.add(PlanCompanion(plan_id=plan.id, person_id=person.id))
    db.session.flush()
    return plan


def test_going_along_and_standing_in_are_in_a_pack_unless_they_are_over(receiver):
    leaver = make_person([Role.CADRE], name="钱离任")
    go_along(leaver)
    go_along(leaver, days=-1)
    go_along(leaver).state = PlanState.CANCELLED
    stand_in(leaver, first=-3)
    stand_in(leaver, first=-9, days=9)
    stand_in(leaver, first=5, days=0)
    pack = queries.pack_of(leaver.id, today())
    assert [(row.kind, row.word or row.name) for row in pack] == [
        ("companion", "周计划"),
        ("deputy", "吴请假"),
    ]
    with pytest.raises(Refused):
        disable_person(SYSTEM, leaver, "调离")


def test_somebody_else_goes_along_and_the_owner_hears_of_it(receiver):
    leaver, owner = make_person([Role.CADRE], name="钱离任"), make_person([Role.CADRE])
    plan, own = go_along(leaver, owner=owner), go_along(leaver, owner=receiver)
    operations.accept_all(actor_for(receiver), make_handover(leaver, receiver))
    assert [row.name for row in companions_of(plan.id)] == ["孙接任"]
    assert companions_of(own.id) == []
    kept = db.session.scalars(sa.select(PlanCompanion).where(PlanCompanion.person_id == leaver.id)).all()
    assert len(kept) == 2
    assert all(row.left_at for row in kept)
    told = db.session.scalars(sa.select(Notice).where(Notice.person_id == owner.id)).one()
    assert "孙接任" in sentence_of(told)
    disable_person(SYSTEM, leaver, "调离")


def test_who_takes_a_plan_over_goes_along_on_it_no_more(leaver, receiver):
    plan = db.session.scalars(sa.select(VisitPlan)).one()
    db.session.add(PlanCompanion(plan_id=plan.id, person_id=receiver.id))
    operations.accept_all(actor_for(receiver), make_handover(leaver, receiver))
    assert plan.owner_id == receiver.id
    assert companions_of(plan.id) == []


def test_somebody_else_stands_in_from_the_day_on_and_the_past_keeps_the_name(receiver):
    leaver = make_person([Role.CADRE], name="钱离任")
    running, coming = stand_in(leaver, first=-3), stand_in(leaver, first=20, name="郑请假")
    handover = make_handover(leaver, receiver, from_on=today() + timedelta(2))
    operations.accept_all(actor_for(receiver), handover)
    assert handover.state is HandoverState.FINISHED
    rows = db.session.execute(
        sa.select(Delegation.person_id, Delegation.deputy_id, Delegation.from_on, Delegation.until_on)
        .where(Delegation.until_on > Delegation.from_on)
        .order_by(Delegation.from_on)
    ).all()
    day = today()
    assert [tuple(row) for row in rows] == [
        (running.person_id, leaver.id, day - timedelta(3), day + timedelta(2)),
        (running.person_id, receiver.id, day + timedelta(2), day + timedelta(7)),
        (coming.person_id, receiver.id, day + timedelta(20), day + timedelta(30)),
    ]


def test_nobody_stands_in_for_a_disabled_account(receiver):
    absence = stand_in(receiver)
    shut(SYSTEM, db.session.get(Person, absence.person_id), "调离")
    assert absence.until_on == today()
    assert queries.pack_of(receiver.id, today()) == []
