"""One record of every kind that has an address, for tests that go through all addresses."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_visit, problem_at
from tests.factories.programmes import join, make_group, make_link
from visits.attachments.kinds import Kind
from visits.attachments.models import Attachment
from visits.core.audit import AuditEntry
from visits.core.calendar import CalendarChange
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises.models import Contact, ContactRole, ImportRun, Merge, Tag
from visits.enterprises.operations import (
    ContactEntry,
    GrantEntry,
    SiteEntry,
    add_contact,
    grant_tag,
    open_site,
)
from visits.enterprises.uploads import keep_upload
from visits.issues.states import State
from visits.outreach.entries import PromiseEntry
from visits.outreach.models import Promise
from visits.outreach.operations import save_draft
from visits.programmes.models import GroupMember, Link

CANARY = "金丝雀机密"


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
    add_contact(
        actor_for(people["coordinator"]),
        firm,
        ContactEntry(ContactRole.LIAISON, "联系人", "主任", "13912345678"),
    )
    issue = make_issue(
        office, State.ASSIGNED, enterprise=firm, title=f"{CANARY}标题", description=CANARY, wish=CANARY
    )
    promise = PromiseEntry(firm.id, "下周送政策清单", "承办人", today() + timedelta(days=9))
    visit = make_visit(
        firm,
        author=people["cadre"],
        summary=f"{CANARY}情况",
        place=CANARY,
        promises=[promise],
        problems=[problem_at(firm, title=f"{CANARY}走访问题")],
    )
    group = make_group(unit=office.unit)
    join(group, people["officer"])
    make_link(firm, group=group, officer=people["officer"])
    coordinator = actor_for(people["coordinator"])
    upload = keep_upload(coordinator, f"企业名称\n{CANARY}公司\n".encode(), f"{CANARY}.csv")
    draft = save_draft(office.cadre, str(uuid4()), [("summary", f"{CANARY}草稿")], None)
    tag = Tag(name=f"标签{firm.id}")
    site = open_site(coordinator, firm, SiteEntry("二厂", "创业路9号"))
    twin, other = make_enterprise(), make_enterprise()
    merge = Merge(loser_id=twin.id, winner_id=other.id, reason="同一企业")
    run = ImportRun(filename="名录.csv")
    change = CalendarChange(year=today().year, days=[], moved=[])
    entry = AuditEntry(action="enterprise.updated", actor_name="甲")
    db.session.add_all([tag, merge, run, change, entry])
    db.session.flush()
    grant = grant_tag(coordinator, firm, GrantEntry(tag.id))
    pictures = {
        parent: _attachment(**{f"{parent}_id": row.id})
        for parent, row in (("visit", visit), ("issue", issue))
    }
    db.session.flush()
    ids = {
        "enterprise_id": firm.id,
        "other_id": other.id,
        "merge_id": merge.id,
        "run_id": run.id,
        "tag_id": tag.id,
        "grant_id": grant.id,
        "site_id": site.id,
        "contact_id": _id_of(Contact, Contact.enterprise_id == firm.id),
        "issue_id": issue.id,
        "move": "add-note",
        "category_id": issue.category_id,
        "visit_id": visit.id,
        "draft_id": draft.id if draft else 0,
        "visit_attachment_id": pictures["visit"].id,
        "issue_attachment_id": pictures["issue"].id,
        "promise_id": _id_of(Promise, Promise.visit_id == visit.id),
        "group_id": group.id,
        "member_id": _id_of(GroupMember, GroupMember.group_id == group.id),
        "link_id": _id_of(Link, Link.group_id == group.id),
        "upload_id": upload.id,
        "person_id": people["cadre"].id,
        "unit_id": office.unit.id,
        "change_id": change.id,
        "entry_id": entry.id,
        "day": today().isoformat(),
        "key": "visit_count",
        "purpose": "reset",
        "year": today().year,
    }
    return Records(people, ids, issue.number)


def _attachment(**parent: int) -> Attachment:
    row = Attachment(
        storage_key=uuid4().hex, name=f"{CANARY}.pdf", kind=Kind.PDF, size=1, sha256="0" * 64, **parent
    )
    db.session.add(row)
    return row


def _id_of(model: Any, *where: Any) -> Any:
    return db.session.scalars(sa.select(model.id).where(*where)).first()
