"""Senders are killed while they send: every mail arrives, and twice only where the yes could not be noted.

KILLED_SENDERS sets how many are killed; by default few.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from threading import Event

import sqlalchemy as sa

from config import ROOT, env_int
from tests.support.databases import scratch_url
from tests.support.mail_sender import PAUSE_SECONDS
from tests.support.mail_server import Conduct, MailDouble
from visits.accounts.models import Person
from visits.core.clock import now
from visits.core.db import Base, db
from visits.core.schema import apart
from visits.inbox.models import Channel, ContactPoint, Delivery, DeliveryState

KILLS = env_int("KILLED_SENDERS", 4)
MAILS = 3 * KILLS + 8
SENDERS = 3
MOST_LOOKS = 1200
TABLES = ("people", "units", "contact_points", "deliveries")
BEFORE, AFTER, MEANWHILE = "before the yes", "after the yes", "while it is noted"


class Deadly(Conduct):
    """Takes mails, and kills the process that sends one, before it says yes, after it, or soon after."""

    def __init__(self):
        super().__init__()
        self.accepted, self.killed, self.pids = Counter(), {}, []
        self.at_work, self.struck = {}, set()  # which mail a process has in hand; whose sender was killed

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - its name there
        """Answer to a mail at its first coming as its number says, later always with yes."""
        await super().handle_DATA(server, session, envelope)
        message_id, _, domain = self.seen[-1]["Message-ID"].strip("<>").partition("@")
        pid, when = int(domain.partition(".")[0][1:]), self.chosen(message_id)
        self.at_work[pid] = message_id
        if when == BEFORE:
            self.kill(pid)
            return "451 nobody hears this"
        self.accepted[message_id] += 1
        if when == AFTER:
            self.kill(pid)
        if when == MEANWHILE:
            asyncio.get_running_loop().call_later(random.uniform(0, 0.03), self.kill, pid)
        return "250 OK"

    def chosen(self, message_id):
        """When the one that sends this mail is to be killed; nobody is twice for the same mail."""
        if message_id in self.killed or self.accepted[message_id] or len(self.killed) >= KILLS:
            return None
        if random.random() < 0.5:
            return None
        self.killed[message_id] = (BEFORE, AFTER, MEANWHILE)[len(self.killed) % 3]
        return self.killed[message_id]

    def kill(self, pid):
        """Kill a sender, whatever it does; but nobody twice over the same mail."""
        if self.at_work[pid] not in self.struck:
            self.struck.add(self.at_work[pid])
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.pids.append(pid)


class Senders:
    """Several processes that send; one that was killed is replaced."""

    def __init__(self, url, port):
        self.command = [sys.executable, "-m", "tests.support.mail_sender", url, str(port)]
        self.running, self.ended = [self.started() for _ in range(SENDERS)], []

    def started(self):
        return subprocess.Popen(self.command, cwd=ROOT, stderr=subprocess.DEVNULL)

    def replace_the_dead(self):
        for child in [child for child in self.running if child.poll() is not None]:
            self.running.remove(child)
            self.ended.append(child.returncode)
            self.running.append(self.started())

    def end(self):
        for child in self.running:
            child.kill()
            child.wait()


def fill(engine):
    Base.metadata.create_all(engine, [Base.metadata.tables[name] for name in TABLES])
    person = Person(username="wang", name="王")
    db.session.add(person)
    db.session.flush()
    point = ContactPoint(person_id=person.id, channel=Channel.MAIL, address="wang@example.org")
    db.session.add(point)
    db.session.flush()
    words = {"contact_point_id": point.id, "subject": "红旗", "text": "请处理", "next_at": now()}
    db.session.add_all(Delivery(event=f"tests:{n}", message_id=f"m{n}", **words) for n in range(MAILS))
    db.session.commit()


def left():
    count = db.session.scalar(
        sa.select(sa.func.count()).select_from(Delivery).where(Delivery.state == DeliveryState.WAITING)
    )
    db.session.rollback()
    return count


def test_every_mail_arrives_whoever_is_killed(tmp_path):
    conduct, pause = Deadly(), Event()
    url = scratch_url("killed_senders", tmp_path)
    with apart(url) as engine, MailDouble(conduct=conduct) as server:
        fill(engine)
        senders = Senders(url, server.port)
        try:
            for _ in range(MOST_LOOKS):
                if not left():
                    break
                senders.replace_the_dead()
                pause.wait(PAUSE_SECONDS * 2)
        finally:
            senders.end()
        rows = db.session.scalars(sa.select(Delivery)).all()
        states, tries = Counter(row.state for row in rows), sum(row.tries for row in rows)
        arrived = [conduct.accepted[row.message_id] for row in rows]
        db.session.rollback()
    twice = {message_id for message_id, times in conduct.accepted.items() if times == 2}
    by_moment = Counter(conduct.killed.values())
    sys.stdout.write(
        f"\n{MAILS} mails, {tries} tries, {len(conduct.pids)} senders killed "
        f"({', '.join(f'{count} {when}' for when, count in by_moment.items())}), {len(twice)} came twice\n"
    )
    assert len(conduct.killed) == KILLS
    assert len(conduct.pids) >= KILLS - by_moment[MEANWHILE], "a kill missed a process that had to live"
    assert senders.ended.count(-signal.SIGKILL) >= len(conduct.pids) - SENDERS
    assert states == {DeliveryState.SENT: MAILS}
    assert min(arrived) >= 1
    assert max(arrived) <= 2
    assert twice <= conduct.struck - {m for m, when in conduct.killed.items() if when == BEFORE}
    assert len(twice) >= by_moment[AFTER]
    assert tries >= MAILS + by_moment[BEFORE] + by_moment[AFTER]
