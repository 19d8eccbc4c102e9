"""What becomes of a promise after the visit: kept, put off or handed on with a reason, withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import Refused, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.outreach import queries
from visits.outreach.models import Promise, PromiseVersion, Visit


@dataclass(frozen=True)
class PromiseChange:
    """Whose a promise is and by when it is to be kept, as it should read, and why."""

    owner: str
    owner_id: int | None
    due_on: date | None
    reason: str


def require_people(person_ids: Iterable[int | None]) -> None:
    """Refuse owners who have no account here."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    if wanted - queries.people_on(wanted, today()).keys():
        raise Refused(N_("Whoever is to keep the promise has no account here. Choose again."))


def keep_promise(actor: Actor, visit: Visit, promise: Promise, kept_on: date) -> None:
    """Note on which day a promise was kept."""
    _require_open(actor, promise, N_("This promise is marked as kept already."))
    if not visit.visited_on <= kept_on <= today():
        raise Refused(N_("The day lies before the visit or in the future. Correct it."), field="kept_on")
    promise.kept_on, promise.kept_by_id = kept_on, actor.person_id
    audit.record(actor, "promise.kept", promise, visit=visit.id, kept_on=kept_on.isoformat())


def change_promise(
    actor: Actor, promise: Promise, change: PromiseChange, revision: int | None = None
) -> None:
    """Let an open promise be kept by somebody else or another day; what was said before is kept."""
    promise.require_revision(revision, is_open=promise.is_open)
    _require_open(actor, promise, N_("This promise is kept; it is changed no more."))
    if not change.reason.strip():
        raise Refused(N_("Write why the day or the person changes."), field="reason")
    visited_on = db.session.get_one(Visit, promise.visit_id).visited_on
    if change.due_on is not None and change.due_on < visited_on:
        raise Refused(N_("The day lies before the visit on which it was promised."), field="due_on")
    require_people([change.owner_id])
    before = _said(promise)
    promise.owner, promise.owner_id, promise.due_on = change.owner, change.owner_id, change.due_on
    changes = audit.difference(before, _said(promise))
    if not changes:
        raise Refused(N_("Nothing is different. Change the day or the person, or go back."))
    shown = {name: pair for name, pair in changes.items() if name != "owner_id"}
    db.session.add(
        PromiseVersion(
            promise_id=promise.id,
            made_by_id=actor.person_id,
            reason=change.reason.strip(),
            changes=shown or changes,
        )
    )
    audit.record(actor, "promise.changed", promise, reason=change.reason.strip(), **changes)


def withdraw_promise(actor: Actor, promise: Promise, reason: str, revision: int | None = None) -> None:
    """Take back a promise that will not be kept, and say why; it stays readable."""
    promise.require_revision(revision, is_open=promise.is_open)
    _require_open(actor, promise, N_("This promise is kept; it is not withdrawn any more."))
    if not reason.strip():
        raise Refused(N_("Write why the promise is withdrawn."), field="reason")
    promise.withdrawn_on, promise.withdraw_reason = today(), reason.strip()
    promise.withdrawn_by_id = actor.person_id
    audit.record(actor, "promise.withdrawn", promise, visit=promise.visit_id, reason=reason.strip())


def _require_open(actor: Actor, promise: Promise, is_kept: str) -> None:
    require(actor, Permission.OUTREACH_RECORD)
    if promise.withdrawn_on is not None:
        raise WrongState(N_("This promise was withdrawn."))
    if promise.kept_on is not None:
        raise WrongState(is_kept)


def _said(promise: Promise) -> dict[str, object]:
    return {
        "owner": promise.owner,
        "owner_id": promise.owner_id,
        "due_on": promise.due_on.isoformat() if promise.due_on else "",
    }
