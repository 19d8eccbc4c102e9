"""That a slip was made is noted, for it shows a phone number whole."""

from visits.core import audit, authz
from visits.core.authz import Actor
from visits.core.errors import NotAllowed
from visits.core.permissions import Permission
from visits.issues.models import Issue


def note_slip(actor: Actor, issue: Issue) -> None:
    """Note that somebody took the assignment slip of a problem home; raise NotAllowed."""
    if not authz.can(actor, Permission.ISSUES_SLIP, issue):
        raise NotAllowed()
    audit.record(actor, "issue.slip_made", issue, number=issue.number)
