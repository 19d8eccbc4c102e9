"""What pages of other slices show of questions about records."""

from collections.abc import Sequence
from typing import Any

from visits.core.authz import Actor, may
from visits.core.permissions import Permission
from visits.core.web import current_actor
from visits.honesty import queries
from visits.honesty.models import RecordQuestion
from visits.honesty.words import sentence_of


def is_to_answer(question: RecordQuestion, actor: Actor) -> bool:
    """Say whether a question waits for this person's answer."""
    is_open = question.answered_at is None and question.closed_at is None
    return is_open and question.asked_id == actor.person_id and may(actor, Permission.HONESTY_ANSWER)


def questions_about(visit: Any) -> Sequence[tuple[RecordQuestion, str, bool]]:
    """The questions about a visit that its reader may see: with its sentence, and whether to answer it."""
    actor = current_actor()
    return [
        (one, sentence_of(one, for_office=one.asked_id != actor.person_id), is_to_answer(one, actor))
        for one in queries.about_visit(actor, visit.id)
    ]
