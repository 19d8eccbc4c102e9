"""Turns of scheduled work: whoever claims one does it, and nobody else does it too.

However many schedulers run, a turn (a job and the moment it was due) is a row that only one can insert. The
one that holds it says so again and again; when it falls silent, another takes the turn over. What is done
in a turn is committed together with a sign of life, so that one who lost the turn cannot write any more.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Event, Thread
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, aliased, mapped_column

from visits.core.clock import now
from visits.core.db import Model, db, transaction
from visits.core.erasing import Spent
from visits.core.i18n import N_

LEASE = timedelta(seconds=30)
MOST_SAID = 2000
KEPT = timedelta(days=90)


class SlotState(StrEnum):
    """How far a turn is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


SLOT_LABELS = {
    SlotState.RUNNING: N_("Running"),
    SlotState.DONE: N_("Done"),
    SlotState.FAILED: N_("Failed in part"),
}


class JobSlot(Model):
    """One turn of a job: when it was due, who has it and till when, and what came of it."""

    __tablename__ = "job_slots"
    __table_args__ = (
        sa.UniqueConstraint("job", "slot_at"),
        sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(sa.String(60))
    slot_at: Mapped[datetime]
    state: Mapped[SlotState] = mapped_column(default=SlotState.RUNNING)
    token: Mapped[str] = mapped_column(sa.String(36))
    place: Mapped[str] = mapped_column(sa.String(120))
    held_until: Mapped[datetime]
    times_begun: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    done_count: Mapped[int] = mapped_column(default=0)
    failed_count: Mapped[int] = mapped_column(default=0)
    said: Mapped[str] = mapped_column(sa.Text, default="")


Tell = Callable[[JobSlot], object]


class TurnLost(Exception):
    """Another scheduler has taken the turn over."""


@dataclass(frozen=True)
class Turn:
    """A turn that is held."""

    slot_id: int
    token: str

    def hold(self) -> None:
        """Give a sign of life in the running transaction; raise TurnLost where another has the turn."""
        mine = (JobSlot.id == self.slot_id, JobSlot.token == self.token, JobSlot.state == SlotState.RUNNING)
        stmt = sa.update(JobSlot).where(*mine).values(held_until=now() + LEASE).returning(JobSlot.id)
        if db.session.scalar(stmt) is None:
            raise TurnLost()

    def end(self, done: int, failed: int, said: str, tell: Tell | None = None) -> None:
        """Note what came of the turn, in a transaction of its own; raise TurnLost.

        Where something failed `tell` hears of the turn's row in the same transaction.
        """
        with transaction():
            self.hold()
            state = SlotState.FAILED if failed or said else SlotState.DONE
            result = {"done_count": done, "failed_count": failed, "said": said[:MOST_SAID]}
            ended = sa.update(JobSlot).where(JobSlot.id == self.slot_id)
            db.session.execute(ended.values(state=state, ended_at=now(), **result))
            if tell is not None and state is SlotState.FAILED:
                tell(db.session.get_one(JobSlot, self.slot_id, populate_existing=True))


def claim(job: str, slot_at: datetime, place: str) -> Turn | None:
    """Take a turn that nobody has, or whose holder has fallen silent; None when it is not to be had."""
    token, at = str(uuid4()), now()
    row = JobSlot(job=job, slot_at=slot_at, token=token, place=place, held_until=at + LEASE, started_at=at)
    try:
        with transaction():
            db.session.add(row)
            db.session.flush()
            return Turn(row.id, token)
    except IntegrityError:
        return _take_over(job, slot_at, place)


def claim_now(job: str, place: str) -> Turn:
    """Take a turn out of turn, beginning now."""
    at = now()
    while (turn := claim(job, at, place)) is None:
        at += timedelta(microseconds=1)
    return turn


def _take_over(job: str, slot_at: datetime, place: str) -> Turn | None:
    token, at = str(uuid4()), now()
    is_silent = (JobSlot.state == SlotState.RUNNING, JobSlot.held_until < at)
    with transaction():
        stmt = (
            sa.update(JobSlot)
            .where(JobSlot.job == job, JobSlot.slot_at == slot_at, *is_silent)
            .values(token=token, place=place, held_until=at + LEASE, times_begun=JobSlot.times_begun + 1)
            .returning(JobSlot.id)
        )
        slot_id = db.session.scalar(stmt)
    return Turn(slot_id, token) if slot_id else None


def silent_slots() -> list[tuple[str, datetime]]:
    """The turns whose holders have fallen silent: job and when it was due, oldest first."""
    stmt = sa.select(JobSlot.job, JobSlot.slot_at).where(
        JobSlot.state == SlotState.RUNNING, JobSlot.held_until < now()
    )
    return [(job, slot_at) for job, slot_at in db.session.execute(stmt.order_by(JobSlot.slot_at))]


def last_slots() -> dict[str, datetime]:
    """When the latest turn of each job was due."""
    stmt = sa.select(JobSlot.job, sa.func.max(JobSlot.slot_at, type_=JobSlot.slot_at.type)).group_by(
        JobSlot.job
    )
    return {row.job: row[1] for row in db.session.execute(stmt)}


def spent() -> Spent:
    """Turns that ended long ago, but the latest of each job: by it the next ones are reckoned."""
    later = aliased(JobSlot)
    is_followed = sa.exists().where(later.job == JobSlot.job, later.slot_at > JobSlot.slot_at)
    return Spent(N_("turns of jobs"), JobSlot, (JobSlot.ended_at < now() - KEPT, is_followed))


@contextmanager
def kept_alive(app: Flask, turn: Turn) -> Iterator[None]:
    """Give signs of life from a thread of its own while the block works at one long piece."""
    stop = Event()

    def beat() -> None:
        with app.app_context():
            while not stop.wait(LEASE.total_seconds() / 3):
                try:
                    with transaction():
                        turn.hold()
                except TurnLost:
                    return
                except OperationalError:
                    continue  # the database is busy: the next beat is early enough

    thread = Thread(target=beat, name="signs-of-life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


Hold = Callable[[], None]
