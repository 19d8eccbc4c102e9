"""Somebody with 60 enterprises leaves: nothing stays with the old account, the past keeps the old name."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import PASSWORD, actor_for, make_person, make_unit
from tests.factories.handover import make_leaver, share_view
from tests.factories.programmes import join, make_group
from visits.admin.operations import disable_person
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.permissions import Role
from visits.handover.integrity import find_left_behind
from visits.handover.queries import pack_of
from visits.issues.models import Issue, IssueMove
from visits.issues.operations import watch
from visits.outreach.models import Promise, Visit, VisitPlan
from visits.programmes.models import GroupRole
from visits.programmes.queries import link_of

FIRMS, PROBLEMS, PROMISES = 60, 25, 10
DAY = date(2026, 11, 23)


@pytest.fixture
def office(database, at):
    """A leaver with everything, a successor, a coordinator and an administrator."""
    at("2026-11-23")
    unit = make_unit("企业服务局")
    coordinator = make_person([Role.COORDINATOR], unit, name="陈主任")
    leaver, firms = make_leaver(FIRMS, PROBLEMS, PROMISES, unit)
    group = make_group("第一服务组", unit)
    join(group, leaver, GroupRole.LEADER, date(2025, 1, 1))
    share_view(leaver)
    other = db.session.scalars(sa.select(Issue).limit(1)).one()
    watch(actor_for(leaver), other)
    people = {
        "coordinator": coordinator,
        "leaver": leaver,
        "successor": make_person([Role.OFFICER], unit, name="孙接任"),
        "admin": make_person([Role.ADMIN], username="guanli", password=PASSWORD),
    }
    db.session.commit()
    return people, firms, group


def test_nothing_stays_with_a_leaver_and_the_past_keeps_the_name(
    office, client_for, statements, record_property
):
    people, firms, group = office
    desk, taking = client_for(people["coordinator"]), client_for(people["successor"])
    refused = client_for(people["admin"]).post(
        "admin.disable_person", {"reason": "调离"}, person_id=people["leaver"].id, status=422
    )
    assert "工作交接" in refused.summary

    data = {
        "from_id": str(people["leaver"].id),
        "to_id": str(people["successor"].id),
        "reason": "轮岗",
    }
    opened = desk.post("handover.new", data)
    assert f"{FIRMS + PROBLEMS + PROMISES + 4}项" in taking.get("home.index").main
    with statements() as seen:
        page = taking.open(opened.location)
    assert len(seen) <= 10
    assert len(page.rows) == FIRMS + PROBLEMS + PROMISES + 4
    with statements() as seen:
        taking.post(opened.location, {"answer": "accept_all"}, page=page)
    assert len(seen) < 25 * len(page.rows)

    db.session.expire_all()
    assert pack_of(people["leaver"].id, DAY) == []
    assert {link_of(firm.id, DAY).officer for firm in firms} == {"孙接任"}
    assert "孙接任" in desk.get("home.enterprise_file", enterprise_id=firms[0].id).main
    disable_person(SYSTEM, people["leaver"], "调离")
    db.session.commit()
    assert find_left_behind()[0].weight.value == "fine"

    the_past_is_as_it_was(desk, people["leaver"], firms, group)


def the_past_is_as_it_was(desk, leaver, firms, group):
    """Visits, timelines, promises as written, and last year's group still show the old name."""
    assert link_of(firms[0].id, date(2026, 11, 22)).officer == leaver.name
    visit = db.session.scalars(sa.select(Visit)).one()
    assert visit.author_id == leaver.id
    assert leaver.name in desk.get("outreach.show", visit_id=visit.id).main
    problem = db.session.scalars(sa.select(Issue)).first()
    assert problem.registered_by_id == leaver.id
    of_problem = sa.select(IssueMove).where(IssueMove.issue_id == problem.id)
    moves = list(db.session.scalars(of_problem.order_by(IssueMove.id)))
    assert [move.move for move in moves] == ["register", "hand_over"]
    assert moves[0].actor_id == leaver.id
    shown = desk.get("issues.show", issue_id=problem.id).main
    assert leaver.name in shown
    assert "孙接任" in shown
    then = desk.get("programmes.group", group_id=group.id, on="2025-11-23")
    assert then.rows[0][0] == leaver.name
    now = desk.get("programmes.group", group_id=group.id)
    assert now.rows[0][0] == "孙接任"
    assert {plan.owner_id for plan in db.session.scalars(sa.select(VisitPlan))} != {leaver.id}
    assert leaver.id not in {promise.owner_id for promise in db.session.scalars(sa.select(Promise))}
