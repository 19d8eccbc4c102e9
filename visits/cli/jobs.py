"""`jobs run|list|once`: the work that nobody starts by hand, done at its times, or started by hand."""

import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from threading import Event

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from visits.accounts import jobs as accounts
from visits.accounts.queries import holding
from visits.admin import jobs as admin
from visits.cli import backup, doctor
from visits.core import slots
from visits.core.authz import SYSTEM
from visits.core.clock import now, today
from visits.core.i18n import N_
from visits.core.markup import moment
from visits.core.permissions import Role
from visits.core.scheduler import Entry, carry_out, here, make_scheduler
from visits.core.scheduling import Outcome, run_jobs
from visits.core.timetable import TIMETABLE
from visits.digest import jobs as digest
from visits.handover import jobs as handover
from visits.honesty import jobs as honesty
from visits.inbox import jobs as inbox
from visits.inbox.delivery import Postman
from visits.inbox.models import NoticeKind
from visits.inbox.operations import Telling, post_notice
from visits.inbox.ways.choosing import Ways
from visits.issues import jobs as issues
from visits.ledgers import jobs as ledgers
from visits.monthly import jobs as monthly
from visits.outreach import jobs as outreach
from visits.supervision import jobs as supervision

JOBS = (
    *issues.JOBS,
    *supervision.JOBS,
    *honesty.JOBS,
    *handover.JOBS,
    *digest.JOBS,
    *monthly.JOBS,
    *ledgers.JOBS,
    *accounts.JOBS,
    *inbox.JOBS,
    *outreach.JOBS,
    *admin.JOBS,
    backup.NIGHTLY,
    doctor.WEEKLY,
)
NAMES = sorted(TIMETABLE)
SECONDS_BETWEEN_LOOKS = 2
FAILED = N_("A job failed, at least in part: %(job_label)s")
SHAPE = click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")

group = AppGroup("jobs", help="Work that nobody starts by hand.")


def run_named(name: str, on: date, hold: slots.Hold) -> Sequence[Outcome]:
    """Do all work of a name, one part after the other."""
    return run_jobs([job for job in JOBS if job.name == name], on, hold)


def entries() -> list[Entry]:
    """The timetable with what is to be done."""
    return [
        Entry(name, times, partial(run_named, name), tell_administrators)
        for name, times in TIMETABLE.items()
    ]


def tell_administrators(turn: slots.JobSlot) -> None:
    """Tell the administrators that a turn of a job failed in part or whole, once for each turn."""
    job = TIMETABLE[turn.job].about if turn.job in TIMETABLE else turn.job
    telling = Telling(NoticeKind.SYSTEM, f"job_slots:{turn.id}", FAILED, turn, {"job_label": job})
    post_notice(SYSTEM, holding(Role.ADMIN), telling)


@group.command("list")
@SHAPE
def list_jobs(shape: str) -> None:
    """Name the jobs, what they do, when they are due next and when they were done last."""
    last = slots.last_slots()
    if shape == "json":
        named = {name: _told(name, last.get(name)) for name in NAMES}
        click.echo(json.dumps(named, ensure_ascii=False, indent=1))
        return
    for name in NAMES:
        times = [_("next: %(moment)s", moment=moment(TIMETABLE[name].after(now())))]
        if name in last:
            times.append(_("last: %(moment)s", moment=moment(last[name])))
        click.echo(f"{name}  ({', '.join(times)})")
        for job in JOBS:
            if job.name == name:
                click.echo(f"  {_(job.about)}")


def _told(name: str, last: datetime | None) -> dict[str, object]:
    coming = TIMETABLE[name].after(now())
    return {
        "about": [job.about for job in JOBS if job.name == name],
        "next": coming and coming.isoformat(),
        "last": last and last.isoformat(),
    }


def _the_app() -> Flask:
    """The application itself: the threads of the scheduler have no context in which to look for it."""
    return current_app._get_current_object()  # type: ignore[attr-defined]


@group.command("run")
@click.option("--beside", is_flag=True, help="End when the program that started this one has ended.")
def run(beside: bool) -> None:
    """Do the jobs at their times and send what waits in the outbox, until stopped.

    Any number of these may run: each turn is done once, each message sent once.
    """
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    stop, parent = Event(), os.getppid()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: stop.set())
    scheduler = make_scheduler(_the_app(), entries())
    postman = Postman(_the_app(), Ways(current_app.config).send)
    scheduler.start()
    click.echo(_("Jobs are done at their times, and messages are sent; Ctrl-C ends this."))
    while not stop.wait(SECONDS_BETWEEN_LOOKS):
        if beside and os.getppid() != parent:
            break
        postman.look()
    postman.end()
    scheduler.shutdown()


@group.command("once")
@click.argument("name", type=click.Choice(NAMES))
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="The day for which to do it; by default today."
)
@SHAPE
def once(name: str, on: datetime | None, shape: str) -> None:
    """Do a job now. Exit 1: a part of it failed and is named; everything else is done."""
    day = on.date() if on else today()
    entry = Entry(
        name, TIMETABLE[name], lambda _today, hold: run_named(name, day, hold), tell_administrators
    )
    outcomes = carry_out(_the_app(), entry, slots.claim_now(name, here()))
    if shape == "json":
        parts = [_as_json(outcome) for outcome in outcomes]
        click.echo(json.dumps({"job": name, "on": str(day), "parts": parts}, ensure_ascii=False, indent=1))
    else:
        for outcome in outcomes:
            _show(outcome)
    sys.exit(1 if any(outcome.failed for outcome in outcomes) else 0)


def _as_json(outcome: Outcome) -> dict[str, object]:
    failed = [{"name": name, "sentence": _(said, **params)} for name, said, params in outcome.failed]
    return {"about": outcome.job.about, "done": outcome.done, "failed": failed}


def _show(outcome: Outcome) -> None:
    names = f" ({', '.join(outcome.done)})" if outcome.done else ""
    click.echo(_(outcome.job.done, count=len(outcome.done)) + names)
    for name, said, params in outcome.failed:
        click.echo(f" ✗ {name}: {_(said, **params)}", err=True)
