"""The process that does scheduled work: waits for turns, claims them, does them, notes what came of it."""

import logging
import os
import random
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from flask_babel import gettext
from sqlalchemy.exc import OperationalError

from visits.core import slots
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.scheduling import UNEXPECTED, Outcome
from visits.core.timetable import Times

ROUND_SECONDS = 20
# A round that finds its job still at work is left out, as it should be: nothing to warn anybody of.
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """A job in the timetable: its name, when it is due, how it is done on a day, who hears of a failure."""

    name: str
    times: Times
    run: Callable[[date, slots.Hold], Sequence[Outcome]]
    tell: slots.Tell | None = None


def here() -> str:
    """Which process this is, for people who look for it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def attend(app: Flask, entry: Entry) -> None:
    """Do the turns of one job that are due, and those whose holder has fallen silent."""
    with app.app_context():
        try:
            for slot_at in _to_do(entry):
                if turn := slots.claim(entry.name, slot_at, here()):
                    carry_out(app, entry, turn)
        except OperationalError:
            log.warning("%s: the database does not answer; the next round tries again", entry.name)


def _to_do(entry: Entry) -> Iterable[datetime]:
    silent = [slot_at for job, slot_at in slots.silent_slots() if job == entry.name]
    due = entry.times.due(slots.last_slots().get(entry.name), now())
    db.session.rollback()
    return [*silent, *due]


def carry_out(app: Flask, entry: Entry, turn: slots.Turn) -> Sequence[Outcome]:
    """Do a turn that is held and note what came of it: nothing where another took over; raise faults."""
    try:
        with slots.kept_alive(app, turn):
            try:
                outcomes = entry.run(today(), turn.hold)
            except slots.TurnLost:
                raise
            except Exception:
                turn.end(0, 1, gettext(UNEXPECTED), entry.tell)
                raise
        failed = [f"{name}: {gettext(said, **params)}" for o in outcomes for name, said, params in o.failed]
        turn.end(sum(len(outcome.done) for outcome in outcomes), len(failed), "\n".join(failed), entry.tell)
    except slots.TurnLost:
        log.warning("%s: another scheduler has taken this turn over", entry.name)
        return []
    return outcomes


def make_scheduler(
    app: Flask, entries: Iterable[Entry], every: float = ROUND_SECONDS
) -> BackgroundScheduler:
    """A scheduler that attends to each job at its turns, and in rounds for what was missed."""
    scheduler = BackgroundScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for entry in entries:
        first = now().timestamp() + random.uniform(0, min(every, 2))
        rounds = IntervalTrigger(seconds=every, start_date=datetime.fromtimestamp(first, tz=now().tzinfo))
        for trigger in (entry.times.trigger, rounds):
            scheduler.add_job(attend, trigger, (app, entry), name=entry.name)
    return scheduler
