"""Readings of suggestions and of what was said to them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.authz import Actor, may
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.permissions import Permission
from visits.feedback.models import Suggestion, SuggestionReply


def readable_by(actor: Actor) -> sa.ColumnElement[bool]:
    """A person's own suggestions; all of them for who answers."""
    if may(actor, Permission.FEEDBACK_ANSWER):
        return sa.true()
    return Suggestion.person_id == actor.person_id


def get_suggestion(actor: Actor, suggestion_id: int, *, to_write: bool = False) -> Suggestion:
    """One suggestion; raise NotFound where there is none that the actor may read."""
    stmt = sa.select(Suggestion).where(Suggestion.id == suggestion_id, readable_by(actor))
    found = db.session.scalar(stmt.with_for_update() if to_write else stmt)
    if found is None:
        raise NotFound()
    return found


def author_of(suggestion: Suggestion) -> str:
    """The name of who wrote it."""
    return db.session.scalars(sa.select(Person.name).where(Person.id == suggestion.person_id)).one()


def replies_to(suggestion_id: int) -> Sequence[Any]:
    """What was said to a suggestion, in its order, as (reply, who)."""
    return db.session.execute(
        sa.select(SuggestionReply, Person.name.label("who"))
        .join(Person, Person.id == SuggestionReply.person_id)
        .where(SuggestionReply.suggestion_id == suggestion_id)
        .order_by(SuggestionReply.id)
    ).all()


def reply_count() -> sa.ScalarSelect[int]:
    """How often something was said to a suggestion."""
    counted = sa.select(sa.func.count()).where(SuggestionReply.suggestion_id == Suggestion.id)
    return counted.correlate(Suggestion).scalar_subquery()


def latest_reply() -> sa.ScalarSelect[Any]:
    """When something was said to a suggestion last."""
    latest = sa.select(sa.func.max(SuggestionReply.created_at)).where(
        SuggestionReply.suggestion_id == Suggestion.id
    )
    return latest.correlate(Suggestion).scalar_subquery()


def own_suggestions(actor: Actor, most: int) -> Sequence[Any]:
    """A person's own suggestions, the latest first, with how often and when something was said to them."""
    stmt = sa.select(Suggestion, reply_count().label("replies"), latest_reply().label("replied_at")).where(
        Suggestion.person_id == actor.person_id
    )
    return db.session.execute(stmt.order_by(Suggestion.id.desc()).limit(most)).all()
