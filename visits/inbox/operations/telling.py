"""Every change to notices: telling people, and their reading."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.inbox import queries
from visits.inbox.models import Notice, NoticeKind
from visits.inbox.operations.at_once import send_at_once


@dataclass(frozen=True)
class Telling:
    """What people are told: its kind and event, the sentence and its values, the record it is about.

    `event` is unique to what happened, so that nobody is told of it twice. `said` is a sentence marked for
    translation, with %(name)s for each of `params`; these are plain values, and name no enterprise whose
    name is kept. `subject` is the record the notice leads to.
    """

    kind: NoticeKind
    event: str
    said: str
    subject: Any = None
    params: dict[str, Any] = field(default_factory=dict)


def post_notice(actor: Actor, people: Iterable[int], telling: Telling) -> list[Notice]:
    """Tell people in the running transaction, whoever may call; returns the notices written.

    Nobody is told of an own act, twice of one event, or of a kind switched off; people disabled are left
    out, and an absent person's deputy is told as well.
    """
    wanted = {person_id for person_id in people if person_id != actor.person_id}
    receivers = queries.receivers(wanted, telling.kind, telling.event, today())
    notices = [
        _notice(actor, person_id, on_behalf_of, telling)
        for person_id, on_behalf_of in receivers
        if person_id != actor.person_id
    ]
    db.session.add_all(notices)
    send_at_once(notices)
    return notices


def _notice(actor: Actor, person_id: int, on_behalf_of: int | None, telling: Telling) -> Notice:
    subject = telling.subject
    return Notice(
        person_id=person_id,
        kind=telling.kind,
        event=telling.event,
        said=telling.said,
        params=telling.params,
        subject_type=type(subject).__tablename__ if subject is not None else None,
        subject_id=subject.id if subject is not None else None,
        actor_id=actor.person_id,
        on_behalf_of_id=on_behalf_of,
    )
