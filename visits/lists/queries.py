"""Readings of saved views."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.authz import Actor, may
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.permissions import Permission
from visits.lists.models import DefaultView, SavedView
from visits.lists.rules import may_change


@dataclass(frozen=True)
class Shelved:
    """A view as one person finds it."""

    id: int
    name: str
    query: str
    is_shared: bool
    owner: str
    revision: int
    is_default: bool
    may_change: bool


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The actor's own views and the shared ones."""
    return sa.or_(SavedView.owner_id == actor.person_id, SavedView.is_shared)


def views_of(actor: Actor, list_name: str) -> list[Shelved]:
    """The views of a list a person may open, the shared ones first; one statement."""
    mine = sa.and_(DefaultView.view_id == SavedView.id, DefaultView.person_id == actor.person_id)
    rows = db.session.execute(
        sa.select(SavedView, Person.name.label("owner"), DefaultView.view_id.label("default"))
        .join(Person, Person.id == SavedView.owner_id)
        .outerjoin(DefaultView, mine)
        .where(SavedView.list_name == list_name, visible_to(actor))
        .order_by(SavedView.is_shared.desc(), SavedView.position, SavedView.id)
    )
    may_share = may(actor, Permission.LISTS_SHARE)
    return [
        Shelved(
            view.id,
            view.name,
            view.query,
            view.is_shared,
            owner,
            view.revision,
            default is not None,
            may_change(view.owner_id == actor.person_id, view.is_shared, may_share),
        )
        for view, owner, default in rows
    ]


def get_view(actor: Actor, view_id: int) -> SavedView:
    """One view; raise NotFound where there is none, or not for this person."""
    view = db.session.scalar(sa.select(SavedView).where(SavedView.id == view_id, visible_to(actor)))
    if view is None:
        raise NotFound()
    return view


def shelf_of(list_name: str, owner_id: int | None, *, is_shared: bool) -> Sequence[SavedView]:
    """The views that stand in one row: the shared ones of a list, or the private ones of one person."""
    whose = (
        SavedView.is_shared if is_shared else sa.and_(~SavedView.is_shared, SavedView.owner_id == owner_id)
    )
    return db.session.scalars(
        sa.select(SavedView)
        .where(SavedView.list_name == list_name, whose)
        .order_by(SavedView.position, SavedView.id)
    ).all()
