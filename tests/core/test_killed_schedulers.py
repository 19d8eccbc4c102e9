"""Schedulers are killed while they hold turns: every turn is done, and done once.

KILLED_TURNS sets how many turns are watched, KILLED_SCHEDULERS how many kills; by default few.
"""

import os
import random
import signal
import subprocess
import sys
from threading import Event

import sqlalchemy as sa

from config import ROOT, env_int
from tests.support.databases import scratch_url
from tests.support.turn_taker import JOB, ROUND_SECONDS
from visits.core.db import Base
from visits.core.schema import apart
from visits.core.slots import JobSlot, SlotState

TURNS, KILLS = env_int("KILLED_TURNS", 10), env_int("KILLED_SCHEDULERS", 4)
SCHEDULERS = 4
MOST_LOOKS = 1200  # per turn: a bound for the day nothing moves, far beyond what a slow machine needs


class Schedulers:
    """Four processes that take turns; one that is killed is replaced at once."""

    def __init__(self, url):
        self.url, self.running, self.kills = url, {}, 0
        for _ in range(SCHEDULERS):
            self.start()

    def start(self):
        """Let one more take part."""
        command = [sys.executable, "-m", "tests.support.turn_taker", self.url]
        child = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        self.running[child.pid] = child

    def kill(self, pid):
        """Kill one, whatever it does at the time, and replace it."""
        if child := self.running.pop(pid, None):
            os.kill(pid, signal.SIGKILL)
            child.wait()
            self.kills += 1
            self.start()

    def end(self):
        """Stop all that are left."""
        for child in self.running.values():
            child.kill()
            child.wait()


def pids_holding(connection):
    places = connection.scalars(sa.select(JobSlot.place).where(JobSlot.state == SlotState.RUNNING))
    return [int(place.rpartition(":")[2]) for place in places]


def lines_by_slot(connection):
    lines = sa.text("SELECT slot_id, count(*) FROM lines GROUP BY slot_id")
    return {row.slot_id: row[1] for row in connection.execute(lines)}


def test_every_turn_is_done_once_whoever_is_killed(tmp_path):
    url, pause = scratch_url("killed_turns", tmp_path), Event()
    with apart(url) as engine:
        Base.metadata.tables["job_slots"].create(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE lines (slot_id INTEGER, pid INTEGER)")
        schedulers = Schedulers(url)
        try:
            for _ in range(TURNS * MOST_LOOKS):
                pause.wait(ROUND_SECONDS / 8)
                with engine.connect() as connection:
                    holding, lines = pids_holding(connection), lines_by_slot(connection)
                if len(lines) >= TURNS and schedulers.kills >= KILLS:
                    break
                if holding and schedulers.kills < KILLS and random.random() < 0.5:
                    schedulers.kill(random.choice(holding))
            wait_for_the_last(engine, pause)
        finally:
            schedulers.end()
        with engine.connect() as connection:
            slots = connection.execute(sa.select(JobSlot.id, JobSlot.slot_at, JobSlot.times_begun)).all()
            lines = lines_by_slot(connection)
    seconds = sorted(slot.slot_at for slot in slots)
    begun = sum(slot.times_begun for slot in slots)
    assert schedulers.kills >= KILLS
    assert begun > len(slots), "no turn was ever taken over"
    assert len(slots) >= TURNS
    assert (seconds[-1] - seconds[0]).total_seconds() == len(seconds) - 1, "a turn was left out"
    done = {slot.id: lines.get(slot.id, 0) for slot in slots if slot.slot_at < seconds[-1]}
    assert set(done.values()) == {1}
    sys.stdout.write(f"\n{len(slots)} turns of {JOB}, begun {begun} times, {schedulers.kills} kills\n")


def wait_for_the_last(engine, pause):
    """Until no turn but the running one is left half done."""
    silent = sa.select(sa.func.count()).where(JobSlot.state == SlotState.RUNNING)
    for _ in range(100):
        with engine.connect() as connection:
            if not connection.scalar(silent):
                return
        pause.wait(ROUND_SECONDS / 8)
