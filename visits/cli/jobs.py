"""`jobs list|once`: the work that nobody starts by hand, started by hand or by the system's timer."""

import json
import sys
from datetime import datetime

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from visits.core.clock import today
from visits.core.scheduling import Outcome, run_jobs
from visits.handover import jobs as handover
from visits.honesty import jobs as honesty
from visits.issues import jobs as issues
from visits.supervision import jobs as supervision

JOBS = (*issues.JOBS, *supervision.JOBS, *honesty.JOBS, *handover.JOBS)
NAMES = sorted({job.name for job in JOBS})
SHAPE = click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")

group = AppGroup("jobs", help="Work that nobody starts by hand.")


@group.command("list")
@SHAPE
def list_jobs(shape: str) -> None:
    """Name the jobs and what they do."""
    if shape == "json":
        named = {name: [job.about for job in JOBS if job.name == name] for name in NAMES}
        click.echo(json.dumps(named, ensure_ascii=False, indent=1))
        return
    for name in NAMES:
        click.echo(name)
        for job in JOBS:
            if job.name == name:
                click.echo(f"  {_(job.about)}")


@group.command("once")
@click.argument("name", type=click.Choice(NAMES))
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="The day for which to do it; by default today."
)
@SHAPE
def once(name: str, on: datetime | None, shape: str) -> None:
    """Do a job now. Exit 1: a part of it failed and is named; everything else is done."""
    day = on.date() if on else today()
    outcomes = run_jobs([job for job in JOBS if job.name == name], day)
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
