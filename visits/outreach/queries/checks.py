"""What may be asked at a visit about earlier promises and problems, and what was answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor, predicate_for
from visits.core.db import db
from visits.core.permissions import Permission
from visits.enterprises.models import Enterprise
from visits.issues.confidence import is_kept_from
from visits.issues.field import Heard, finding_text, is_closed_as_solved, to_ask_about
from visits.issues.models import Finding, Issue
from visits.issues.queries import visible_to as problems_visible_to
from visits.outreach.models import Promise, Visit, VisitCheck
from visits.outreach.queries.promises import promises_to_ask_about


class SubjectKind(StrEnum):
    """What is asked about: a promise, a problem, or a problem closed as solved."""

    PROMISE = "promise"
    PROBLEM = "problem"
    CLOSED = "closed"


FINDINGS: dict[SubjectKind, tuple[Finding, ...]] = {
    SubjectKind.PROMISE: (Finding.SOLVED, Finding.PROGRESS, Finding.NO_PROGRESS),
    SubjectKind.PROBLEM: tuple(Finding),
    SubjectKind.CLOSED: (Finding.SOLVED, Finding.NO_PROGRESS, Finding.WORSE),
}


@dataclass(frozen=True)
class Subject:
    """One promise or problem that is asked about; `row` is what a list shows of it."""

    kind: SubjectKind
    subject_id: int
    enterprise_id: int
    enterprise: str
    text: str
    row: Any

    @property
    def key(self) -> str:
        """Its name in a form."""
        return key_of(
            *((self.subject_id, None) if self.kind is SubjectKind.PROMISE else (None, self.subject_id))
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The answers that can be given."""
        return FINDINGS[self.kind]

    def words(self, finding: Finding) -> str:
        """An answer in words."""
        return finding_text(finding, of_closed=self.kind is SubjectKind.CLOSED)


def key_of(promise_id: int | None, issue_id: int | None) -> str:
    """The name in a form of a promise or a problem."""
    return f"promise-{promise_id}" if promise_id else f"problem-{issue_id}"


def subjects_at(actor: Actor, enterprise_ids: Sequence[int], visit_id: int | None = None) -> list[Subject]:
    """What to ask these enterprises about, as far as the actor may know: promises, problems, closed ones.

    Of a visit that is corrected also what it has an answer to.
    """
    if not enterprise_ids:
        return []
    answered = checks_of(visit_id) if visit_id else []
    promises = promises_to_ask_about(enterprise_ids, visit_id)
    problems = to_ask_about(actor, enterprise_ids, [row.issue_id for row in answered if row.issue_id])
    was_closed = {row.issue_id: row.of_closed for row in answered}
    return [
        Subject(SubjectKind.PROMISE, row.id, row.enterprise_id, row.enterprise, row.text, row)
        for row in promises
    ] + [
        Subject(_kind_of(row, was_closed), row.id, row.enterprise_id, row.enterprise, row.title, row)
        for row in problems
    ]


def _kind_of(row: Any, was_closed: dict[int | None, bool]) -> SubjectKind:
    """Whether a problem is asked about as one closed; where it was answered already, as it was then."""
    is_closed = was_closed.get(row.id, is_closed_as_solved(row))
    return SubjectKind.CLOSED if is_closed else SubjectKind.PROBLEM


def checks_of(visit_id: int) -> Sequence[VisitCheck]:
    """The answers of a visit that stand."""
    wanted = (VisitCheck.visit_id == visit_id, VisitCheck.superseded_at.is_(None))
    return db.session.scalars(sa.select(VisitCheck).where(*wanted).order_by(VisitCheck.id)).all()


def numbers_of(issue_ids: Iterable[int]) -> dict[int, str]:
    """The numbers of these problems, none of those whose enterprise is not named to everybody."""
    wanted = (Issue.id.in_(list(issue_ids)), Issue.confidential.is_(False))
    rows = db.session.execute(sa.select(Issue.id, Issue.number).where(*wanted))
    return {row.id: row.number for row in rows}


def texts_of_promises(promise_ids: Iterable[int]) -> dict[int, str]:
    """What was promised, by the promise's id."""
    wanted = Promise.id.in_(list(promise_ids))
    rows = db.session.execute(sa.select(Promise.id, Promise.text).where(wanted))
    return {row.id: row.text for row in rows}


@dataclass(frozen=True)
class Answer:
    """An answer as the page of its visit shows it; `may_reopen`: the actor may take it up again."""

    kind: SubjectKind
    subject_id: int
    text: str
    number: str
    enterprise: str
    finding: Finding
    heard: Heard
    is_contradicted: bool
    may_reopen: bool
    row: Any


def answers_of(actor: Actor, visit: Visit) -> list[Answer]:
    """What was answered on a visit, without problems of which the actor may not know.

    Of a void visit what it said until then.
    """
    seen = sa.and_(problems_visible_to(actor), sa.not_(is_kept_from(actor)))
    standing = sa.or_(
        VisitCheck.superseded_at.is_(None),
        sa.false() if visit.voided_at is None else VisitCheck.superseded_at == visit.voided_at,
    )
    rows = db.session.execute(
        sa.select(
            VisitCheck,
            Promise.text,
            Issue.title,
            Issue.number,
            Issue.state,
            Issue.outcome,
            Issue.closed_on,
            Issue.lead_unit_id,
            Enterprise.name.label("enterprise"),
            predicate_for(actor, Permission.ISSUES_REOPEN, Issue).label("may_reopen"),
        )
        .outerjoin(Promise, Promise.id == VisitCheck.promise_id)
        .outerjoin(Issue, Issue.id == VisitCheck.issue_id)
        .join(Enterprise, Enterprise.id == VisitCheck.enterprise_id)
        .where(VisitCheck.visit_id == visit.id, standing, sa.or_(VisitCheck.issue_id.is_(None), seen))
        .order_by(VisitCheck.id)
    )
    return [_answer(visit, row) for row in rows]


def _answer(visit: Visit, row: Any) -> Answer:
    check: VisitCheck = row.VisitCheck
    is_bad = check.finding in (Finding.NO_PROGRESS, Finding.WORSE)
    is_contradicted = bool(check.of_closed and is_bad and check.issue_id and is_closed_as_solved(row))
    kind = SubjectKind.CLOSED if check.of_closed else SubjectKind.PROBLEM
    return Answer(
        kind=kind if check.issue_id else SubjectKind.PROMISE,
        subject_id=check.issue_id or check.promise_id or 0,
        text=row.title or row.text,
        number=row.number or "",
        enterprise=row.enterprise,
        finding=check.finding,
        heard=Heard(
            finding_text(check.finding, of_closed=check.of_closed), visit.visited_on, check.note, is_bad
        ),
        is_contradicted=is_contradicted and visit.voided_at is None,
        may_reopen=bool(row.may_reopen),
        row=row,
    )


def latest_heard(enterprise_ids: Sequence[int], but: int | None = None) -> dict[str, Heard]:
    """What was heard last of the promises and problems of these enterprises, by their names in a form.

    `but` is a visit that is left out.
    """
    if not enterprise_ids:
        return {}
    rows = db.session.execute(
        sa.select(VisitCheck, Visit.visited_on)
        .join(Visit, Visit.id == VisitCheck.visit_id)
        .where(
            VisitCheck.enterprise_id.in_(enterprise_ids),
            VisitCheck.superseded_at.is_(None),
            Visit.voided_at.is_(None),
            Visit.id.is_distinct_from(but),
        )
        .order_by(Visit.visited_on, VisitCheck.id)
    )
    return {
        key_of(check.promise_id, check.issue_id): Heard(
            finding_text(check.finding, of_closed=check.of_closed),
            visited_on,
            check.note,
            check.finding in (Finding.NO_PROGRESS, Finding.WORSE),
        )
        for check, visited_on in rows
    }
