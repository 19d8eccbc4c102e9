"""What pages of other slices show of questions about records."""

from collections.abc import Sequence
from typing import Any

from visits.core.authz import Actor, may
from visits.core.permissions import Permission
from visits.core.web import current_actor
from visits.honesty import queries
from visits.honesty.models import RecordQuestion
from visits.honesty.words import FROM_THE_OTHER, sentence_beside, sentence_of


def is_to_answer(question: RecordQuestion, actor: Actor) -> bool:
    """Say whether a question waits for this person's answer."""
    is_open = question.answered_at is None and question.closed_at is None
    return is_open and question.asked_id == actor.person_id and may(actor, Permission.HONESTY_ANSWER)


def questions_about(visit: Any) -> Sequence[tuple[RecordQuestion, str, bool]]:
    """The questions about a visit that its reader may see: with its sentence, and whether to answer it."""
    actor = current_actor()
    found = queries.about_visit(actor, visit.id)
    others = queries.asked_about(q for q in found if q.visit_id != visit.id and q.kind in FROM_THE_OTHER)
    return [
        (one, _sentence_on(visit, one, others.get(one.visit_id)), is_to_answer(one, actor)) for one in found
    ]


def _sentence_on(visit: Any, question: RecordQuestion, other: Any) -> str:
    """What a question asks, as the page of this visit says it: of itself, or of the other one it names."""
    if other is not None and question.visit_id != visit.id:
        return sentence_beside(question, other)
    return sentence_of(question, for_office=question.asked_id != current_actor().person_id)
