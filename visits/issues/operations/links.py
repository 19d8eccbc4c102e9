"""The link by which an enterprise follows and rates one problem."""

import secrets

import sqlalchemy as sa

from visits.core import audit
from visits.core.authz import Actor, permitted
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused
from visits.core.i18n import N_
from visits.issues import queries
from visits.issues.models import Issue, ProgressLink
from visits.issues.operations.rights import open_right
from visits.issues.progress import hash_of, is_dead
from visits.issues.states import LINKING


def make_link(actor: Actor, issue: Issue) -> str:
    """Make the code of a problem's link; the former one ends.

    The code is in the answer and nowhere else: the database keeps its hash, the log that it was made.
    Nobody of a handling unit makes one, for whoever holds it answers for the enterprise.
    """
    if not permitted(actor, LINKING, issue):
        raise NotAllowed()
    facts = queries.facts_for(actor, issue)
    if facts.in_handling_unit:
        raise NotAllowed(N_("Your unit handles this problem; somebody of another unit makes the link."))
    if is_dead(issue):
        raise Refused(N_("The problem ended more than 30 days ago; a link would lead nowhere."))
    at, code = now(), secrets.token_urlsafe(24)
    db.session.execute(
        sa.update(ProgressLink)
        .where(ProgressLink.issue_id == issue.id, ProgressLink.ended_at.is_(None))
        .values(ended_at=at)
    )
    db.session.add(
        ProgressLink(issue_id=issue.id, code_hash=hash_of(code), made_by_id=actor.person_id, made_at=at)
    )
    open_right(issue, at)
    audit.record(actor, "issue.link_made", issue, number=issue.number)
    return code
