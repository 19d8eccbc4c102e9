"""What is read of the monthly samples: what may be drawn, what is still to be checked, what came out."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.listing import joined
from visits.core.periods import Month
from visits.core.permissions import Permission
from visits.core.together import Few
from visits.enterprises.models import Enterprise
from visits.issues.confidence import named_to
from visits.issues.models import Dispatch, Issue
from visits.issues.states import State
from visits.outreach.models import Attendance, Visit, VisitPair
from visits.supervision.models import Result, Sample, SampleItem
from visits.supervision.rules import ON_SPOT_WEIGHT, Drawable, Kind


def visible_samples(actor: Actor) -> sa.ColumnElement[bool]:
    """The records drawn that a person may read."""
    return predicate_for(actor, Permission.SUPERVISION_SAMPLES, SampleItem)


def get_sample(month: Month) -> Sample | None:
    """What was drawn for a month, if anything was."""
    return db.session.scalar(sa.select(Sample).where(Sample.month == str(month)))


def drawable_records(month: Month) -> list[Drawable]:
    """Problems closed and visits recorded in a month that stand and were never drawn before.

    What was closed on the spot weighs double: nobody besides the visitor has looked at it.
    """
    first, last = month.first_on, month.last_on
    closed = sa.select(Issue.id, Issue.on_spot).where(
        Issue.state == State.CLOSED,
        Issue.closed_on.between(first, last),
        Issue.id.not_in(sa.select(SampleItem.issue_id).where(SampleItem.issue_id.is_not(None))),
    )
    recorded = sa.select(Visit.id).where(
        Visit.voided_at.is_(None),
        Visit.recorded_on.between(first, last),
        Visit.id.not_in(sa.select(SampleItem.visit_id).where(SampleItem.visit_id.is_not(None))),
    )
    problems = [
        Drawable(Kind.ISSUE, key, ON_SPOT_WEIGHT if on_spot else 1)
        for key, on_spot in db.session.execute(closed.order_by(Issue.id))
    ]
    return problems + [Drawable(Kind.VISIT, key) for key in db.session.scalars(recorded.order_by(Visit.id))]


def month_waiting() -> Month | None:
    """The last month, while nothing was drawn for it."""
    month = Month.of(today()).previous
    return month if get_sample(month) is None else None


def list_samples() -> Sequence[Any]:
    """Each month's sample with how far its checking is and what it found, the latest month first."""
    result, kind = SampleItem.result, SampleItem.kind
    counted = (
        sa.select(
            SampleItem.sample_id,
            sa.func.count().label("size"),
            sa.func.count(sa.case((kind == Kind.ISSUE, 1))).label("problems"),
            sa.func.count(sa.case((kind == Kind.VISIT, 1))).label("visits"),
            sa.func.count(result).label("checked"),
            sa.func.count(sa.case((result == Result.TRUE, 1))).label("confirmed"),
            sa.func.count(sa.case((result == Result.UNTRUE, 1))).label("untrue"),
        )
        .group_by(SampleItem.sample_id)
        .subquery()
    )
    counts = [sa.func.coalesce(counted.c[name], 0).label(name) for name in list(counted.c.keys())[1:]]
    return db.session.execute(
        sa.select(Sample.id, Sample.month, Sample.seed, Sample.drawn_at, Person.name.label("who"), *counts)
        .outerjoin(counted, counted.c.sample_id == Sample.id)
        .outerjoin(Person, Person.id == Sample.drawn_by_id)
        .order_by(Sample.month.desc())
    ).all()


def population_sizes(sample: Sample) -> dict[Kind, int]:
    """From how many records of each kind a sample was drawn."""
    return {kind: sum(1 for row in sample.population if row[0] == kind) for kind in Kind}


def firms_met() -> Any:
    """The names of the enterprises met on the visit of an outer select, in one text."""
    return (
        sa.select(joined(Enterprise.name))
        .join(VisitPair, VisitPair.enterprise_id == Enterprise.id)
        .where(VisitPair.visit_id == Visit.id, VisitPair.is_current())
        .correlate(Visit)
        .scalar_subquery()
    )


def _item_rows(actor: Actor) -> Any:
    return (
        sa.select(
            SampleItem,
            Sample.month,
            Issue.number,
            Issue.title,
            Issue.closed_on,
            Visit.visited_on,
            Visit.summary,
            named_to(actor).label("enterprise"),
            firms_met().label("firms"),
        )
        .outerjoin(Sample, Sample.id == SampleItem.sample_id)
        .outerjoin(Issue, Issue.id == SampleItem.issue_id)
        .outerjoin(Enterprise, Enterprise.id == Issue.enterprise_id)
        .outerjoin(Visit, Visit.id == SampleItem.visit_id)
    )


def item_of_visit(visit_id: int) -> SampleItem | None:
    """The check of a visit, drawn or passed on, if there is one."""
    return db.session.scalar(sa.select(SampleItem).where(SampleItem.visit_id == visit_id))


def get_item_shown(actor: Actor, item_id: int) -> Any:
    """One record drawn, as `SampleItem`, with what it is; raise NotFound where it is not for them."""
    stmt = _item_rows(actor).where(SampleItem.id == item_id, visible_samples(actor))
    row = db.session.execute(stmt).first()
    if row is None:
        raise NotFound()
    return row


def is_concerned(actor: Actor, item: SampleItem) -> bool:
    """Whether a record is one's own work, or one's unit's: then somebody else checks it."""
    person, units = actor.person_id, sorted(actor.unit_ids)
    visit_id: Any = item.visit_id
    wanted = []
    if item.issue_id is not None:
        visit_id = sa.select(Issue.visit_id).where(Issue.id == item.issue_id).scalar_subquery()
        wanted = [
            sa.exists().where(Dispatch.issue_id == item.issue_id, Dispatch.unit_id.in_(units)),
            sa.exists().where(Issue.id == item.issue_id, Issue.registered_by_id == person),
        ]
    wanted += [
        sa.exists().where(
            Attendance.visit_id == visit_id, Attendance.person_id == person, Attendance.is_current()
        ),
        sa.exists().where(Visit.id == visit_id, Visit.author_id == person),
    ]
    return bool(db.session.scalar(sa.select(sa.or_(*wanted))))


def marked(actor: Actor) -> sa.ColumnElement[bool]:
    """Visits drawn that a check found not true and with which nobody has settled anything yet."""
    return sa.and_(
        SampleItem.kind == Kind.VISIT,
        SampleItem.result == Result.UNTRUE,
        SampleItem.settled_at.is_(None),
        visible_samples(actor),
    )


def marked_visits(actor: Actor, most: int) -> Few:
    """The visits marked so, the longest first."""
    columns = (SampleItem.id, SampleItem.visit_id, SampleItem.note, Visit.visited_on)
    stmt = (
        sa.select(*columns, firms_met().label("firms"), sa.func.count().over().label("total"))
        .join(Visit, Visit.id == SampleItem.visit_id)
        .where(marked(actor))
    )
    return Few(stmt, (SampleItem.checked_on, SampleItem.id), most)


def unchecked_count(actor: Actor) -> sa.ScalarSelect[int]:
    """How many records drawn wait to be checked, as a column."""
    stmt = sa.select(sa.func.count(SampleItem.id)).where(
        SampleItem.result.is_(None), visible_samples(actor)
    )
    return stmt.scalar_subquery()
