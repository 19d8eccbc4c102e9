"""What the system did by itself, as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from visits.core.clock import now
from visits.core.db import db
from visits.core.slots import JobSlot
from visits.core.timetable import TIMETABLE, Times

MOST_TURNS = 60


@dataclass(frozen=True)
class Planned:
    """A job: its name, its times, its next turn and its last one, if it ever had one."""

    name: str
    times: Times
    next_at: datetime | None
    last: JobSlot | None


def list_jobs() -> list[Planned]:
    """Every job in the order of the timetable."""
    latest = sa.select(sa.func.max(JobSlot.id)).group_by(JobSlot.job)
    last = {slot.job: slot for slot in db.session.scalars(sa.select(JobSlot).where(JobSlot.id.in_(latest)))}
    return [Planned(name, times, times.after(now()), last.get(name)) for name, times in TIMETABLE.items()]


def list_turns() -> Sequence[JobSlot]:
    """The last turns of all jobs, latest first."""
    return db.session.scalars(sa.select(JobSlot).order_by(JobSlot.id.desc()).limit(MOST_TURNS)).all()


def took(slot: JobSlot) -> timedelta | None:
    """How long a turn took; None while it runs."""
    return slot.ended_at - slot.started_at if slot.ended_at else None


def is_forgotten(planned: Planned) -> bool:
    """Whether a job has not been done for two turns: no scheduler seems to run."""
    due = planned.times.latest(now() - timedelta(hours=1))
    return due is not None and (planned.last is None or planned.last.slot_at < due)
