"""Pages of the files attached to visits."""

from flask import url_for
from flask_babel import gettext as _

from visits.attachments.pages import Parent, make_pages
from visits.core.authz import Actor
from visits.core.markup import day
from visits.core.permissions import Permission
from visits.outreach import queries


def find_visit(actor: Actor, visit_id: int) -> Parent:
    """The visit as the parent of its files; raise NotFound where it is not for this person."""
    visit = queries.get_visible(actor, visit_id).Visit
    return Parent(
        subject=visit,
        title=_("Visit of %(day)s", day=day(visit.visited_on)),
        url=url_for("outreach.show", visit_id=visit.id, _anchor="attachments"),
        is_void=visit.voided_at is not None,
    )


bp = make_pages("visits", Permission.OUTREACH_READ, find_visit)
