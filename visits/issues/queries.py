"""Every reading of problems: who may see which, lists, and what the guards must know."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person, Unit
from visits.core.authz import Actor, Wanted, predicate_for
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.periods import local_date
from visits.core.permissions import Permission
from visits.core.workdays import Calendar, workdays_between
from visits.enterprises.models import Enterprise
from visits.issues.above import ATTENDANCES, VISITS
from visits.issues.anonymity import sight_columns
from visits.issues.categories import open_categories as open_categories
from visits.issues.confidence import is_kept_from, named_to, unless_kept
from visits.issues.facts import current_dispatches as current_dispatches
from visits.issues.facts import facts_for as facts_for
from visits.issues.facts import waiting_co_units as waiting_co_units
from visits.issues.filters import overdue as overdue
from visits.issues.lights import answer_due as answer_due
from visits.issues.lights import contact_due as contact_due
from visits.issues.lights import is_stalled as is_stalled
from visits.issues.lights import light_of as light_of
from visits.issues.lights import owed_answer as owed_answer
from visits.issues.models import (
    Category,
    Dispatch,
    Duty,
    Evaluation,
    Issue,
    IssueMove,
    IssueProgramme,
    IssueRequest,
    ProgressLink,
    RequestKind,
    Watcher,
)
from visits.issues.states import ON_UNIT_DESK, OPEN, State
from visits.programmes.models import Group, Programme
from visits.programmes.queries import linked_enterprise_ids

ASSIGNING = {"assign", "reassign", "import:assign"}
SAYING_OUTCOME = (
    "report",
    "fulfil",
    "close_on_spot",
    "import:report",
    "import:close",
    "import:close_on_spot",
)


def own(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems I registered, heard on a visit, follow, or of enterprises whose primary officer I am."""
    mine = sa.select(ATTENDANCES.c.visit_id).where(
        ATTENDANCES.c.person_id == actor.person_id, ATTENDANCES.c.superseded_at.is_(None)
    )
    linked = linked_enterprise_ids(actor.person_id, today())
    return sa.or_(
        authored(actor),
        Issue.visit_id.in_(mine),
        Issue.enterprise_id.in_(linked),
        followed(actor),
    )


def group(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems of my groups, and my own."""
    return sa.or_(Issue.group_id.in_(actor.group_ids), own(actor))


def unit(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems one of my units has or had as lead or co-unit, or has a duty for."""
    had = sa.select(Dispatch.issue_id).where(Dispatch.unit_id.in_(actor.unit_ids))
    return sa.or_(Issue.id.in_(had), with_duty(actor))


def answerable(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems for which one of my units answers to the enterprise, closed ones included."""
    return Issue.lead_unit_id.in_(actor.unit_ids)


def with_duty(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems for which one of my units has or had a duty that a meeting or the office settled."""
    return Issue.id.in_(sa.select(Duty.issue_id).where(Duty.unit_id.in_(actor.unit_ids)))


def authored(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems I registered and nobody took over from me, and those I took over."""
    own = sa.and_(Issue.carried_by_id.is_(None), Issue.registered_by_id == actor.person_id)
    return sa.or_(own, sa.and_(Issue.carried_by_id.is_not(None), Issue.carried_by_id == actor.person_id))


def handling(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems one of my units has now, as lead or co-unit."""
    mine = sa.select(Dispatch.issue_id).where(
        Dispatch.unit_id.in_(actor.unit_ids), Dispatch.ended_at.is_(None)
    )
    return Issue.id.in_(mine)


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The problems a person may read."""
    return predicate_for(actor, Permission.ISSUES_READ, Issue)


def get_visible(actor: Actor, issue_id: int) -> Issue:
    """One problem; raise NotFound where there is none, or not for this person."""
    issue = db.session.scalar(sa.select(Issue).where(Issue.id == issue_id, visible_to(actor)))
    if issue is None:
        raise NotFound()
    return issue


def _link_made_at() -> Any:
    """When the living link of a problem was made."""
    made = sa.select(sa.func.max(ProgressLink.made_at))
    living = (ProgressLink.issue_id == Issue.id, ProgressLink.ended_at.is_(None))
    return made.where(*living).scalar_subquery()


def _programmes() -> Any:
    """The names of the programmes of a problem."""
    names = sa.select(sa.func.aggregate_strings(Programme.name, "、"))
    of_issue = names.join(IssueProgramme, IssueProgramme.programme_id == Programme.id)
    return of_issue.where(IssueProgramme.issue_id == Issue.id).scalar_subquery()


def get_shown(actor: Actor, issue_id: int, wanted: Wanted | None = None) -> Any:
    """One problem, as `Issue`, with the names its page shows; raise NotFound as get_visible.

    `usual_unit_id` and `hint` are what its category says, else the one above it. The row answers `wanted`.
    """
    author, lead, parent = aliased(Person), aliased(Unit), aliased(Category)
    row = db.session.execute(
        sa.select(
            Issue,
            named_to(actor).label("enterprise"),
            is_kept_from(actor).label("is_kept"),
            Category.name.label("category"),
            sa.func.coalesce(Category.unit_id, parent.unit_id).label("usual_unit_id"),
            sa.func.coalesce(sa.func.nullif(Category.hint, ""), parent.hint).label("hint"),
            *(
                of.name.label(key)
                for of, key in ((author, "author"), (lead, "lead_unit"), (Group, "group"))
            ),
            _programmes().label("programmes"),
            VISITS.c.voided_at.is_not(None).label("visit_is_void"),
            *_surroundings(actor),
            *sight_columns(actor),
            *(wanted.columns if wanted else ()),
        )
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .join(Category, Category.id == Issue.category_id)
        .outerjoin(parent, parent.id == Category.parent_id)
        .outerjoin(author, author.id == Issue.registered_by_id)
        .outerjoin(lead, lead.id == Issue.lead_unit_id)
        .outerjoin(Group, Group.id == Issue.group_id)
        .outerjoin(VISITS, VISITS.c.id == Issue.visit_id)
        .where(Issue.id == issue_id, visible_to(actor))
    ).first()
    if row is None:
        raise NotFound()
    return row


def _surroundings(actor: Actor) -> list[Any]:
    """What hangs on a problem: its link, whether others point to it or it to them, duties, following."""
    other = aliased(Issue)
    pointing = sa.select(other.id).where(
        sa.or_(
            other.merged_into_id == Issue.id,
            other.split_from_id == Issue.id,
            other.repeat_of_id == Issue.id,
        )
    )
    is_pointing = sa.func.coalesce(Issue.merged_into_id, Issue.split_from_id, Issue.repeat_of_id).is_not(
        None
    )
    followed = sa.select(Watcher.issue_id).where(
        Watcher.issue_id == Issue.id, Watcher.person_id == actor.person_id
    )
    carrier = aliased(Person)
    return [
        sa.select(carrier.name).where(carrier.id == Issue.carried_by_id).scalar_subquery().label("carrier"),
        _link_made_at().label("link_made_at"),
        sa.or_(is_pointing, pointing.exists()).label("is_related"),
        sa.select(Duty.id).where(Duty.issue_id == Issue.id).exists().label("has_duties"),
        sa.select(IssueRequest.id).where(IssueRequest.issue_id == Issue.id).exists().label("has_requests"),
        followed.exists().label("is_followed"),
    ]


def followed(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems a person follows."""
    return Issue.id.in_(sa.select(Watcher.issue_id).where(Watcher.person_id == actor.person_id))


def get_by_client_id(client_id: str) -> Issue | None:
    """The problem a browser registered under this id."""
    return db.session.scalar(sa.select(Issue).where(Issue.client_id == client_id))


def _moves(issue_id: int) -> Any:
    return (
        sa.select(IssueMove, Person.name.label("who"), Unit.name.label("unit"))
        .outerjoin(Person, Person.id == IssueMove.actor_id)
        .outerjoin(Unit, Unit.id == IssueMove.unit_id)
        .where(IssueMove.issue_id == issue_id)
    )


def moves_of(issue_id: int) -> Sequence[Any]:
    """All that happened to a problem, oldest first, with who did it."""
    return db.session.execute(_moves(issue_id).order_by(IssueMove.seq)).all()


def last_moves_of(issue_id: int, count: int) -> Sequence[Any]:
    """The last things that happened to a problem, oldest first, with who did it."""
    return db.session.execute(_moves(issue_id).order_by(IssueMove.seq.desc()).limit(count)).all()[::-1]


def last_assignment(issue_id: int) -> Any:
    """The move by which the present units got a problem, as (IssueMove, who, unit), if any."""
    assigned = [row for row in moves_of(issue_id) if row.IssueMove.move in ASSIGNING]
    return assigned[-1] if assigned else None


def last_outcome(issue_id: int) -> dict[str, Any]:
    """What was last reported, or solved on the spot: outcome and day, which a closing leaves out."""
    said = IssueMove.move.in_(SAYING_OUTCOME)
    stmt = sa.select(IssueMove.details).where(IssueMove.issue_id == issue_id, said)
    return db.session.scalar(stmt.order_by(IssueMove.seq.desc()).limit(1)) or {}


def last_seq(issue_id: int) -> int:
    """How many moves a problem has."""
    return (
        db.session.scalar(sa.select(sa.func.max(IssueMove.seq)).where(IssueMove.issue_id == issue_id)) or 0
    )


def last_closed_on(issue_id: int, before: datetime) -> date | None:
    """The day on which a problem was last closed before a moment."""
    closing = sa.and_(
        IssueMove.to_state == State.CLOSED, IssueMove.from_state.is_distinct_from(State.CLOSED)
    )
    of_issue = (IssueMove.issue_id == issue_id, IssueMove.happened_at < before)
    at = db.session.scalar(sa.select(sa.func.max(IssueMove.happened_at)).where(closing, *of_issue))
    return local_date(at) if at else None


def dispatches_of(issue_id: int) -> Sequence[Any]:
    """The tasks units had and have with a problem, as (Dispatch, unit), oldest first."""
    return db.session.execute(
        sa.select(Dispatch, Unit.name.label("unit"))
        .join(Unit, Unit.id == Dispatch.unit_id)
        .where(Dispatch.issue_id == issue_id)
        .order_by(Dispatch.id)
    ).all()


def rows(actor: Actor) -> Any:
    """The select of what a list shows of a problem; `enterprise` is empty where its name is kept."""
    return (
        sa.select(
            Issue.id,
            Issue.number,
            Issue.title,
            unless_kept(actor, Issue.enterprise_id).label("enterprise_id"),
            named_to(actor).label("enterprise"),
            Issue.confidential,
            is_kept_from(actor).label("is_kept"),
            Category.name.label("category"),
            Issue.state,
            Issue.state_since,
            Issue.urgency,
            Issue.round,
            Issue.outcome,
            Issue.on_spot,
            Issue.import_run_id,
            Issue.needs_info,
            Issue.red_flag,
            Issue.escalation,
            Issue.supervised,
            Issue.withdrawal_asked,
            Unit.name.label("lead_unit"),
            Issue.due_on,
            Issue.accept_due,
            Issue.worked_at,
            Issue.review_on,
            Issue.registered_on,
            Issue.closed_on,
        )
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .join(Category, Category.id == Issue.category_id)
        .outerjoin(Unit, Unit.id == Issue.lead_unit_id)
    )


def on_desk(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems that wait on the desk of one of my units now."""
    return sa.and_(handling(actor), Issue.state.in_(ON_UNIT_DESK))


def workdays_open(issue: Issue, calendar: Calendar) -> int:
    """The enterprise's clock: working days from registration to closing or today, never set back."""
    return workdays_between(issue.registered_on, issue.closed_on or today(), calendar)


def open_for_enterprise(actor: Actor, enterprise_id: int) -> Sequence[Any]:
    """An enterprise's open problems of which a person may know, the oldest first."""
    return db.session.execute(
        rows(actor)
        .where(
            Issue.enterprise_id == enterprise_id,
            Issue.state.in_(OPEN),
            visible_to(actor),
            sa.not_(is_kept_from(actor)),
        )
        .order_by(Issue.registered_on, Issue.id)
    ).all()


def waiting_request(issue_id: int, kind: RequestKind) -> IssueRequest:
    """The request of this kind that waits for its decision; the problem itself says that there is one."""
    return db.session.scalars(
        sa.select(IssueRequest).where(
            IssueRequest.issue_id == issue_id,
            IssueRequest.kind == kind,
            IssueRequest.decision.is_(None),
        )
    ).one()


def requests_of(issue_id: int) -> Sequence[Any]:
    """All that was asked for about a problem, as (IssueRequest, asker, decider, unit), the latest first."""
    decider = aliased(Person)
    return db.session.execute(
        sa.select(
            IssueRequest,
            Person.name.label("asker"),
            decider.name.label("decider"),
            Unit.name.label("unit"),
        )
        .outerjoin(Person, Person.id == IssueRequest.asked_by_id)
        .outerjoin(decider, decider.id == IssueRequest.decided_by_id)
        .outerjoin(Unit, Unit.id == IssueRequest.unit_id)
        .where(IssueRequest.issue_id == issue_id)
        .order_by(IssueRequest.id.desc())
    ).all()


def count_ratings(issue_id: int, round_: int) -> int:
    """How often a round of a problem was rated."""
    rated = (Evaluation.issue_id == issue_id, Evaluation.round == round_, Evaluation.level.is_not(None))
    return db.session.scalar(sa.select(sa.func.count(Evaluation.id)).where(*rated)) or 0


def was_ruled_closed(issue_id: int) -> bool:
    """Say whether the last closing of a problem was one by ruling, in spite of a bad rating."""
    closings = sa.select(IssueMove.move).where(
        IssueMove.issue_id == issue_id,
        IssueMove.to_state == State.CLOSED,
        IssueMove.from_state != State.CLOSED,
    )
    return db.session.scalar(closings.order_by(IssueMove.seq.desc()).limit(1)) == "rule_closed"


def get_category(category_id: int) -> Category | None:
    """One category."""
    return db.session.get(Category, category_id)
