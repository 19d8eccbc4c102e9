"""A person's own visits that are not finished yet."""

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.together import Few
from visits.outreach.models import (
    VisitDraft,
)


def draft_of_form(actor: Actor, client_id: str) -> VisitDraft | None:
    """The actor's draft of one visit form."""
    wanted = (VisitDraft.author_id == actor.person_id, VisitDraft.client_id == client_id)
    return db.session.scalar(sa.select(VisitDraft).where(*wanted))


def get_draft(actor: Actor, draft_id: int) -> VisitDraft:
    """One of the actor's own drafts; raise NotFound for anybody else's."""
    wanted = (VisitDraft.author_id == actor.person_id, VisitDraft.id == draft_id)
    draft = db.session.scalar(sa.select(VisitDraft).where(*wanted))
    if draft is None:
        raise NotFound()
    return draft


def count_drafts(actor: Actor) -> int:
    """How many drafts the actor has."""
    wanted = VisitDraft.author_id == actor.person_id
    return db.session.scalar(sa.select(sa.func.count(VisitDraft.id)).where(wanted)) or 0


def drafts_own(actor: Actor) -> sa.ColumnElement[bool]:
    """The actor's own drafts."""
    return VisitDraft.author_id == actor.person_id


def list_drafts(actor: Actor, most: int | None = None) -> Few:
    """The actor's own drafts, the latest first, without what stands in them; all, unless so many."""
    columns = (VisitDraft.id, VisitDraft.title, VisitDraft.excerpt, VisitDraft.visited_on)
    stmt = sa.select(*columns, VisitDraft.saved_at).where(drafts_own(actor))
    return Few(stmt, (VisitDraft.saved_at.desc(), VisitDraft.id), most)
