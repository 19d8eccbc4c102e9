"""How questions are raised, once each, and settled where a correction leaves nothing to ask."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from visits.core import audit
from visits.core.authz import SYSTEM, Actor, require
from visits.core.calendar import load_calendar
from visits.core.clock import now, today
from visits.core.db import db, lock_name
from visits.core.permissions import Permission
from visits.honesty import looking, queries, rules
from visits.honesty.models import Closing, QuestionVisit, RecordQuestion
from visits.honesty.notifications import notify_asked
from visits.honesty.rules import Doubt
from visits.issues.models import Issue
from visits.outreach.models import Visit


def raise_questions(actor: Actor, on: date) -> list[RecordQuestion]:
    """Look at the records of late and ask what was not asked before; the same day again adds nothing."""
    require(actor, Permission.HONESTY_CLOSE)
    lock_name("honesty")
    settle_all()
    return raise_all(looking.doubts_lately(on))


def raise_all(doubts: Iterable[Doubt]) -> list[RecordQuestion]:
    """Ask what these doubts are about."""
    return [_raise(doubt, doubt.asked_id) for doubt in doubts]


def raise_one(doubt: Doubt) -> bool:
    """Ask about one doubt; False where that was asked meanwhile."""
    lock_name("honesty")
    return bool(raise_all(looking.not_asked([doubt])))


def raise_denied(issue: Issue, doubt: Doubt, asked_id: int | None) -> RecordQuestion:
    """Put before the office what an enterprise said by the link of a problem, and ask the author."""
    return _raise(doubt, asked_id, enterprise_id=issue.enterprise_id, issue_id=issue.id)


def _raise(doubt: Doubt, asked_id: int | None, **origin: int) -> RecordQuestion:
    question = RecordQuestion(
        key=doubt.key,
        kind=doubt.kind,
        asked_id=asked_id,
        said=doubt.said,
        due_on=rules.answer_until(today(), load_calendar()),
        visit_id=doubt.visit_ids[0],
        **origin,
    )
    db.session.add(question)
    db.session.flush()  # the visits it names need its id
    db.session.add_all(QuestionVisit(question_id=question.id, visit_id=key) for key in doubt.visit_ids)
    audit.record(SYSTEM, "question.raised", question, kind=doubt.kind.value, visits=list(doubt.visit_ids))
    notify_asked(question)
    return question


def settle_all() -> list[RecordQuestion]:
    """Close all questions about which nothing is left to ask."""
    return settle_those()


def settle_those(*where: Any) -> list[RecordQuestion]:
    """Close those questions for which all this is true and about which nothing is left to ask."""
    return _settle(looking.settled(queries.unclosed(*where)))


def settle_one(question_id: int) -> bool:
    """Close one question if nothing is left to ask."""
    return bool(settle_those(RecordQuestion.id == question_id))


def _settle(questions: list[RecordQuestion]) -> list[RecordQuestion]:
    for question in questions:
        question.closing, question.closed_at = Closing.BY_ITSELF, now()
        audit.record(SYSTEM, "question.settled", question, kind=question.kind.value)
    return questions


def look_at(visit: Visit) -> None:
    """Look at a visit that was just recorded, corrected or voided: settle old questions, ask new ones."""
    db.session.flush()  # what was just written is what is looked at
    settle_those(queries.naming(visit.id))
    if visit.voided_at is None:
        raise_all(looking.doubts_about(visit))
