"""The last evening of the demo office: some visits corrected, one voided, some begun and not finished."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select

from visits.cli.demo.office import Office
from visits.core.clock import at
from visits.core.db import db
from visits.core.markup import SITE_ZONE
from visits.core.permissions import Role
from visits.issues.models import Issue
from visits.outreach import operations, queries
from visits.outreach.entries import PromiseEntry, VisitEntry
from visits.outreach.models import Visit
from visits.outreach.operations import Amendment

MANY = 6


def correct_some(office: Office, day: date) -> None:
    """Let coordinators correct and void some late visits, and visitors leave drafts."""
    heard = select(Issue.visit_id).where(Issue.visit_id.is_not(None))
    stmt = select(Visit).where(Visit.id.not_in(heard)).order_by(Visit.id.desc()).limit(MANY)
    coordinator = office.with_role(Role.COORDINATOR)[0]
    with at(datetime.combine(day, time(17, 40), SITE_ZONE)):
        actor = office.actor(coordinator)
        for number, visit in enumerate(db.session.scalars(stmt).all()):
            if number == MANY - 1:
                operations.void_visit(actor, visit, office.pick("voidings"), {})
            else:
                operations.amend_visit(
                    actor, visit, Amendment(_corrected(office, visit), office.pick("corrections"))
                )
        for writer in office.with_role(Role.CADRE, Role.OFFICER)[:4]:
            _leave_draft(office, writer, day)


def _corrected(office: Office, visit: Visit) -> VisitEntry:
    """The visit as it is, with a place that was forgotten."""
    pairs = queries.pairs_of(visit.id)
    people = queries.attendances_of(visit.id)
    return VisitEntry(
        client_id=visit.client_id,
        visited_on=visit.visited_on,
        mode=visit.mode,
        kind=visit.kind,
        enterprise_ids=[pair.enterprise_id for pair, _ in pairs],
        programme_ids=sorted({key for _, programme_ids in pairs for key in programme_ids}),
        participant_ids=[row.person_id for row in people if row.person_id],
        promises=[
            PromiseEntry(row.enterprise_id, row.text, row.owner, row.due_on, row.id)
            for row in queries.open_promises_of(visit.id).values()
        ],
        no_issue_ids=frozenset(pair.enterprise_id for pair, _ in pairs),
        group_id=visit.group_id,
        place=office.pick("places"),
        summary=visit.summary,
    )


def _leave_draft(office: Office, writer: str, day: date) -> None:
    client_id = str(UUID(int=office.random.getrandbits(128), version=4))
    fields = [
        ("enterprise_ids", str(office.random.choice(office.firms).id)),
        ("visited_on", day.isoformat()),
        ("participant_ids", str(office.people[writer].id)),
        ("summary", office.pick("summaries")),
    ]
    operations.save_draft(office.actor(writer), client_id, fields, None)
