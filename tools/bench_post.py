"""How pages fare while messages leave: the same pages, beside mail servers that answer, refuse and hang."""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import sqlalchemy as sa

from config import ROOT
from tools.bench_cases import Case, all_cases
from tools.bench_client import Visitor
from visits.core import slots
from visits.core.db import db, transaction
from visits.core.timetable import TIMETABLE
from visits.inbox.models import Channel, ContactPoint, Delivery, DeliveryState
from visits.inbox.operations import Message, queue_message

WAITING, SECONDS_BEFORE, SECONDS, AIM = 300, 5.0, 8.0, 1.5
PAGES = ("problems", "my work, handler", "a problem, two rounds", "add a note")
SERVERS = ("the server answers", "the server refuses", "the server hangs")
EVENT = "bench:"
JOBS = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run", "--beside"]
SINK = [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l"]
TEXT = "量测用的一封信，长短如同一份每日提醒。\n" * 60


@contextmanager
def mail_server(conduct: str) -> Iterator[int]:
    """The port of a mail server: one that takes everything, one that never speaks, or none."""
    with ExitStack() as held:
        listener = held.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = int(listener.getsockname()[1])
        if conduct != "the server hangs":  # that one lets callers in and says nothing
            listener.close()
        if conduct == "the server answers":
            sink = subprocess.Popen([*SINK, f"127.0.0.1:{port}"], cwd=ROOT)
            held.callback(_end, sink)
        yield port


def _end(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:  # it lets the message on its way arrive, for which we do not wait
        process.kill()
        process.wait()


@contextmanager
def sending(port: int) -> Iterator[None]:
    """The scheduled work beside the pages, as in an office; open when it has begun."""
    mail = {"HOST": "127.0.0.1", "PORT": str(port), "SECURITY": "none", "FROM": "visits@example.org"}
    settings = os.environ | {f"VISITS_MAIL_{name}": value for name, value in mail.items()}
    process = subprocess.Popen(JOBS, cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield
    finally:
        _end(process)


def nothing_is_due() -> None:
    """Note every job as done just now, so that none of them is measured too."""
    for name in TIMETABLE:
        slots.claim_now(name, "bench").end(0, 0, "")


def put_in(person_id: int) -> None:
    """Let messages wait for one person, in place of those of an earlier case."""
    take_out()
    with transaction():
        mine = (ContactPoint.person_id == person_id, ContactPoint.channel == Channel.MAIL)
        point = db.session.scalar(sa.select(ContactPoint).where(*mine))
        if point is None:
            point = ContactPoint(person_id=person_id, channel=Channel.MAIL, address="somebody@example.org")
            db.session.add(point)
            db.session.flush()
        for _ in range(WAITING):
            queue_message([point], f"{EVENT}{uuid4()}", Message("量测", TEXT, f"<p>{TEXT}</p>"))


def take_out() -> None:
    """Leave none of our messages."""
    with transaction():
        db.session.execute(sa.delete(Delivery).where(Delivery.event.startswith(EVENT)))


def counted() -> str:
    """What became of the messages so far."""
    mine = Delivery.event.startswith(EVENT)
    tried, sent = (sa.select(sa.func.count()).where(mine, condition) for condition in (
        Delivery.tries > 0, Delivery.state == DeliveryState.SENT
    ))  # fmt: skip
    found = db.session.scalar(tried), db.session.scalar(sent)
    db.session.rollback()
    return "{} tried, {} sent".format(*found)


class Asker:
    """Asks a few pages again and again, for a number of seconds."""

    def __init__(self, port: int, persons: dict[str, int]) -> None:
        self.cases = [case for case in all_cases() if case.name in PAGES]
        self.visitors = {case.role: Visitor(port) for case in self.cases}
        for role, visitor in self.visitors.items():
            visitor.sign_in(persons[role])

    def ask(self, case: Case) -> float:
        """One request; how long it took."""
        visitor, address = self.visitors[case.role], next(case.addresses)
        answer = case.post(visitor, address) if case.post else visitor.ask("GET", address)
        if answer.status >= 400:
            raise RuntimeError(f"{case.name}: answered by {answer.status}")
        return answer.took

    def found(self, seconds: float) -> dict[str, list[float]]:
        """What pages took, those read and those sent."""
        found: dict[str, list[float]] = {"read": [], "sent": []}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for case in self.cases:
                found["sent" if case.post else "read"].append(self.ask(case))
        return found


def row(conduct: str, quiet: dict[str, list[float]], found: dict[str, list[float]], done: str) -> str:
    """One line of the table: without and with messages on their way, for pages and for forms."""
    said = []
    for kind in ("read", "sent"):
        said += [
            f"{statistics.median(took):.1f} / {statistics.quantiles(took, n=20)[-1]:.1f}"
            for took in (quiet[kind], found[kind])
        ]
    ratios = [statistics.median(found[kind]) / statistics.median(quiet[kind]) for kind in ("read", "sent")]
    against = " | ".join(f"{ratio:.2f}" for ratio in ratios)
    verdict = "ok" if max(ratios) <= AIM else "missed"
    return f"| {conduct} | {' | '.join(said)} | {against} | {AIM:g} | {done} | {verdict} |"


def fares(port: int, persons: dict[str, int]) -> Iterator[str]:
    """Pages and forms just before and while messages go to each server, as a table; within a minute."""
    asker = Asker(port, persons)
    nothing_is_due()
    take_out()
    yield f"\nMilliseconds, median / 95th percentile, before and while {WAITING} messages are sent"
    yield "\n| | pages before | pages | forms before | forms | × pages | × forms | aim | mails | |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|---|---|"
    for conduct in SERVERS:
        with mail_server(conduct) as mail_port, sending(mail_port):
            asker.found(1)
            quiet = asker.found(SECONDS_BEFORE)
            put_in(persons["cadre"])
            found = asker.found(SECONDS)
            yield row(conduct, quiet, found, counted())
        take_out()
