"""Every reading of handovers and of what is handed over by them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person
from visits.core.authz import Actor, predicate_for, reaches
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.listing import Page, paginate
from visits.core.permissions import Permission, Reach
from visits.core.together import Few
from visits.enterprises.models import Contact, Enterprise
from visits.handover.models import Handover, HandoverItem
from visits.handover.states import DROPPED, UNSETTLED, HandoverState, ItemState


def involved(actor: Actor) -> sa.ColumnElement[bool]:
    """Handovers from me, opened by me, or with something for me."""
    mine = sa.select(HandoverItem.handover_id).where(HandoverItem.receiver_id == actor.person_id)
    return sa.or_(led(actor), Handover.id.in_(mine))


def led(actor: Actor) -> sa.ColumnElement[bool]:
    """Handovers from me, or opened by me."""
    return sa.or_(Handover.from_id == actor.person_id, Handover.opened_by_id == actor.person_id)


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The handovers a person may see."""
    return predicate_for(actor, Permission.HANDOVER_READ, Handover)


def opens_for_all(actor: Actor) -> bool:
    """Say whether a person opens handovers for others too."""
    return actor.is_system or Reach.ALL in reaches(actor.roles, Permission.HANDOVER_OPEN)


def get_handover(actor: Actor, handover_id: int, *, to_write: bool = False) -> Handover:
    """One handover, to write it locked; raise NotFound where there is none, or not for this person."""
    stmt = sa.select(Handover).where(Handover.id == handover_id, visible_to(actor))
    if to_write:
        stmt = stmt.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(stmt)
    if found is None:
        raise NotFound()
    return found


def running_from(person_id: int) -> Handover | None:
    """The handover under way from a person."""
    stmt = sa.select(Handover).where(Handover.from_id == person_id, Handover.state == HandoverState.RUNNING)
    return db.session.scalar(stmt)


def get_shown(actor: Actor, handover_id: int) -> Any:
    """One handover, as `Handover`, with the names its page shows; raise NotFound as get_handover."""
    leaver, receiver, opener = aliased(Person), aliased(Person), aliased(Person)
    row = db.session.execute(
        sa.select(
            Handover,
            leaver.name.label("leaver"),
            leaver.post.label("leaver_post"),
            receiver.name.label("receiver"),
            opener.name.label("opener"),
        )
        .join(leaver, leaver.id == Handover.from_id)
        .join(receiver, receiver.id == Handover.to_id)
        .outerjoin(opener, opener.id == Handover.opened_by_id)
        .where(Handover.id == handover_id, visible_to(actor))
    ).first()
    if row is None:
        raise NotFound()
    return row


def items_shown(handover_id: int) -> Sequence[Any]:
    """The things of a handover, as `HandoverItem`, with enterprise and receiver, in the pack's order."""
    return db.session.execute(
        sa.select(
            HandoverItem,
            Enterprise.name.label("enterprise"),
            Person.name.label("receiver"),
        )
        .join(Person, Person.id == HandoverItem.receiver_id)
        .outerjoin(Enterprise, Enterprise.id == HandoverItem.enterprise_id)
        .where(HandoverItem.handover_id == handover_id)
        .order_by(HandoverItem.id)
    ).all()


def contacts_of(enterprise_ids: Sequence[int]) -> Mapping[int, str]:
    """Whom to speak to at these enterprises: names and posts of their contacts, no numbers."""
    rows = db.session.execute(
        sa.select(Contact.enterprise_id, Contact.name, Contact.post)
        .where(Contact.enterprise_id.in_(enterprise_ids))
        .order_by(Contact.enterprise_id, Contact.id)
    )
    found: dict[int, list[str]] = {}
    for enterprise_id, name, post in rows:
        found.setdefault(enterprise_id, []).append(f"{name}（{post}）" if post else name)
    return {key: "、".join(names) for key, names in found.items()}


def items_of(handover_id: int, *states: ItemState) -> Sequence[HandoverItem]:
    """The things of a handover in these states, or all."""
    wanted = [HandoverItem.state.in_(states)] if states else []
    stmt = sa.select(HandoverItem).where(HandoverItem.handover_id == handover_id, *wanted)
    return db.session.scalars(stmt.order_by(HandoverItem.id)).all()


def is_settled(handover_id: int) -> bool:
    """Say whether nothing of a handover waits any more."""
    waiting = sa.select(HandoverItem.id).where(
        HandoverItem.handover_id == handover_id, HandoverItem.state.in_(UNSETTLED)
    )
    return db.session.execute(waiting.limit(1)).first() is None


def _counted(*where: sa.ColumnElement[bool]) -> Any:
    stmt = sa.select(sa.func.count(HandoverItem.id)).where(HandoverItem.handover_id == Handover.id, *where)
    return stmt.correlate(Handover).scalar_subquery()


def _rows(actor: Actor) -> sa.Select[Any]:
    leaver, receiver = aliased(Person), aliased(Person)
    offered, state = HandoverItem.state == ItemState.OFFERED, HandoverItem.state
    return (
        sa.select(
            Handover.id,
            Handover.from_id,
            Handover.from_on,
            Handover.state,
            Handover.reason,
            leaver.name.label("leaver"),
            receiver.name.label("receiver"),
            _counted().label("items"),
            _counted(state == ItemState.DONE).label("done"),
            _counted(state == ItemState.ACCEPTED).label("accepted"),
            _counted(offered).label("offered"),
            _counted(state == ItemState.DECLINED).label("declined"),
            _counted(state.in_(DROPPED)).label("dropped"),
            _counted(offered, HandoverItem.receiver_id == actor.person_id).label("mine"),
        )
        .join(leaver, leaver.id == Handover.from_id)
        .join(receiver, receiver.id == Handover.to_id)
        .where(visible_to(actor))
    )


def list_handovers(actor: Actor, args: Mapping[str, str]) -> Page:
    """A page of the handovers a person may see, those under way first."""
    ended = sa.case((Handover.state == HandoverState.RUNNING, 0), else_=1)
    sorts: dict[str, Any] = {"running": ended, "day": Handover.from_on, "id": -Handover.id}
    return paginate(_rows(actor), args, sorts, "running")


def asking(actor: Actor) -> sa.ColumnElement[bool]:
    """Handovers under way that ask something of a person: something to take over, or to see to."""
    mine = sa.select(HandoverItem.handover_id).where(
        HandoverItem.receiver_id == actor.person_id, HandoverItem.state == ItemState.OFFERED
    )
    concerns = (
        sa.true()
        if opens_for_all(actor)
        else sa.or_(Handover.id.in_(mine), Handover.from_id == actor.person_id)
    )
    return sa.and_(Handover.state == HandoverState.RUNNING, visible_to(actor), concerns)


def waiting_for(actor: Actor, most: int) -> Few:
    """The handovers that ask something of a person, those with something to take over first."""
    rows = _rows(actor).where(asking(actor)).subquery()
    return Few(sa.select(rows), (rows.c.mine.desc(), rows.c.from_on, rows.c.id), most)


def due_on(day: date) -> Sequence[tuple[int, str]]:
    """The handovers under way whose day has come and of which something accepted waits, with the leaver."""
    waiting = sa.select(HandoverItem.handover_id).where(HandoverItem.state == ItemState.ACCEPTED)
    rows = db.session.execute(
        sa.select(Handover.id, Person.name)
        .join(Person, Person.id == Handover.from_id)
        .where(Handover.state == HandoverState.RUNNING, Handover.from_on <= day, Handover.id.in_(waiting))
        .order_by(Handover.from_on, Handover.id)
    )
    return [(handover_id, name) for handover_id, name in rows]


def offered_to(person_id: int) -> sa.Select[*tuple[Any, ...]]:
    """What was offered to a person and is not settled, as (name, handover id) rows."""
    return (
        sa.select(HandoverItem.name, HandoverItem.handover_id)
        .join(Handover, Handover.id == HandoverItem.handover_id)
        .where(
            HandoverItem.receiver_id == person_id,
            HandoverItem.state.in_([ItemState.OFFERED, ItemState.ACCEPTED]),
            Handover.state == HandoverState.RUNNING,
        )
        .order_by(HandoverItem.id)
    )
