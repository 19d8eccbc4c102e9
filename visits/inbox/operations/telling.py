"""Telling people what happened, in the transaction in which it happens."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from visits.core.authz import ENTERPRISE, Actor
from visits.core.clock import today
from visits.core.db import db
from visits.inbox import queries
from visits.inbox.models import Notice, NoticeKind
from visits.inbox.operations.at_once import send_at_once
from visits.inbox.words import BY

_is_silent: ContextVar[bool] = ContextVar("is_silent", default=False)


@dataclass(frozen=True)
class Telling:
    """What people are told: its kind and event, the sentence and its values, the record it is about.

    `event` is unique to what happened, so that nobody is told of it twice. `said` is a sentence marked for
    translation, with %(name)s for each of `params`; these are plain values, and name no enterprise whose
    name is kept; a day goes by a name that ends in _on, as ISO text, words to be translated by one that
    ends in _label. `subject` is the record the notice leads to. Of what `is_confidential` only the number
    leaves the house.
    """

    kind: NoticeKind
    event: str
    said: str
    subject: Any = None
    params: dict[str, Any] = field(default_factory=dict)
    is_confidential: bool = False

    def __post_init__(self) -> None:
        """Fail where it is said and not where it is read: a value may be missing."""
        self.said % self.params


def post_notice(actor: Actor, people: Iterable[int] | sa.Select[Any], telling: Telling) -> list[Notice]:
    """Tell people in the running transaction, whoever may call; returns the notices written.

    `people` are ids, or a select of them. Nobody is told of what they did themselves, twice of one event,
    or of a kind switched off; people disabled are left out, and an absent person's deputy is told as well.
    """
    audience = people if isinstance(people, sa.Select) else set(people)
    return post_notices(actor, [(audience, telling)])


def post_notices(
    actor: Actor, told: Sequence[tuple[queries.Audience, Telling]], behind: int | None = None
) -> list[Notice]:
    """Tell several audiences at once, as post_notice does, in two statements however many people they are.

    `behind` is the person whose act made the system act, who is not told either.
    """
    if _is_silent.get() or not told:
        return []
    asked = [(people, telling.kind, telling.event) for people, telling in told]
    rows = [
        _row(actor, person_id, on_behalf_of, told[number][1])
        for number, person_id, on_behalf_of in queries.receivers(asked, today())
        if person_id not in {actor.person_id, behind}
    ]
    notices = list(db.session.scalars(sa.insert(Notice).returning(Notice), rows)) if rows else []
    send_at_once(notices, {telling.event for _, telling in told if telling.is_confidential})
    return notices


@contextmanager
def in_silence() -> Iterator[None]:
    """Tell nobody anything within this: what is written down long after it happened is no news."""
    before = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(before)


def _row(actor: Actor, person_id: int, on_behalf_of: int | None, telling: Telling) -> dict[str, Any]:
    subject = telling.subject
    return {
        "person_id": person_id,
        "kind": telling.kind,
        "event": telling.event,
        "said": telling.said,
        "params": telling.params | ({BY: ENTERPRISE.name} if actor is ENTERPRISE else {}),
        "subject_type": type(subject).__tablename__ if subject is not None else None,
        "subject_id": subject.id if subject is not None else None,
        "actor_id": actor.person_id,
        "on_behalf_of_id": on_behalf_of,
    }
