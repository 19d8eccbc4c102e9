"""What changes when somebody takes a problem over from whoever brought it: the past keeps the old name."""

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import db
from visits.issues.models import Issue, IssueMove, Watcher
from visits.issues.operations.moving import Step, _move
from visits.issues.states import LIFE


def hand_over(actor: Actor, issue: Issue, person_id: int) -> IssueMove:
    """Let somebody look after a problem from now on, in place of whoever registered it or did so since.

    The caller has looked at the right: a handover is agreed between two people.
    """
    step = Step(actor, issue, LIFE.check_state("hand_over", issue.state, None), now())
    before = issue.carried_by_id or issue.registered_by_id
    issue.carried_by_id = person_id
    return _move(step, former_carrier=_name_of(before), carrier=_name_of(person_id))


def _name_of(person_id: int | None) -> str:
    return db.session.scalar(sa.select(Person.name).where(Person.id == person_id)) or ""


def pass_following(issue_id: int, from_id: int, to_id: int) -> None:
    """Let somebody follow a problem in another's place."""
    db.session.execute(sa.delete(Watcher).where(Watcher.issue_id == issue_id, Watcher.person_id == from_id))
    if db.session.get(Watcher, (issue_id, to_id)) is None:
        db.session.add(Watcher(issue_id=issue_id, person_id=to_id))
