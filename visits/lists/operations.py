"""Every change to saved views."""

from dataclasses import dataclass

import sqlalchemy as sa

from visits.core import audit
from visits.core.authz import Actor, may, require
from visits.core.db import db, lock_name
from visits.core.errors import NotAllowed, Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.lists import queries
from visits.lists.models import DefaultView, SavedView
from visits.lists.rules import MOST_QUERY, MOST_VIEWS, may_change


@dataclass(frozen=True)
class ViewEntry:
    """What a person says of a view: its name, whom it is for, whether the list opens with it."""

    name: str
    is_shared: bool = False
    is_default: bool = False


def save_view(actor: Actor, list_name: str, query: str, entry: ViewEntry) -> SavedView:
    """Keep the filters, order and columns of a list under a name."""
    if entry.is_shared:
        require(actor, Permission.LISTS_SHARE)
    view = SavedView(list_name=list_name, owner_id=actor.person_id, position=1)
    view.query = _checked_query(query)
    _shelve(view, entry)
    db.session.add(view)
    db.session.flush()  # the default needs its id
    _note(actor, view, "view.saved")
    _open_with(actor, view, entry.is_default)
    return view


def update_view(actor: Actor, view: SavedView, entry: ViewEntry, revision: int | None = None) -> None:
    """Change the name of a view, whom it is for, and whether the list opens with it."""
    _require_change(actor, view)
    view.require_revision(revision)
    if entry.is_shared and not view.is_shared:
        require(actor, Permission.LISTS_SHARE)
    if view.is_shared and not entry.is_shared and view.owner_id != actor.person_id:
        raise NotAllowed(N_("Only the person who made this view can take it back as a private one."))
    _note(actor, view, "view.saved", name=entry.name) if view.is_shared else None
    _shelve(view, entry)
    _open_with(actor, view, entry.is_default)


def replace_query(actor: Actor, view: SavedView, query: str) -> None:
    """Let a view stand for other filters, order and columns from now on."""
    _require_change(actor, view)
    view.query = _checked_query(query)
    _note(actor, view, "view.saved")


def pass_view(actor: Actor, view: SavedView, person_id: int) -> None:
    """Let somebody else look after a shared view; a handover is agreed between two people."""
    former, view.owner_id = view.owner_id, person_id
    audit.record(actor, "view.passed_on", view, name=view.name, person=[former, person_id])


def move_view(actor: Actor, view: SavedView, *, up: bool) -> None:
    """Move a view one place among those it stands with."""
    _require_change(actor, view)
    shelf = list(queries.shelf_of(view.list_name, view.owner_id, is_shared=view.is_shared))
    place = shelf.index(view)
    shelf.insert(max(0, place - 1) if up else place + 1, shelf.pop(place))
    for position, other in enumerate(shelf, 1):
        other.position = position


def delete_view(actor: Actor, view: SavedView) -> None:
    """Take a view away; whose list opened with it, opens whole again."""
    _require_change(actor, view)
    _note(actor, view, "view.deleted")
    db.session.execute(sa.delete(DefaultView).where(DefaultView.view_id == view.id))
    db.session.delete(view)


def choose_default(actor: Actor, list_name: str, view: SavedView | None) -> None:
    """Let a list open with a view for this person, or whole."""
    db.session.execute(
        sa.delete(DefaultView).where(
            DefaultView.person_id == actor.person_id, DefaultView.list_name == list_name
        )
    )
    if view is not None:
        db.session.add(DefaultView(person_id=actor.person_id, list_name=list_name, view_id=view.id))


def _open_with(actor: Actor, view: SavedView, is_wanted: bool) -> None:
    own = db.session.get(DefaultView, (actor.person_id, view.list_name))
    if is_wanted or (own is not None and own.view_id == view.id):
        choose_default(actor, view.list_name, view if is_wanted else None)


def _require_change(actor: Actor, view: SavedView) -> None:
    is_own = view.owner_id == actor.person_id
    if not may_change(is_own, view.is_shared, may(actor, Permission.LISTS_SHARE)):
        raise NotAllowed()


def _checked_query(query: str) -> str:
    if not query:
        raise Refused(
            N_("The list is not narrowed or sorted yet, so there is nothing to keep. Filter it first.")
        )
    if len(query) > MOST_QUERY:
        raise Refused(N_("So many filters do not go into one view. Take fewer, and save it again."))
    return query


def _shelve(view: SavedView, entry: ViewEntry) -> None:
    """Put a view among the shared or the private ones, under a name that none of them has."""
    lock_name(f"saved views of {view.list_name}")
    with db.session.no_autoflush:
        shelf = [
            other
            for other in queries.shelf_of(view.list_name, view.owner_id, is_shared=entry.is_shared)
            if other is not view
        ]
    if any(other.name.casefold() == entry.name.casefold() for other in shelf):
        raise Refused(N_("There is a view of this name already. Choose another name."), field="name")
    is_new_here = view.id is None or view.is_shared is not entry.is_shared
    if is_new_here and len(shelf) >= MOST_VIEWS:
        raise Refused(
            N_("There are %(most)d views of this list already. Delete one that nobody needs first."),
            most=MOST_VIEWS,
        )
    if is_new_here:
        view.position = max((other.position for other in shelf), default=0) + 1
    view.name, view.is_shared = entry.name, entry.is_shared


def _note(actor: Actor, view: SavedView, verb: str, name: str | None = None) -> None:
    """Log what happens to views that others see; one's own are nobody's business."""
    if view.is_shared:
        audit.record(actor, verb, view, list=view.list_name, name=name or view.name, query=view.query)
