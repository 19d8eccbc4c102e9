"""Changes to the addresses of calendars."""

import secrets

from visits.accounts.rules import link_hash
from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.db import db, lock_name
from visits.core.permissions import Permission
from visits.outreach import queries
from visits.outreach.models import CalendarFeed
from visits.outreach.queries.feeds import PURPOSE

CODE_BYTES = 24


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
