"""Changes to who stands in for whom, and to the addresses of calendars."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from visits.accounts import queries as accounts
from visits.accounts.models import Delegation
from visits.accounts.rules import link_hash
from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import now, today
from visits.core.db import db, lock_name
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.outreach import queries
from visits.outreach.models import CalendarFeed
from visits.outreach.operations.planning import PLANNERS
from visits.outreach.queries.delegations import PURPOSE
from visits.outreach.rules import FURTHEST

CODE_BYTES = 24


@dataclass(frozen=True)
class AbsenceEntry:
    """From which to which day somebody is away, who stands in, and why."""

    from_on: date
    last_on: date
    deputy_id: int | None
    reason: str = ""


def name_deputy(actor: Actor, entry: AbsenceEntry) -> tuple[Delegation, list[str]]:
    """Say who stands in while the actor is away; also names those for whom the actor was to stand in."""
    require(actor, Permission.OUTREACH_PLAN)
    if entry.last_on < today() or entry.last_on > today() + FURTHEST:
        raise Refused(N_("The last day lies in the past or too far ahead. Correct it."), field="last_on")
    if entry.from_on > entry.last_on:
        raise Refused(N_("The absence ends before it begins. Correct the days."), field="last_on")
    if entry.deputy_id == actor.person_id or entry.deputy_id not in dict(accounts.active_people(*PLANNERS)):
        raise Refused(N_("Choose somebody else with an account who makes visits."), field="deputy_id")
    lock_name(f"absences-{min(actor.person_id or 0, entry.deputy_id)}")
    until_on = entry.last_on + timedelta(days=1)
    if queries.absent_between(actor.person_id or 0, entry.from_on, until_on):
        raise Refused(
            N_("Another absence of yours shares days with this one. End it first."), field="from_on"
        )
    if queries.absent_between(entry.deputy_id, entry.from_on, until_on):
        raise Refused(
            N_("That person is away on some of these days too. Choose somebody else."), field="deputy_id"
        )
    made = Delegation(
        person_id=actor.person_id,
        deputy_id=entry.deputy_id,
        from_on=entry.from_on,
        until_on=until_on,
        reason=entry.reason.strip(),
        made_by_id=actor.person_id,
    )
    db.session.add(made)
    said = {"from_on": made.from_on.isoformat(), "until_on": entry.last_on.isoformat()}
    audit.record(actor, "absence.begun", made, person=made.deputy_id, **said)
    return made, queries.stood_in_for(actor.person_id or 0, entry.from_on, until_on)


def end_absence(actor: Actor, delegation: Delegation) -> None:
    """Be there again from today on; an absence that has not begun is as if it had never been planned."""
    delegation.until_on = max(delegation.from_on, min(delegation.until_on, today()))
    audit.record(actor, "absence.ended", delegation)


def make_feed(actor: Actor) -> str:
    """Give the actor's calendar an address, whose code is returned this once; a former one is over."""
    require(actor, Permission.OUTREACH_PLAN)
    lock_name(f"calendar-{actor.person_id}")
    revoke_feed(actor)
    code = secrets.token_urlsafe(CODE_BYTES)
    feed = CalendarFeed(person_id=actor.person_id, token_hash=link_hash(PURPOSE, code))
    db.session.add(feed)
    audit.record(actor, "calendar.address_made", feed)
    return code


def revoke_feed(actor: Actor) -> None:
    """Let the address of the actor's calendar lead nowhere any more."""
    for feed in queries.open_feeds_of(actor.person_id):
        feed.revoked_at = now()
        audit.record(actor, "calendar.address_revoked", feed)
