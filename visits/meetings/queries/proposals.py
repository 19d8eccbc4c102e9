"""Which problems may go to a meeting, what they propose for it, and what their briefs are written from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Unit
from visits.core.authz import Actor, predicate_for
from visits.core.db import db
from visits.core.permissions import Permission
from visits.enterprises.models import Enterprise
from visits.issues.confidence import named_to
from visits.issues.models import Dispatch, DispatchKind, Issue, IssueMove
from visits.issues.queries import visible_to as problems_visible_to
from visits.issues.states import OPEN
from visits.meetings.models import Meeting
from visits.meetings.states import State

TELLING = ("add_progress", "answer_as_co_unit", "report", "return")
MOST_OFFERED = 100


def readable_issues(actor: Actor, issue_ids: Iterable[int]) -> list[Issue]:
    """Those of these problems the actor may read, in the order given."""
    wanted = list(issue_ids)
    found = db.session.scalars(sa.select(Issue).where(Issue.id.in_(wanted), problems_visible_to(actor)))
    by_id = {issue.id: issue for issue in found}
    return [by_id[key] for key in wanted if key in by_id]


def eligible_issues(actor: Actor, issue_ids: Iterable[int]) -> Sequence[Any]:
    """Those of these problems the actor may put on an agenda, with the enterprise's name."""
    return db.session.execute(
        sa.select(Issue.id, Issue.number, Issue.title, named_to(actor).label("enterprise"))
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .where(
            Issue.id.in_(list(issue_ids)),
            Issue.state.in_(OPEN),
            problems_visible_to(actor),
            predicate_for(actor, Permission.MEETINGS_WRITE, Issue),
        )
        .order_by(Issue.number)
    ).all()


def open_meetings(actor: Actor) -> Sequence[Meeting]:
    """The planned meetings to whose agenda the actor may add, the next one first."""
    return db.session.scalars(
        sa.select(Meeting)
        .where(Meeting.state == State.PLANNED, predicate_for(actor, Permission.MEETINGS_WRITE, Meeting))
        .order_by(Meeting.meets_on, Meeting.starts_at, Meeting.id)
        .limit(MOST_OFFERED)
    ).all()


@dataclass(frozen=True)
class Concerned:
    """The units and enterprises that problems concern, by id."""

    units: set[int] = field(default_factory=set)
    firms: set[int] = field(default_factory=set)


def concerned_by(issue_ids: Iterable[int]) -> Concerned:
    """The units that have these problems, and their enterprises but those that want their names kept."""
    wanted = list(issue_ids)
    units = sa.select(sa.literal("unit").label("kind"), Dispatch.unit_id.label("key")).where(
        Dispatch.issue_id.in_(wanted), Dispatch.ended_at.is_(None)
    )
    firms = sa.select(sa.literal("firm"), Issue.enterprise_id).where(
        Issue.id.in_(wanted), Issue.confidential.is_(False)
    )
    rows = db.session.execute(sa.union(units, firms)).all()
    return Concerned(
        {key for kind, key in rows if kind == "unit"}, {key for kind, key in rows if kind == "firm"}
    )


def brief_facts(issue_ids: list[int]) -> Sequence[Any]:
    """What the briefs of these problems are written from."""
    co_units = (
        sa.select(sa.func.aggregate_strings(Unit.name, "、"))
        .join(Dispatch, Dispatch.unit_id == Unit.id)
        .where(Dispatch.issue_id == Issue.id, Dispatch.kind == DispatchKind.CO, Dispatch.ended_at.is_(None))
        .correlate(Issue)
        .scalar_subquery()
    )
    progress = (
        sa.select(IssueMove.note)
        .where(IssueMove.issue_id == Issue.id, IssueMove.move.in_(TELLING), IssueMove.note != "")
        .order_by(IssueMove.seq.desc())
        .limit(1)
        .correlate(Issue)
        .scalar_subquery()
    )
    return db.session.execute(
        sa.select(
            *(
                getattr(Issue, name)
                for name in ("id", "title", "description", "wish", "state", "due_on", "confidential")
            ),
            Enterprise.name.label("enterprise"),
            Unit.name.label("lead_unit"),
            co_units.label("co_units"),
            progress.label("progress"),
        )
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .outerjoin(Unit, Unit.id == Issue.lead_unit_id)
        .where(Issue.id.in_(issue_ids))
    ).all()
