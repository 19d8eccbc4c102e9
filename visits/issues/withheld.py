"""Whether problems may be withheld from a reader, so that finding none need not mean that there is none."""

from collections.abc import Container

from visits.core.authz import Actor, reaches, reaches_all
from visits.core.permissions import Permission, Reach


def reads_all_of_visit(actor: Actor, people: Container[int | None]) -> bool:
    """Say whether a person may read whatever problem was heard on a visit of these participants."""
    if reaches_all(actor, Permission.ISSUES_READ):
        return True
    held = reaches(actor.roles, Permission.ISSUES_READ)
    return actor.person_id in people and not held.isdisjoint({Reach.OWN, Reach.GROUP})
