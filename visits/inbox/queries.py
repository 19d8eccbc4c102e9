"""Readings of notices and of who is told."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Delegation, Person
from visits.accounts.queries import is_away
from visits.core.authz import Actor
from visits.core.db import db
from visits.core.errors import NotFound
from visits.inbox.models import ContactPoint, Notice, NoticeKind, NoticeSwitch

Audience = Collection[int] | sa.Select[Any]
Asked = tuple[Audience, NoticeKind, str]


def receivers(asked: Sequence[Asked], day: date) -> list[tuple[int, int, int | None]]:
    """Who is to be told what: which of the audiences asked for, person, on whose behalf; one statement.

    An audience is (people, kind, event). Their deputies are told too. Left out are people disabled, who
    switched the kind off, or who were told of the event. Who is in several audiences of one event belongs
    to the first, and is told on nobody's behalf where that is so in any.
    """
    named = [_named(number, *one) for number, one in enumerate(asked)]
    if not named:
        return []
    wanted = sa.union_all(*named).cte("wanted")
    none = sa.cast(sa.null(), sa.Integer)
    behalf = sa.select(
        wanted.c.number, wanted.c.kind, wanted.c.event, Delegation.deputy_id, Delegation.person_id
    )
    all_told = sa.union_all(
        sa.select(
            wanted.c.number, wanted.c.kind, wanted.c.event, wanted.c.person_id, none.label("behalf_id")
        ),
        behalf.join(Delegation, Delegation.person_id == wanted.c.person_id).where(is_away(day)),
    ).subquery()
    kind, person_id = all_told.c.kind, all_told.c.person_id
    switched = sa.select(NoticeSwitch.kind).where(
        NoticeSwitch.person_id == person_id, sa.cast(NoticeSwitch.kind, sa.String) == kind
    )
    told = sa.select(Notice.id).where(Notice.person_id == person_id, Notice.event == all_told.c.event)
    stmt = (
        sa.select(all_told.c.number, all_told.c.event, person_id, all_told.c.behalf_id)
        .join(Person, Person.id == person_id)
        .where(Person.disabled_at.is_(None), ~switched.exists(), ~told.exists())
        .order_by(all_told.c.behalf_id.is_not(None), all_told.c.number, person_id, all_told.c.behalf_id)
    )
    first: dict[tuple[int, str], tuple[int, int, int | None]] = {}
    for number, event, person, behalf_id in db.session.execute(stmt):
        first.setdefault((person, event), (number, person, behalf_id))
    return list(first.values())


def _named(number: int, people: Audience, kind: NoticeKind, event: str) -> sa.Select[Any]:
    """The people of one audience as rows of (number, kind, event, person)."""
    which = people if isinstance(people, sa.Select) else sorted(people)
    row: tuple[Any, ...] = (sa.literal(number), sa.literal(kind.value), sa.literal(event), Person.id)
    labels = ("number", "kind", "event", "person_id")
    columns: list[Any] = [column.label(label) for column, label in zip(row, labels, strict=True)]
    return sa.select(*columns).where(Person.id.in_(which))


def people_told(event: str) -> sa.Select[Any]:
    """The ids of who was told of an event for themselves."""
    return sa.select(Notice.person_id).where(Notice.event == event, Notice.on_behalf_of_id.is_(None))


def unread_of(person_id: Any) -> Any:
    """How many notices the person of an id, or of a statement's row, has not read, as an expression."""
    unread = sa.select(sa.func.count(Notice.id))
    return unread.where(Notice.person_id == person_id, Notice.read_at.is_(None)).scalar_subquery()


def inbox_of(actor: Actor, *, is_unread_only: bool = False) -> sa.Select[Notice, str, str]:
    """A person's notices, as (Notice, who acted, on whose behalf the person is told)."""
    who, behalf = aliased(Person), aliased(Person)
    stmt = (
        sa.select(Notice, who.name.label("who"), behalf.name.label("behalf"))
        .outerjoin(who, who.id == Notice.actor_id)
        .outerjoin(behalf, behalf.id == Notice.on_behalf_of_id)
        .where(Notice.person_id == actor.person_id)
    )
    return stmt.where(Notice.read_at.is_(None)) if is_unread_only else stmt


SORTS: dict[str, Any] = {"id": Notice.id}


def get_notice(actor: Actor, notice_id: int) -> Notice:
    """One of a person's own notices; raise NotFound where there is none, or it is somebody else's."""
    own = sa.select(Notice).where(Notice.id == notice_id, Notice.person_id == actor.person_id)
    if (notice := db.session.scalar(own)) is None:
        raise NotFound()
    return notice


def switched_off(person_id: int | None) -> set[NoticeKind]:
    """The kinds of notices a person does not want."""
    return set(db.session.scalars(sa.select(NoticeSwitch.kind).where(NoticeSwitch.person_id == person_id)))


def points_of_people(person_ids: Collection[int]) -> Sequence[ContactPoint]:
    """Where these people are told beside their inboxes; people disabled are told nowhere."""
    stmt = (
        sa.select(ContactPoint)
        .join(Person, Person.id == ContactPoint.person_id)
        .where(ContactPoint.person_id.in_(person_ids), ContactPoint.address != "")
        .where(Person.disabled_at.is_(None))
    )
    return db.session.scalars(stmt.order_by(ContactPoint.id)).all()


def points_of_units(unit_ids: Collection[int]) -> Sequence[ContactPoint]:
    """Where these units are told."""
    stmt = sa.select(ContactPoint).where(ContactPoint.unit_id.in_(unit_ids), ContactPoint.address != "")
    return db.session.scalars(stmt.order_by(ContactPoint.id)).all()
