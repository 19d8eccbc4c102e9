"""What an amendment or a voiding must know of a visit."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Permission, Role
from visits.enterprises.models import Enterprise
from visits.issues.guards import MoveFacts
from visits.issues.models import Issue
from visits.issues.queries import visible_to as problems_visible_to
from visits.issues.states import LIFE, State
from visits.outreach.models import (
    PairProgramme,
    VisitPair,
    VisitVersion,
)


def pairs_of(visit_id: int) -> list[tuple[VisitPair, tuple[int, ...]]]:
    """The current pairs of a visit, each with the ids of its programmes."""
    rows = db.session.execute(
        sa.select(VisitPair, PairProgramme.programme_id)
        .outerjoin(PairProgramme, PairProgramme.pair_id == VisitPair.id)
        .where(VisitPair.visit_id == visit_id, VisitPair.is_current())
        .order_by(VisitPair.id, PairProgramme.programme_id)
    )
    found: dict[VisitPair, tuple[int, ...]] = {}
    for pair, programme_id in rows:
        found[pair] = (*found.get(pair, ()), *([programme_id] if programme_id else ()))
    return list(found.items())


@dataclass(frozen=True)
class Heard:
    """A problem that came from a visit and is not void, and what the actor may do with it now."""

    issue_id: int
    number: str
    title: str
    state: State
    enterprise_id: int
    enterprise: str
    may_move: bool
    may_void: bool


def heard_on(actor: Actor, visit_id: int) -> list[Heard]:
    """The problems of a visit that the actor may read and that are not void, in one statement."""
    rows = db.session.execute(
        sa.select(
            Issue.id,
            Issue.number,
            Issue.title,
            Issue.state,
            Issue.enterprise_id,
            Enterprise.name.label("enterprise"),
            predicate_for(actor, Permission.ISSUES_AMEND, Issue).label("may_amend"),
            predicate_for(actor, Permission.ISSUES_VOID, Issue).label("may_void"),
        )
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .where(Issue.visit_id == visit_id, Issue.state != State.VOID, problems_visible_to(actor))
        .order_by(Issue.id)
    )
    return [_heard(actor, row) for row in rows]


def _heard(actor: Actor, row: Any) -> Heard:
    rights = {Permission.ISSUES_AMEND: row.may_amend, Permission.ISSUES_VOID: row.may_void}
    facts = MoveFacts(
        today=today(),
        is_registered=row.state is State.REGISTERED,
        is_closed=row.state is State.CLOSED,
        is_coordinator=Role.COORDINATOR in actor.roles,
        is_leader=Role.LEADER in actor.roles,
    )
    held = frozenset(permission for permission, is_held in rights.items() if is_held)
    moves = {move.name for move in LIFE.open_to(held, row.state, facts)}
    return Heard(
        row.id,
        row.number,
        row.title,
        row.state,
        row.enterprise_id,
        row.enterprise,
        may_move="correct" in moves,
        may_void="void" in moves,
    )


def firms_heard(visit_id: int) -> set[int]:
    """The enterprises of the problems of a visit that are not void, whoever may read them."""
    wanted = (Issue.visit_id == visit_id, Issue.state != State.VOID)
    return set(db.session.scalars(sa.select(Issue.enterprise_id).where(*wanted)))


def count_versions(visit_id: int) -> int:
    """How often a visit was amended."""
    wanted = VisitVersion.visit_id == visit_id
    return db.session.scalar(sa.select(sa.func.count(VisitVersion.id)).where(wanted)) or 0
