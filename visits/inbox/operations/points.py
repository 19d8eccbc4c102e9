"""Changes to where people and units are told, and messages that try it out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import NotAllowed, NotFound, Refused, Stale
from visits.core.i18n import N_
from visits.core.outside import HookHost
from visits.core.permissions import Permission
from visits.inbox import post_queries as queries
from visits.inbox.addresses import checked
from visits.inbox.models import Channel, ContactPoint
from visits.inbox.operations.queueing import Message, queue_message
from visits.inbox.rules import MOST_TESTS, masked

TESTS = "test:"


@dataclass(frozen=True)
class Owner:
    """Who is told at a contact point: a person or a unit."""

    person_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class PointEntry:
    """What is entered for a contact point; an empty address leaves the one that is kept."""

    address: str
    secret: str
    takes_digest: bool
    revision: int | None = None


def save_point(
    actor: Actor,
    owner: Owner,
    channel: Channel,
    entry: PointEntry,
    hosts: Sequence[HookHost],
) -> ContactPoint:
    """Say where somebody is told by a channel; the address that was there is replaced."""
    _require_own(actor, owner)
    point = queries.get_point(owner.person_id, owner.unit_id, channel)
    is_kept = point is not None and bool(point.address) and not entry.address
    if not entry.address and not is_kept:
        raise Refused(N_("This must be filled in."), field="address")
    if point is None:
        point = ContactPoint(person_id=owner.person_id, unit_id=owner.unit_id, channel=channel, address="")
        db.session.add(point)
    else:
        _require_seen(point, entry.revision)
    before = _reading(point)
    if not is_kept:
        point.address = checked(channel, entry.address, entry.secret, hosts)
    point.takes_digest = entry.takes_digest
    changes = audit.difference(before, _reading(point))
    audit.record(actor, "contact_point.saved", point, channel=channel.value, **changes)
    return point


def _require_seen(point: ContactPoint, revision: int | None) -> None:
    """A form made when there was nothing was not made from what is there now."""
    if revision is None and point.address:
        raise Stale((point.__tablename__, point.id, point.revision))
    point.require_revision(revision)


def _reading(point: ContactPoint) -> dict[str, object]:
    return {"address": masked(point.address), "takes_digest": bool(point.takes_digest)}


def remove_point(actor: Actor, owner: Owner, channel: Channel) -> None:
    """Tell somebody by this channel no more; what waits for it is given up when it comes to its turn.

    The row stays without an address, for the messages that went there belong to it.
    """
    _require_own(actor, owner)
    point = _existing(owner, channel)
    audit.record(
        actor, "contact_point.removed", point, channel=channel.value, address=masked(point.address)
    )
    point.address = ""


def send_test(actor: Actor, owner: Owner, channel: Channel, message: Message) -> None:
    """Put a message into the outbox that tries the address out; a few an hour."""
    _require_own(actor, owner)
    point = _existing(owner, channel)
    if queries.count_since(point.id, TESTS, now() - timedelta(hours=1)) >= MOST_TESTS:
        raise Refused(
            N_("%(count)d test messages were sent there within the last hour. Wait a while."),
            count=MOST_TESTS,
        )
    queue_message([point], f"{TESTS}{uuid4()}", message)


def _existing(owner: Owner, channel: Channel) -> ContactPoint:
    point = queries.get_point(owner.person_id, owner.unit_id, channel)
    if point is None or not point.address:
        raise NotFound()
    return point


def _require_own(actor: Actor, owner: Owner) -> None:
    if owner.unit_id is not None:
        require(actor, Permission.ACCOUNTS_ADMIN)
    elif owner.person_id is None or owner.person_id != actor.person_id:
        raise NotAllowed()
