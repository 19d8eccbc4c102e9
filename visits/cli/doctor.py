"""`doctor`: what is wrong with this installation, in sentences."""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from visits.accounts.integrity import find_administrators
from visits.accounts.queries import count_people
from visits.attachments.integrity import find_missing
from visits.attachments.storage import Store
from visits.core import surroundings
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.health import Finding, Weight, advice, is_sound
from visits.core.i18n import N_
from visits.core.scheduling import Task
from visits.core.search import look_at_search
from visits.handover.integrity import find_left_behind
from visits.inbox.integrity import find_stuck_messages
from visits.issues.integrity import find_broken_records, find_idle_units
from visits.meetings.integrity import find_broken_records as find_broken_meetings
from visits.outreach.integrity import find_broken_plans
from visits.supervision.integrity import find_broken_supervision

WARNED_OF_APART = "calendar"  # calendar.warn tells those who can enter it
MARKS = {Weight.FINE: "  ", Weight.ADVICE: " ·", Weight.WRONG: " ✗"}


def examine() -> list[Finding]:
    """Look at everything; at the records only where the tables are those of this version."""
    settings = current_app.config
    findings = [
        *surroundings.look_at_machine(settings),
        *surroundings.look_at_settings(settings),
        *surroundings.look_at_database(settings),
        *surroundings.look_at_backups(settings),
    ]
    if any(finding.name == "schema" and finding.weight is Weight.FINE for finding in findings):
        findings += examine_records(settings)
    return findings


def examine_records(settings: Mapping[str, Any]) -> list[Finding]:
    """Look at what the slices know must hold among their records, once there are any."""
    if not count_people():
        return [advice("people", N_("Nobody has set the system up yet. Open its address."))]
    return [
        surroundings.look_at_demo(settings),
        surroundings.look_at_calendar(),
        *find_administrators(),
        *find_idle_units(),
        *find_broken_records(),
        *find_broken_meetings(),
        *find_broken_supervision(),
        *find_broken_plans(),
        *find_left_behind(),
        *find_stuck_messages(settings),
        *find_missing(Store(settings["ATTACHMENTS"])),
        *look_at_search(),
    ]


def _weekly(_on: date) -> str:
    """Look at the tables, the file and the records; raise Refused naming the first fault."""
    settings = current_app.config
    findings = [
        surroundings.look_at_schema(),
        *surroundings.look_inside(),
        *examine_records(settings),
    ]
    db.session.rollback()
    faults = [f for f in findings if f.weight is Weight.WRONG and f.name != WARNED_OF_APART]
    if faults:
        raise Refused(
            N_("%(count)d things must be mended, first: %(first)s “doctor” names all of them."),
            count=len(faults),
            first=said(faults[0]),
        )
    return str(len(findings))


WEEKLY = Task(
    "db.check",
    _weekly,
    N_("Looks every week whether the database is whole and the records hold together."),
    N_("Checks without a fault: %(count)d"),
)


def said(finding: Finding) -> str:
    """The sentence of a finding."""
    return _(finding.sentence, **finding.params) if finding.params else _(finding.sentence)


def as_json(findings: Iterable[Finding]) -> str:
    """The findings for a program."""
    rows = [{"name": f.name, "weight": f.weight.value, "sentence": said(f)} for f in findings]
    return json.dumps({"sound": is_sound(findings), "findings": rows}, ensure_ascii=False, indent=1)


def show(findings: Iterable[Finding]) -> None:
    """Print the findings, the gravest first."""
    order = list(reversed(Weight))
    for finding in sorted(findings, key=lambda finding: order.index(finding.weight)):
        click.echo(f"{MARKS[finding.weight]} {said(finding)}")


@click.command("doctor")
@with_appcontext
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
def doctor(shape: str) -> None:
    """Say in sentences what is wrong with this installation. Exit 1: something must be mended."""
    findings = examine()
    if shape == "json":
        click.echo(as_json(findings))
    else:
        show(findings)
        click.echo(_("Nothing must be mended.") if is_sound(findings) else _("Mend what is marked ✗."))
    sys.exit(0 if is_sound(findings) else 1)
