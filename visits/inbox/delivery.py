"""Sending what waits in the outbox: claim a message, send it outside any transaction, note what came of it.

However many processes send, each message is held by one, which has it for `LEASE` and no longer. One that
dies while it sends is followed by another when the lease is over: the message then goes out again, under
the same id. So every message is sent at least once, and twice only when a process dies (or its database is
gone for a whole lease) between the other side's yes and the note of it.
"""

import logging
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import Event, Lock
from time import monotonic
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from visits.accounts.models import Person, Unit
from visits.core.clock import now
from visits.core.db import db, transaction, write_next
from visits.core.i18n import N_
from visits.inbox.models import Channel, ContactPoint, Delivery, DeliveryState
from visits.inbox.rules import MOST_TRIES, pause_after
from visits.inbox.ways.parcels import Failed, Parcel

LEASE = timedelta(seconds=120)  # longer than the longest conversation
THREADS = 2  # for each channel: a server that hangs holds up its own channel at most
PAUSE_SECONDS = 1.0
PACE_SECONDS = 0.1  # between two messages of a thread: many at once must not slow the pages down
REST_SECONDS = 60.0  # of a channel whose server takes nothing: asked for each message, it would lock us out

LOST = N_("Whoever sent it ended, each time, before an answer came.")
NO_POINT = N_("The address was taken out before the message could be sent.")
UNEXPECTED = N_("An unexpected fault; the log of the server says more.")

Send = Callable[[Parcel], None]
log = logging.getLogger(__name__)


def _is_free() -> tuple[sa.ColumnElement[bool], ...]:
    at = now()
    return (
        Delivery.state == DeliveryState.WAITING,
        Delivery.next_at <= at,
        sa.or_(Delivery.held_until.is_(None), Delivery.held_until < at),
    )


def due_channels() -> dict[Channel, int]:
    """How many messages are due by each channel."""
    stmt = (
        sa.select(ContactPoint.channel, sa.func.count())
        .join(Delivery, Delivery.contact_point_id == ContactPoint.id)
        .where(*_is_free())
        .group_by(ContactPoint.channel)
    )
    return {row.channel: row[1] for row in db.session.execute(stmt)}


def claim(channel: Channel, lease: timedelta = LEASE) -> Parcel | None:
    """Take the message of a channel that is due the longest and that nobody holds, if there is one."""
    token = str(uuid4())
    longest_due = (
        sa.select(Delivery.id)
        .join(ContactPoint, ContactPoint.id == Delivery.contact_point_id)
        .where(ContactPoint.channel == channel, *_is_free())
        .order_by(Delivery.next_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Delivery)
        .scalar_subquery()
    )
    held = (
        sa.update(Delivery)
        .where(Delivery.id == longest_due, *_is_free())
        .values(token=token, held_until=now() + lease, tries=Delivery.tries + 1)
        .returning(Delivery.id)
    )
    with transaction():
        delivery_id = db.session.scalar(held)
        return _parcel(delivery_id) if delivery_id else None


def _parcel(delivery_id: int) -> Parcel:
    address = sa.case(
        (sa.or_(Person.disabled_at.is_not(None), Unit.closed_on.is_not(None)), ""),
        else_=ContactPoint.address,
    )
    stmt = (
        sa.select(
            Delivery.id,
            Delivery.token,
            Delivery.tries,
            Delivery.held_until,
            ContactPoint.channel,
            address,
            Delivery.message_id,
            Delivery.created_at,
            Delivery.subject,
            Delivery.text,
            Delivery.html,
        )
        .join(ContactPoint, ContactPoint.id == Delivery.contact_point_id)
        .outerjoin(Person, Person.id == ContactPoint.person_id)
        .outerjoin(Unit, Unit.id == ContactPoint.unit_id)
        .where(Delivery.id == delivery_id)
    )
    return Parcel(*db.session.execute(stmt).one())


def settle(parcel: Parcel, failure: Failed | None) -> bool:
    """Note what came of a message that is held; False when another process has taken it over."""
    values: dict[str, object] = {"state": DeliveryState.SENT, "ended_at": now(), "last_error": ""}
    if failure:
        values = {"last_error": written(failure)}
        if failure.is_final or parcel.tries >= MOST_TRIES:
            values |= {"state": DeliveryState.DEAD, "ended_at": now()}
        else:
            values["next_at"] = now() + pause_after(parcel.tries, random.random())
    mine = (Delivery.id == parcel.delivery_id, Delivery.token == parcel.token)
    noted = sa.update(Delivery).where(*mine, Delivery.state == DeliveryState.WAITING)
    with transaction():
        stmt = noted.values(token=None, held_until=None, **values).returning(Delivery.id)
        return db.session.scalar(stmt) is not None


def written(failure: Failed) -> str:
    """A failure as the outbox keeps it: the sentence, and behind it the number of the answer."""
    return failure.sentence if failure.code is None else f"{failure.sentence} [{failure.code}]"


@dataclass(frozen=True)
class Tried:
    """A message that was held, and why it did not go out; None when it did."""

    parcel: Parcel
    failure: Failed | None

    @property
    def is_general(self) -> bool:
        """Whether the other messages of the channel need not be tried at present."""
        return self.failure is not None and self.failure.is_general


def deliver_one(channel: Channel, send: Send, lease: timedelta = LEASE) -> Tried | None:
    """Send the next message of a channel that is due; None when there is none."""
    parcel = claim(channel, lease)
    if parcel is None:
        return None
    tried = Tried(parcel, _failure_of(parcel, send))
    while now() < parcel.held_until:
        try:
            if not settle(parcel, tried.failure):
                log.warning("%s was taken over by another process", parcel.message_id)
            break
        except OperationalError:
            # what was sent must be noted: as long as the message is held there is time
            log.warning("%s: the database does not answer; trying again", parcel.message_id)
            Event().wait(PAUSE_SECONDS)
    return tried


def _failure_of(parcel: Parcel, send: Send) -> Failed | None:
    if not parcel.address:
        return Failed(NO_POINT, is_final=True)
    if parcel.tries > MOST_TRIES:
        return Failed(LOST, is_final=True)
    try:
        send(parcel)
    except Failed as failure:
        return failure
    except Exception:
        log.exception("%s", parcel.message_id)
        return Failed(UNEXPECTED)
    return None


class Postman:
    """Sends what is due, a few messages at a time, each channel for itself."""

    def __init__(self, app: Flask, send: Send, lease: timedelta = LEASE) -> None:
        self.app, self.send, self.lease = app, send, lease
        self.is_ended = Event()
        self.lock = Lock()
        self.at_work = dict.fromkeys(Channel, 0)
        self.rests_until = dict.fromkeys(Channel, 0.0)
        self.threads = ThreadPoolExecutor(THREADS * len(Channel), thread_name_prefix="postman")

    def look(self) -> None:
        """See what is due and have it sent; returns at once."""
        try:
            write_next(False)
            due = due_channels()
        except OperationalError:
            log.warning("the database does not answer; the next look tries again")
            return
        finally:
            db.session.rollback()
        for channel, count in due.items():
            if monotonic() < self.rests_until[channel]:
                continue
            for _ in range(min(count, THREADS - self.at_work[channel])):
                with self.lock:
                    self.at_work[channel] += 1
                self.threads.submit(self._work, channel)

    def _work(self, channel: Channel) -> None:
        try:
            with self.app.app_context():
                while not self.is_ended.is_set() and monotonic() >= self.rests_until[channel]:
                    if (tried := deliver_one(channel, self.send, self.lease)) is None:
                        break
                    if tried.is_general:
                        self.rests_until[channel] = monotonic() + REST_SECONDS
                    self.is_ended.wait(PACE_SECONDS)
        except OperationalError:
            log.warning("the database does not answer; the next look tries again")
        except Exception:
            log.exception("sending by %s", channel)
        finally:
            with self.lock:
                self.at_work[channel] -= 1

    def end(self) -> None:
        """Let the messages on their way arrive, and begin no other."""
        self.is_ended.set()
        self.threads.shutdown(wait=True, cancel_futures=True)


def drain(send: Send) -> list[Tried]:
    """Send all that is due, one after the other; where none would pass, the rest of its channel waits."""
    done: list[Tried] = []
    for channel in Channel:
        for tried in iter(partial(deliver_one, channel, send), None):
            done.append(tried)
            if tried.is_general:
                break
    return done
