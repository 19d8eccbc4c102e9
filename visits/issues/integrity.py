"""What must hold among the tables of problems, whatever happened to them."""

from datetime import timedelta

import sqlalchemy as sa

from visits.accounts.models import Unit
from visits.accounts.queries import with_handler
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.health import Finding, advice, fine, wrong
from visits.core.i18n import N_
from visits.issues.models import Category, Dispatch, Issue, IssueMove
from visits.issues.states import OPEN

SHOWN = 5
SKEW = timedelta(minutes=5)


def find_broken_records() -> list[Finding]:
    """Compare every problem with its log: the log is the truth, the problem's row what it adds up to."""
    return [_states(), _sequences(), _clock()]


def _named(numbers: list[str]) -> str:
    return ", ".join(numbers[:SHOWN])


def _states() -> Finding:
    latest = (
        sa.select(IssueMove.issue_id, sa.func.max(IssueMove.seq).label("seq"))
        .group_by(IssueMove.issue_id)
        .subquery()
    )
    log = (
        sa.select(IssueMove.issue_id, IssueMove.to_state)
        .join(latest, sa.and_(latest.c.issue_id == IssueMove.issue_id, latest.c.seq == IssueMove.seq))
        .subquery()
    )
    numbers = list(
        db.session.scalars(
            sa.select(Issue.number)
            .outerjoin(log, log.c.issue_id == Issue.id)
            .where(sa.or_(log.c.to_state.is_(None), log.c.to_state != Issue.state))
            .order_by(Issue.number)
        )
    )
    if numbers:
        return wrong(
            "issue_states",
            N_("%(count)d problems stand otherwise than their log says: %(numbers)s."),
            count=len(numbers),
            numbers=_named(numbers),
        )
    return fine("issue_states", N_("Every problem stands as its log says."))


def _sequences() -> Finding:
    counted = (
        sa.select(IssueMove.issue_id)
        .group_by(IssueMove.issue_id)
        .having(
            sa.or_(
                sa.func.min(IssueMove.seq) != 1,
                sa.func.max(IssueMove.seq) != sa.func.count(IssueMove.id),
            )
        )
    )
    numbers = list(
        db.session.scalars(sa.select(Issue.number).where(Issue.id.in_(counted)).order_by(Issue.number))
    )
    if numbers:
        return wrong(
            "issue_logs",
            N_("The logs of %(count)d problems have gaps: %(numbers)s."),
            count=len(numbers),
            numbers=_named(numbers),
        )
    return fine("issue_logs", N_("The logs of the problems have no gaps."))


def _clock() -> Finding:
    latest = db.session.scalar(sa.select(sa.func.max(IssueMove.recorded_at)))
    if latest is not None and latest > now() + SKEW:
        return wrong(
            "clock",
            N_(
                "The last step of a problem was recorded at %(moment)s, which is still to come: this "
                "machine's clock is slow, or was fast. Set it by a time server."
            ),
            moment=latest.isoformat(timespec="minutes"),
        )
    return fine("clock", N_("No record lies in the future."))


def find_idle_units() -> list[Finding]:
    """Units in use where nobody could sign for a problem; it is a fault where problems go there already."""
    routed = sa.select(Category.unit_id).where(Category.unit_id.is_not(None), Category.closed_on.is_(None))
    held = (
        sa.select(Dispatch.unit_id)
        .join(Issue, Issue.id == Dispatch.issue_id)
        .where(Dispatch.ended_at.is_(None), Issue.state.in_(OPEN))
    )
    is_needed = sa.or_(Unit.id.in_(routed), Unit.id.in_(held))
    idle = db.session.execute(
        sa.select(Unit.name, is_needed)
        .where(sa.or_(is_needed, Unit.closed_on.is_(None)), Unit.id.not_in(with_handler(today())))
        .order_by(Unit.name)
    ).all()
    if needed := [name for name, is_needed in idle if is_needed]:
        return [
            wrong(
                "units",
                N_("Problems go to units where nobody can handle them: %(names)s. Give somebody the role."),
                names=", ".join(needed),
            )
        ]
    if idle:
        sentence = N_("Nobody can sign in these units, so no problem can be assigned to them: %(names)s.")
        return [advice("units", sentence, names=", ".join(name for name, _ in idle))]
    return [fine("units", N_("Every unit in use has somebody to handle problems."))]
