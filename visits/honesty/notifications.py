"""Who is told of a question about a record: its author first, then the office."""

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.accounts.queries import holding
from visits.core.authz import SYSTEM, Actor
from visits.core.i18n import N_
from visits.core.permissions import Permission, roles_reaching
from visits.honesty.models import RecordQuestion
from visits.inbox.models import NoticeKind
from visits.inbox.operations import Telling, post_notice

ASKED = N_("Please check a visit you recorded: there is a question about it, to be answered by %(due_on)s.")
ANSWERED = N_("A question about a record of a visit was answered.")
CLOSED = N_("The question about your record of a visit is closed.")


def notify_asked(question: RecordQuestion) -> None:
    """Tell the author that something is asked."""
    telling = _telling(question, "asked", ASKED, due_on=question.due_on.isoformat())
    post_notice(SYSTEM, _author(question), telling)


def notify_answered(actor: Actor, question: RecordQuestion) -> None:
    """Tell those who close questions that one is answered."""
    closing = holding(*roles_reaching(Permission.HONESTY_CLOSE))
    post_notice(actor, closing, _telling(question, "answered", ANSWERED))


def notify_closed(actor: Actor, question: RecordQuestion) -> None:
    """Tell the author that the office closed the question."""
    post_notice(actor, _author(question), _telling(question, "closed", CLOSED))


def _author(question: RecordQuestion) -> sa.Select[int]:
    answering = holding(*roles_reaching(Permission.HONESTY_ANSWER))
    return sa.select(Person.id).where(Person.id == question.asked_id, Person.id.in_(answering))


def _telling(question: RecordQuestion, event: str, said: str, **values: str) -> Telling:
    return Telling(NoticeKind.RECORD, f"record_questions:{question.id}:{event}", said, question, values)
