"""Pages of the files attached to problems."""

from flask import url_for

from visits.attachments.pages import Parent, make_pages
from visits.core.authz import Actor
from visits.core.permissions import Permission
from visits.issues import queries
from visits.issues.states import State


def find_issue(actor: Actor, issue_id: int) -> Parent:
    """The problem as the parent of its files; raise NotFound where it is not for this person."""
    issue = queries.get_visible(actor, issue_id)
    return Parent(
        subject=issue,
        title=f"{issue.number} {issue.title}",
        url=url_for("issues.show", issue_id=issue.id, _anchor="attachments"),
        is_void=issue.state is State.VOID,
    )


bp = make_pages("issues", Permission.ISSUES_READ, find_issue)
