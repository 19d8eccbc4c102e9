"""What an enterprise says at a visit of earlier promises and problems: stored, and told to the problems."""

from collections.abc import Collection, Sequence
from datetime import datetime

from visits.core import audit
from visits.core.authz import Actor
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.issues import operations as issues
from visits.issues import queries as problems
from visits.issues.models import Finding
from visits.issues.operations import FieldReport
from visits.outreach import queries
from visits.outreach.entries import CheckEntry
from visits.outreach.models import Promise, Visit, VisitCheck
from visits.outreach.queries import Subject, SubjectKind

Said = tuple[str, Finding, str]

NOT_LISTED = N_(
    "An answer is about a promise or problem that is not on the list of these enterprises."
    " Look through the list again."
)


def state_checks(
    actor: Actor,
    visit: Visit,
    entries: Sequence[CheckEntry],
    firms: Collection[int],
    at: datetime,
    *,
    is_other_day: bool = False,
) -> None:
    """Let a visit say this of earlier promises and problems; answers it gave otherwise are superseded.

    On another day everything was said anew. What the actor may not know of stays as it was answered.
    """
    current = {_said(row): row for row in queries.checks_of(visit.id)}
    if not current and not entries:
        return
    subjects = {row.key: row for row in queries.subjects_at(actor, sorted(firms), visit.id)}
    wanted = {_said(entry): entry for entry in entries}
    if len({key for key, _, _ in wanted}) < len(entries):
        raise Refused(N_("A promise or problem has two answers. Choose one."), field="checks")
    for entry in entries:
        _require_askable(entry, subjects.get(_said(entry)[0]), visit)
    for said, row in current.items():
        is_seen = said[0] in subjects or row.enterprise_id not in firms
        if is_seen and (is_other_day or said not in wanted):
            _supersede(actor, visit, row, at)
    db.session.flush()
    for said, entry in wanted.items():
        if is_other_day or said not in current:
            _add(actor, visit, entry, subjects[said[0]], at)


def supersede_all(actor: Actor, visit: Visit, at: datetime) -> None:
    """Let nothing stand of what a visit said of earlier promises and problems."""
    for row in queries.checks_of(visit.id):
        _supersede(actor, visit, row, at)


def _said(row: VisitCheck | CheckEntry) -> Said:
    return queries.key_of(row.promise_id, row.issue_id), row.finding, row.note


def _require_askable(entry: CheckEntry, subject: Subject | None, visit: Visit) -> None:
    if subject is None:
        raise Refused(NOT_LISTED, field="checks")
    if entry.finding not in subject.findings:
        raise Refused(N_("Choose one of the answers offered."), field="checks")
    if subject.kind is SubjectKind.PROMISE and subject.row.visited_on > visit.visited_on:
        raise Refused(
            N_("\u201c%(text)s\u201d was promised only after the day of this visit. Take the answer away."),
            field="checks",
            text=subject.text,
        )


def _supersede(actor: Actor, visit: Visit, row: VisitCheck, at: datetime) -> None:
    row.superseded_at = at
    promise = db.session.get(Promise, row.promise_id) if row.promise_id else None
    if promise is not None and promise.kept_at_visit_id == visit.id:
        promise.kept_on = promise.kept_by_id = promise.kept_at_visit_id = None
        audit.record(actor, "promise.open_again", promise, visit=visit.id)


def _add(actor: Actor, visit: Visit, entry: CheckEntry, subject: Subject, at: datetime) -> None:
    check = VisitCheck(
        visit_id=visit.id,
        enterprise_id=subject.enterprise_id,
        promise_id=entry.promise_id,
        issue_id=entry.issue_id,
        finding=entry.finding,
        of_closed=subject.kind is SubjectKind.CLOSED,
        note=entry.note,
        recorded_by_id=actor.person_id,
        recorded_at=at,
    )
    db.session.add(check)
    db.session.flush()  # the problem's log names the answer by its id
    if entry.issue_id:
        report = FieldReport(
            check.id, visit.id, visit.visited_on, entry.finding, check.of_closed, entry.note
        )
        issues.add_field_report(actor, problems.get_visible(actor, entry.issue_id), report)
    elif entry.finding is Finding.SOLVED:
        _keep(actor, visit, db.session.get_one(Promise, entry.promise_id))


def _keep(actor: Actor, visit: Visit, promise: Promise) -> None:
    if promise.is_open:
        promise.kept_on, promise.kept_by_id = visit.visited_on, actor.person_id
        promise.kept_at_visit_id = visit.id
        kept_on = visit.visited_on.isoformat()
        audit.record(actor, "promise.kept", promise, visit=visit.id, kept_on=kept_on)
