"""Web processes are killed while visits are sent in: none that was acknowledged is lost, none is doubled.

KILLED_SUBMISSIONS sets how many are sent; by default few, for a quick run.
"""

import http.client
import os
import signal
import sys
import threading
import uuid
from itertools import count

import psutil
import pytest
import sqlalchemy as sa

from config import env_int
from tests.factories.accounts import PASSWORD
from tests.support.databases import scratch_url
from tests.support.live_server import LiveServer
from tests.support.raw_browser import RawBrowser
from tests.support.zones import restored_zone
from visits.accounts.operations import set_password
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import db, transaction
from visits.core.schema import apart

SUBMISSIONS = env_int("KILLED_SUBMISSIONS", 60)
SENDERS, KILL_EVERY = 4, 12
LOST = (OSError, http.client.HTTPException)


class Sender(RawBrowser):
    """A browser that sends visits one after the other over a connection of its own."""

    def send(self, client_id, visit):
        """Send a visit; return where it can be read, None when no answer came or the server was busy."""
        body = visit | {"client_id": client_id, "csrf_token": self.token}
        try:
            status, location, page = self.ask("POST", "/visits/new", body)
        except LOST:
            return None
        assert status in {303, 503}, page.decode()[:3000]
        return location if status == 303 else None


@pytest.fixture
def office(tmp_path):
    """A zone with one cadre who can sign in; returns its address, the cadre's name, and a visit."""
    target = restored_zone(scratch_url("killed", tmp_path), tmp_path)
    with apart(target.url), transaction():
        row = db.session.execute(
            sa.text(
                "SELECT p.id, p.username FROM people p JOIN person_roles r ON r.person_id = p.id "
                "WHERE r.role = 'cadre' ORDER BY p.id"
            )
        ).first()
        set_person_password(row.id)
        firm = db.session.scalar(sa.text("SELECT min(id) FROM enterprises"))
        programme = db.session.scalar(sa.text("SELECT min(id) FROM programmes"))
    visit = {
        "enterprise_ids": firm,
        "visited_on": today().isoformat(),
        "mode": "on_site",
        "kind": "regular",
        "programme_ids": programme,
        "participant_ids": row.id,
        "no_issue_ids": "all",
        "summary": "生产正常。",
        "frequency_reason": "驻点服务",  # so many visits a day to one enterprise are above the cap
    }
    return target.url, row.username, visit


def set_person_password(person_id):
    """Give the person a password."""
    from visits.accounts.models import Person

    set_password(SYSTEM, db.session.get(Person, person_id), PASSWORD)


class Killer:
    """Kills a web process after every so many answers."""

    def __init__(self, server):
        self.server, self.answers, self.kills, self.lock = server, count(1), 0, threading.Lock()

    def note(self):
        """Count an answer; now and then kill one of the processes, whatever it does at the time."""
        with self.lock:
            if next(self.answers) % KILL_EVERY:
                return
            workers = psutil.Process(self.server.process.pid).children()
            if workers:
                os.kill(workers[self.kills % len(workers)].pid, signal.SIGKILL)
                self.kills += 1


def visits_of(url):
    with apart(url) as engine, engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT client_id, id FROM visits WHERE summary = '生产正常。'"))
        return [tuple(row) for row in rows]


def test_no_acknowledged_visit_is_lost_and_none_is_doubled(office, tmp_path):
    url, username, visit = office
    wanted = [str(uuid.uuid4()) for _ in range(SUBMISSIONS)]
    known, waiting, lock = {}, list(wanted), threading.Lock()
    server = LiveServer(tmp_path, url=url, workers=2)
    with server:
        killer = Killer(server)
        senders = [Sender(server.address, username) for _ in range(SENDERS)]

        def work(sender):
            while True:
                with lock:
                    if not waiting:
                        return
                    client_id = waiting.pop(0)
                location = sender.send(client_id, visit)
                killer.note()
                with lock:
                    if location is None:
                        waiting.append(client_id)  # as a person would: send it again
                    else:
                        known[client_id] = location

        threads = [threading.Thread(target=work, args=(sender,)) for sender in senders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=300)
        again = {client_id: senders[0].send(client_id, visit) for client_id in wanted[:10]}
    stored = visits_of(url)
    assert killer.kills >= SUBMISSIONS // KILL_EVERY
    assert set(known) == set(wanted)
    assert sorted(client_id for client_id, _id in stored) == sorted(wanted)
    assert {client_id: f"/visits/{visit_id}" for client_id, visit_id in stored} == known
    assert {client_id: known[client_id] for client_id in again} == again
    sys.stdout.write(f"\n{len(known)} acknowledged, {killer.kills} kills, {len(stored)} stored\n")
