"""One record of every kind that has an address, for tests that go through all addresses."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.feedback import make_suggestion
from tests.factories.handover import make_handover
from tests.factories.honesty import make_question
from tests.factories.inbox import make_delivery, make_notice
from tests.factories.issues import make_issue, make_office
from tests.factories.ledgers import kept_order
from tests.factories.meetings import make_meeting
from tests.factories.outreach import make_visit, problem_at
from tests.factories.programmes import join, make_group, make_link, require_visits
from tests.factories.superior import make_form, workbook
from tests.factories.supervision import make_item, make_order, make_topic
from visits.accounts.models import Delegation, Person, Unit
from visits.accounts.operations import AbsenceEntry, name_deputy
from visits.attachments.kinds import Kind
from visits.attachments.models import Attachment
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM, Actor
from visits.core.bulk import BulkRun
from visits.core.calendar import CalendarChange
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.periods import Month
from visits.core.permissions import Role
from visits.digest.models import Digest, LadderStep
from visits.digest.rules import Rung
from visits.enterprises.models import Cargo, Contact, ContactRole, Enterprise, ImportRun, Merge, Tag
from visits.enterprises.operations import (
    ContactEntry,
    GrantEntry,
    SiteEntry,
    add_contact,
    grant_tag,
    open_site,
)
from visits.enterprises.uploads import keep_upload
from visits.honesty.rules import Kind as AskedKind
from visits.inbox.models import DeliveryState
from visits.issues.models import Issue, LimitRule, ResponseTemplate
from visits.issues.states import State
from visits.lists.models import SavedView
from visits.meetings.models import AgendaItem
from visits.monthly.operations import draft_report
from visits.monthly.queries import in_force
from visits.outreach.entries import PromiseEntry
from visits.outreach.models import Promise
from visits.outreach.operations import PlanEntry, plan_visit, save_draft
from visits.programmes.models import GroupMember, Link, ProgrammeKind, Round, ScopeListing
from visits.programmes.operations import ProgrammeEntry, create_programme
from visits.superior import queries as superior_queries
from visits.superior.models import Filling
from visits.superior.rules import Term
from visits.supervision.models import TopicProblem
from visits.supervision.operations import MeasureEntry, OutputEntry, add_measure, add_output
from visits.supervision.rules import Kind as DrawnKind

CANARY = "金丝雀机密"
NAMED = {
    "move": "add-note",
    "key": "visit_count",
    "section": "basics",
    "purpose": "reset",
    "list_name": "issues",
    "code": "x" * 32,
    "channel": "wecom",
}


@dataclass
class Records:
    """The people of the office, the ids by the names addresses give them, a problem's number."""

    people: dict[str, Any]
    ids: dict[str, Any]
    number: str


def make_records() -> Records:
    """An office with one visit, problem, promise, upload … that strangers must not learn of."""
    office = make_office()
    people = office.people | {
        "admin": make_person([Role.ADMIN]),
        "auditor": make_person([Role.AUDITOR]),
        "officer": make_person([Role.OFFICER]),
    }
    firm = make_enterprise()
    issue = make_issue(
        office, State.ASSIGNED, enterprise=firm, title=f"{CANARY}标题", description=CANARY, wish=CANARY
    )
    ids = {
        **_of_register(office.coordinator, firm),
        **_of_visit(office.cadre, people["cadre"], firm),
        **_of_group(office.unit, people["officer"], firm),
        **_of_programme(firm),
        **_of_administration(),
        **_of_lists(people["coordinator"], issue),
        **_of_supervision(office, issue),
        **_of_superior(office.coordinator),
        "issue_id": issue.id,
        "issue_attachment_id": _added(_file(issue_id=issue.id)),
        **_of_meeting(office.coordinator, issue),
        "category_id": issue.category_id,
        "notice_id": make_notice(people["coordinator"], said=CANARY, subject=issue, event=str(issue.id)).id,
        "ledger_export_id": _added(kept_order(office.coordinator, said=[CANARY])),
        "template_id": _added(
            ResponseTemplate(name="模板", move="report", field="told", text="已办", position=10)
        ),
        "limit_rule_id": _id_of(LimitRule, LimitRule.complexity == issue.complexity),
        "person_id": people["cadre"].id,
        "suggestion_id": make_suggestion(people["cadre"], CANARY).id,
        "report_id": _report_of(office.coordinator, Month.of(today()).previous),
        "unit_id": office.unit.id,
        "step_id": _of_morning(people["coordinator"], issue),
    }
    return Records(people, NAMED | {"day": today().isoformat(), "year": today().year} | ids, issue.number)


def _of_morning(coordinator: Person, issue: Issue) -> int:
    """A digest of today, and a supervision order that the ladder of reminders proposes."""
    rows = [[issue.id, issue.number, CANARY, None, False]]
    section = {"key": "accept", "title": CANARY, "total": 1, "behalf": "", "items": rows}
    _added(Digest(person_id=coordinator.id, day=today(), content={"unread": 0, "sections": [section]}))
    return _added(LadderStep(issue_id=issue.id, due_on=today(), rung=Rung.ORDERED, day=today()))


def _of_register(coordinator: Actor, firm: Enterprise) -> dict[str, int]:
    """A contact, a tag, a site, a merge, and of each cargo two imports, one of them under way."""
    add_contact(coordinator, firm, ContactEntry(ContactRole.LIAISON, "联系人", "主任", "13912345678"))
    upload = keep_upload(coordinator, f"企业名称\n{CANARY}公司\n".encode(), f"{CANARY}.csv")
    tag_id = _added(Tag(name=f"标签{firm.id}"))
    loser, winner = make_enterprise(), make_enterprise()
    ledger = f"走访日期,企业名称,走访人员\n2025-11-3,{CANARY}公司,{CANARY}\n".encode()
    visits = keep_upload(coordinator, ledger, f"{CANARY}台账.csv", Cargo.VISITS)
    said = f"企业名称,问题内容,登记日期\n{CANARY}公司,{CANARY},2025-11-3\n".encode()
    problems = keep_upload(coordinator, said, f"{CANARY}问题.csv", Cargo.ISSUES)
    return {
        "enterprise_id": firm.id,
        "contact_id": _id_of(Contact, Contact.enterprise_id == firm.id),
        "tag_id": tag_id,
        "grant_id": _added(grant_tag(coordinator, firm, GrantEntry(tag_id))),
        "site_id": _added(open_site(coordinator, firm, SiteEntry("二厂", "创业路9号"))),
        "other_id": winner.id,
        "merge_id": _added(Merge(loser_id=loser.id, winner_id=winner.id, reason="同一企业")),
        "run_id": _added(ImportRun(filename="名录.csv")),
        "visit_run_id": _added(ImportRun(filename="台账.csv", cargo=Cargo.VISITS)),
        "visit_upload_id": _added(visits),
        "issue_run_id": _added(ImportRun(filename="问题台账.csv", cargo=Cargo.ISSUES)),
        "issue_upload_id": _added(problems),
        "upload_id": _added(upload),
    }


def _of_visit(cadre: Actor, author: Person, firm: Enterprise) -> dict[str, int]:
    """A visit with a promise, which whoever visits the firm may read, a file, and one not finished yet."""
    promise = PromiseEntry(firm.id, "下周送政策清单", "承办人", today() + timedelta(days=9))
    visit = make_visit(
        firm,
        author=author,
        summary=f"{CANARY}情况",
        place=CANARY,
        promises=[promise],
        problems=[problem_at(firm, title=f"{CANARY}走访问题")],
    )
    plan = plan_visit(cadre, PlanEntry(firm.id, today() + timedelta(days=3), purpose=f"{CANARY}事由"))
    away = AbsenceEntry(today(), today(), make_person([Role.CADRE]).id)
    db.session.flush()
    name_deputy(cadre, away)
    draft = save_draft(cadre, str(uuid4()), [("summary", f"{CANARY}草稿")], None)
    assert draft is not None
    return {
        "visit_id": _added(visit),
        "question_id": make_question(visit, kind=AskedKind.TWO_PLACES, said=_said(), words=CANARY).id,
        "promise_id": _id_of(Promise, Promise.visit_id == visit.id),
        "visit_attachment_id": _added(_file(visit_id=visit.id)),
        "draft_id": _added(draft),
        "plan_id": plan.id,
        "absence_id": _id_of(Delegation, Delegation.person_id == cadre.person_id),
        "joint_plan_id": plan.id,
    }


def _said() -> dict[str, Any]:
    return {"people": [CANARY], "times": "09:00–10:00", "day": "2026-11-20", "firms": [CANARY]}


def _of_group(unit: Unit, officer: Person, firm: Enterprise) -> dict[str, int]:
    """A group whose officer answers for the firm."""
    group = make_group(unit=unit)
    join(group, officer)
    make_link(firm, group=group, officer=officer)
    view = SavedView(
        list_name="issues", owner_id=officer.id, name="在办", query="state=open", is_shared=True, position=1
    )
    _added(view)
    handover = make_handover(officer, make_person([Role.OFFICER]), reason=CANARY)
    return {
        "handover_id": handover.id,
        "group_id": group.id,
        "member_id": _id_of(GroupMember, GroupMember.group_id == group.id),
        "link_id": _id_of(Link, Link.group_id == group.id),
    }


def _of_programme(firm: Enterprise) -> dict[str, int]:
    """A programme that requires visits, with a round and an enterprise taken out."""
    entry = ProgrammeEntry(f"行动{firm.id}", ProgrammeKind.CAMPAIGN, ["on_site"])
    programme_id = create_programme(SYSTEM, entry).id
    require_visits(programme_id, date(2026, 1, 1))
    days = {"from_on": date(2026, 1, 1), "until_on": date(2026, 7, 1)}
    listing = ScopeListing(
        programme_id=programme_id, enterprise_id=firm.id, from_on=days["from_on"], reason="市级统筹"
    )
    return {
        "programme_id": programme_id,
        "round_id": _added(Round(programme_id=programme_id, name="第一轮", **days)),
        "listing_id": _added(listing),
    }


def _of_meeting(coordinator: Actor, issue: Issue) -> dict[str, int]:
    """A planned meeting on the problem."""
    meeting = make_meeting(coordinator, [issue], title=f"{CANARY}对接会", place=CANARY)
    item_id = _id_of(AgendaItem, AgendaItem.meeting_id == meeting.id)
    return {"meeting_id": meeting.id, "item_id": item_id}


def _of_superior(coordinator: Actor) -> dict[str, int]:
    """A form of the superior that was filled, and one being prepared."""
    content = _workbook()
    form_id = make_form(coordinator, "走访月报", content=content).form_id
    term = Term.parse(str(Month.of(today())))
    said = {"cells": [], "lists": [], "kind": "month"}
    filling = Filling(
        version_id=superior_queries.versions_of(form_id)[0].FormVersion.id,
        from_on=term.first_on,
        to_on=term.span.to_on,
        as_of=now(),
        filename=f"{CANARY}.xlsx",
        content=content,
        size=len(content),
        sha256="0" * 64,
        said=said,
    )
    draft = make_form(coordinator, "走访季报", content=content, in_use=False)
    return {"superior_form_id": form_id, "version_id": draft.id, "filling_id": _added(filling)}


@cache
def _workbook() -> bytes:
    return workbook()


def _of_administration() -> dict[str, int]:
    """A change of the calendar, a line of the log and a message that could not be delivered."""
    given_up = make_delivery(text=CANARY, state=DeliveryState.DEAD, ended_at=now(), tries=8)
    return {
        "delivery_id": given_up.id,
        "change_id": _added(CalendarChange(year=today().year, days=[], moved=[])),
        "entry_id": _added(AuditEntry(action="enterprise.updated", actor_name="甲")),
    }


def _of_lists(person: Person, issue: Issue) -> dict[str, int]:
    """A private view of a list, and what became of a bulk action."""
    view = SavedView(list_name="issues", owner_id=person.id, name=CANARY, query=f"q={CANARY}", position=1)
    outcome = {"id": issue.id, "name": CANARY, "message": "", "params": {}}
    run = BulkRun(person_id=person.id, list_name="issues", query="", title="Add a note", rows=[outcome])
    return {"saved_view_id": _added(view), "bulk_run_id": _added(run)}


def _report_of(coordinator: Actor, month: Month) -> int:
    """The draft of a month's report; there is one, however many offices are made."""
    return (in_force(month) or draft_report(coordinator, month)).id


def _of_supervision(office: Any, issue: Issue) -> dict[str, int]:
    """An order on the problem, a topic with all that belongs to one, a record drawn."""
    order = make_order(office, issue, reason=CANARY, demand=CANARY)
    topic = make_topic(office, [issue], title=f"{CANARY}专题", description=CANARY)
    measure = MeasureEntry(f"{CANARY}措施", office.unit.id, today())
    return {
        "order_id": order.id,
        "topic_id": topic.id,
        "supervision_link_id": _id_of(TopicProblem, TopicProblem.topic_id == topic.id),
        "measure_id": _added(add_measure(office.coordinator, topic, measure)),
        "output_id": _added(add_output(office.coordinator, topic, OutputEntry(f"{CANARY}办法", today()))),
        "item_id": make_item(DrawnKind.ISSUE, issue.id).id,
    }


def _file(**parent: int) -> Attachment:
    key = uuid4().hex
    return Attachment(
        storage_key=key, name=f"{CANARY}.pdf", kind=Kind.PDF, size=1, sha256="0" * 64, **parent
    )


def _added(row: Any) -> int:
    db.session.add(row)
    db.session.flush()
    return row.id


def _id_of(model: Any, *where: Any) -> int:
    return db.session.scalars(sa.select(model.id).where(*where)).first()
