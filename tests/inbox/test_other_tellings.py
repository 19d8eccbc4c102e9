"""Who is told of meetings, supervision orders, plans, handovers, questions, reports and failed jobs."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.handover import make_handover, make_leaver
from tests.factories.honesty import make_question
from tests.factories.issues import make_issue, make_office
from tests.factories.meetings import conclude, hold, items_of, make_entry, make_meeting
from tests.factories.outreach import make_visit
from tests.factories.plans import make_plan, plan_entry
from tests.factories.supervision import make_order
from visits.cli.jobs import tell_administrators
from visits.core.authz import can
from visits.core.clock import today
from visits.core.db import db
from visits.core.periods import Month
from visits.core.permissions import Permission, Role
from visits.core.slots import JobSlot, SlotState, claim_now
from visits.handover import operations as handover
from visits.honesty import operations as honesty
from visits.honesty.models import Answer
from visits.honesty.operations import AnswerEntry
from visits.inbox.models import Notice, NoticeKind
from visits.inbox.words import sentence_of
from visits.issues import operations as issues
from visits.issues.models import Conclusion
from visits.issues.operations import DutyEntry
from visits.issues.states import State
from visits.meetings import operations as meetings
from visits.monthly import operations as monthly
from visits.outreach import operations as outreach
from visits.outreach.operations import NewDay
from visits.supervision import operations as supervision
from visits.supervision.operations import ReplyEntry


@pytest.fixture
def office(database, at):
    at("2026-11-23")
    office = make_office()
    office.people["supervisor"] = make_person([Role.SUPERVISOR])
    db.session.flush()
    return office


def told(office, kind, since=0):
    """Who was told of what kind, as [(who, sentence)], in the order of the notices."""
    names = {person.id: name for name, person in office.people.items()}
    rows = db.session.scalars(
        sa.select(Notice).where(Notice.kind == kind, Notice.id > since).order_by(Notice.id)
    )
    return [(names[notice.person_id], sentence_of(notice)) for notice in rows]


def who(office, kind, since=0):
    return {name for name, _ in told(office, kind, since)}


def last_id():
    return db.session.scalar(sa.select(sa.func.max(Notice.id))) or 0


def test_a_meeting_tells_whom_it_invites_what_becomes_of_it(office):
    issue = make_issue(office, State.IN_PROGRESS)
    before = last_id()
    meeting = make_meeting(office.coordinator, [issue], meets_on=date(2026, 11, 25), title="停车对接会")
    assert told(office, NoticeKind.MEETING, before) == [
        ("handler", "请参加对接会“停车对接会”：2026-11-25 周三 09:30，管委会三楼会议室。")
    ]
    before = last_id()
    meetings.put_on_agenda(office.coordinator, meeting, [make_issue(office, State.ASSIGNED).id])
    assert who(office, NoticeKind.MEETING, before) == set()  # invited already
    changed = make_entry(
        meets_on=date(2026, 11, 26), title="停车对接会", unit_ids=[office.unit.id, office.other_unit.id]
    )
    meetings.update_meeting(office.coordinator, meeting, changed)
    assert [name for name, words in told(office, NoticeKind.MEETING, before) if "有变动" in words] == [
        "handler"
    ]
    assert [name for name, words in told(office, NoticeKind.MEETING, before) if "请参加" in words] == [
        "other_handler"
    ]
    before = last_id()
    meetings.cancel_meeting(office.coordinator, meeting, "改期")
    assert who(office, NoticeKind.MEETING, before) == {"handler", "other_handler"}
    assert can(actor_for(office.people["other_handler"]), Permission.MEETINGS_READ, meeting)


def test_a_meeting_written_down_afterwards_invites_nobody(office):
    make_meeting(
        office.coordinator, [make_issue(office, State.ASSIGNED)], meets_on=today() - timedelta(days=3)
    )
    assert who(office, NoticeKind.MEETING) == set()


def test_a_supervision_order_goes_to_its_unit_and_its_reply_to_those_who_judge(office):
    issue = make_issue(office, State.IN_PROGRESS)
    before = last_id()
    order = make_order(office, issue)
    assert who(office, NoticeKind.URGE, before) == {"handler"}
    before = last_id()
    supervision.reply(office.handler, order, ReplyEntry("已办理"))
    assert who(office, NoticeKind.DECIDE, before) == {"coordinator", "supervisor"}
    before = last_id()
    supervision.send_back(office.coordinator, order, "请补充")
    assert who(office, NoticeKind.URGE, before) == {"handler"}
    supervision.reply(office.handler, order, ReplyEntry("已补充"))
    before = last_id()
    supervision.accept_reply(office.coordinator, order)
    assert told(office, NoticeKind.DECIDED, before) == [
        ("handler", f"督办单{order.number}的回复已通过，督办单已办结。")
    ]
    reader = actor_for(office.people["handler"])
    assert can(reader, Permission.SUPERVISION_READ, order)


def test_a_planned_visit_tells_its_owner_and_who_goes_along(office):
    firm, cadre, callback = make_enterprise("湖畔公司"), office.people["cadre"], office.people["callback"]
    handler = office.people["handler"]
    entry = plan_entry(
        firm, owner_id=cadre.id, companion_ids=[handler.id, callback.id], planned_on=date(2026, 11, 25)
    )
    plan = outreach.plan_visit(office.coordinator, entry)
    assert dict(told(office, NoticeKind.VISIT)) == {
        "cadre": "已为您安排2026-11-25 周三走访湖畔公司。",
        "handler": "您被列为同行人员，将于2026-11-25 周三走访湖畔公司。",
    }  # the callback officer reads no plans
    assert can(actor_for(handler), Permission.OUTREACH_READ, plan)
    before = last_id()
    moved = outreach.move_plan(actor_for(cadre), plan, NewDay(date(2026, 11, 27), None, "企业有会"))
    assert who(office, NoticeKind.VISIT, before) == {"handler"}
    before = last_id()
    outreach.cancel_plan(office.coordinator, moved, "取消")
    assert who(office, NoticeKind.VISIT, before) == {"cadre", "handler"}


def test_ones_own_plan_is_no_news(office):
    make_plan(owner=office.people["cadre"])
    assert who(office, NoticeKind.VISIT) == set()


def test_a_handover_is_offered_answered_and_finished(office):
    leaver, _firms = make_leaver()
    office.people["leaver"] = leaver
    receiver = office.people["cadre"]
    pack = make_handover(leaver, receiver, office.coordinator)
    assert told(office, NoticeKind.HANDOVER)[0][0] == "cadre"
    assert "钱离任的工作移交给您" in told(office, NoticeKind.HANDOVER)[0][1]
    before = last_id()
    handover.accept_all(actor_for(receiver), pack)
    assert who(office, NoticeKind.HANDOVER, before) == {"leaver", "coordinator"}
    assert any("已完成" in words for _, words in told(office, NoticeKind.HANDOVER, before))
    assert can(actor_for(leaver), Permission.HANDOVER_READ, pack)


def test_a_question_goes_to_the_author_and_the_answer_to_the_office(office):
    cadre = office.people["cadre"]
    visit = make_visit(make_enterprise(), author=cadre)
    before = last_id()
    question = make_question(visit)
    assert who(office, NoticeKind.RECORD, before) == {"cadre"}
    before = last_id()
    honesty.answer(actor_for(cadre), question, AnswerEntry(next(iter(Answer)), "补录"))
    assert who(office, NoticeKind.RECORD, before) == {"coordinator", "supervisor"}
    for name in ("coordinator", "supervisor"):
        assert can(actor_for(office.people[name]), Permission.HONESTY_READ, question)


def test_duties_are_told_to_their_unit_and_their_end_to_the_office(office):
    issue = make_issue(office, State.IN_PROGRESS, title="夜间断电")
    entry = DutyEntry(office.other_unit.id, "提供线路图。", date(2026, 11, 30))
    before = last_id()
    duty = issues.set_duty(office.coordinator, issue, entry)
    assert told(office, NoticeKind.URGE, before) == [
        ("other_handler", f"{issue.number}“夜间断电”为本单位设定了一项议定事项，期限至2026-11-30 周一。")
    ]
    before = last_id()
    issues.complete_duty(office.other_handler, issue, duty.id, "已提供。")
    assert told(office, NoticeKind.DECIDED, before) == [
        ("coordinator", f"{issue.number}“夜间断电”的一项议定事项已报完成。")
    ]
    duty = issues.set_duty(office.coordinator, issue, entry)
    before = last_id()
    issues.cancel_duty(office.coordinator, issue, duty.id, "不再需要。")
    assert told(office, NoticeKind.DESK, before) == [
        ("other_handler", f"{issue.number}“夜间断电”中本单位的一项议定事项已取消。")
    ]


def test_a_conclusion_is_told_to_the_unit_with_the_duty_and_to_the_one_in_charge(office):
    issue = make_issue(office, State.IN_PROGRESS)
    meeting = hold(office.coordinator, make_meeting(office.coordinator, [issue]))
    (item,) = items_of(meeting)
    before = last_id()
    conclude(office.coordinator, meeting, item, Conclusion.SETTLED, office.other_unit)
    assert who(office, NoticeKind.DESK, before) == {"handler", "other_handler"}
    said = dict(told(office, NoticeKind.DESK, before))
    assert said["handler"] != said["other_handler"]
    assert all(issue.number in words for words in said.values())
    before = last_id()
    conclude(office.leader, meeting, item, Conclusion.ESCALATE, amended_for="重新研究。")
    assert who(office, NoticeKind.DESK, before) >= {"handler"}


def test_a_monthly_report_is_told_to_who_publishes_and_then_to_who_reads_it(office):
    report = monthly.draft_report(office.coordinator, Month(2026, 10))
    assert who(office, NoticeKind.REPORT) == set(), "who drafts it by hand knows"
    monthly.freeze_report(office.coordinator, report)
    frozen = dict(told(office, NoticeKind.REPORT))
    assert set(frozen) == {"supervisor", "leader"}
    before = last_id()
    monthly.publish_report(office.leader, report)
    assert who(office, NoticeKind.REPORT, before) == {"coordinator", "supervisor"}
    published = dict(told(office, NoticeKind.REPORT, before))["coordinator"]
    before = last_id()
    monthly.withdraw_report(office.leader, report, "数据有误。")
    assert who(office, NoticeKind.REPORT, before) == {"coordinator", "supervisor"}
    taken_back = dict(told(office, NoticeKind.REPORT, before))["coordinator"]
    assert [frozen["leader"], published, taken_back] == [
        "月度通报（2026-10）已冻结，待发布。",
        "月度通报（2026-10）已发布。",
        "月度通报（2026-10）已撤回。",
    ]


def test_a_failed_job_is_told_to_the_administrators_once(office):
    admin = make_person([Role.ADMIN])
    office.people["admin"] = admin
    db.session.commit()
    turn = claim_now("issues.lapse", "here")
    turn.end(3, 1, "one failed", tell_administrators)
    assert told(office, NoticeKind.SYSTEM)[0][0] == "admin"
    notice = db.session.scalar(sa.select(Notice).where(Notice.kind == NoticeKind.SYSTEM))
    slot = db.session.scalar(sa.select(JobSlot))
    assert (notice.subject_type, notice.subject_id, slot.state) == ("job_slots", slot.id, SlotState.FAILED)
    claim_now("issues.lapse", "here").end(3, 0, "", tell_administrators)
    assert len(told(office, NoticeKind.SYSTEM)) == 1
