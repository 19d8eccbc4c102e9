"""How a question is answered by the author, and closed by the office."""

from dataclasses import dataclass

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.errors import NotAllowed, Refused, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.honesty import queries
from visits.honesty.models import Answer, Closing, RecordQuestion
from visits.honesty.notifications import notify_answered, notify_closed
from visits.supervision.operations import pass_on_visit


@dataclass(frozen=True)
class AnswerEntry:
    """What the author answers."""

    answer: Answer
    words: str = ""


def answer(actor: Actor, question: RecordQuestion, entry: AnswerEntry, revision: int | None = None) -> None:
    """Write down the author's answer, once; the office reads it from then on."""
    require(actor, Permission.HONESTY_ANSWER)
    if question.asked_id != actor.person_id:
        raise NotAllowed(N_("This question is put to somebody else."))
    is_open = question.answered_at is None and question.closed_at is None
    question.require_revision(revision, is_open=is_open)
    if not is_open:
        raise WrongState(N_("This question is answered or closed already."))
    if entry.answer is Answer.OTHER and not entry.words.strip():
        raise Refused(N_("Write in a few words how it was."), field="words")
    question.answer, question.words, question.answered_at = entry.answer, entry.words, now()
    audit.record(actor, "question.answered", question, answer=entry.answer.value, note=entry.words)
    notify_answered(actor, question)


def close(
    actor: Actor, question: RecordQuestion, closing: Closing, note: str, revision: int | None = None
) -> None:
    """Close a question with what the office found; nothing follows but a check where that is wanted."""
    require(actor, Permission.HONESTY_CLOSE)
    if not queries.is_before(actor, question):
        raise NotAllowed(
            N_("This question is about work of your own or of your unit. Somebody else closes it.")
        )
    question.require_revision(revision, is_open=question.closed_at is None)
    if question.closed_at is not None:
        raise WrongState(N_("This question is closed already."))
    if not note.strip():
        raise Refused(N_("Write in a few words what you looked at."), field="note")
    if closing is Closing.TO_SAMPLE:
        pass_on_visit(actor, question.visit_id)
    question.closing, question.note = closing, note
    question.closed_at, question.closed_by_id = now(), actor.person_id
    audit.record(actor, "question.closed", question, closing=closing.value, note=note)
    notify_closed(actor, question)
