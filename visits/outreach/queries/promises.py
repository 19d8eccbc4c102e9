"""What was promised on visits."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.together import Few
from visits.enterprises.models import Enterprise
from visits.outreach.models import Promise, PromiseVersion, Visit, VisitCheck
from visits.outreach.queries.visits import visible_to as visits_visible_to
from visits.programmes import queries as programmes


def is_open() -> sa.ColumnElement[bool]:
    """Promises that nobody has kept or withdrawn yet."""
    return sa.and_(Promise.kept_on.is_(None), Promise.withdrawn_on.is_(None))


def readable_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Promises of visits the actor may read, and those that are the actor's to keep."""
    return sa.or_(visits_visible_to(actor), Promise.owner_id == actor.person_id)


def mine(actor: Actor) -> sa.ColumnElement[bool]:
    """Promises that are the actor's to keep: by name, else as whoever wrote the visit down."""
    # By a select of its own: joined, SQLite looks through all visits for the few that were promised on.
    written = sa.select(Visit.id).where(Visit.author_id == actor.person_id).correlate(None)
    unnamed = sa.and_(Promise.owner_id.is_(None), Promise.visit_id.in_(written))
    return sa.or_(Promise.owner_id == actor.person_id, unnamed)


def of_my_groups(actor: Actor) -> sa.ColumnElement[bool]:
    """Promises of visits of the actor's groups, and to the enterprises these answer for today."""
    covered = programmes.enterprise_ids_of_groups(actor.group_ids, today())
    return sa.or_(Visit.group_id.in_(actor.group_ids), Promise.enterprise_id.in_(covered))


def promises_waiting(actor: Actor) -> sa.ColumnElement[bool]:
    """Open promises that are the actor's to keep, made on visits that are not void."""
    void = sa.select(Visit.id).where(Visit.voided_at.is_not(None)).correlate(None)
    return sa.and_(mine(actor), is_open(), Promise.visit_id.not_in(void))


def waiting_for(actor: Actor, most: int, absent: Sequence[Actor] = ()) -> Few:
    """The open promises that are the actor's to keep, the most urgent, each with how many there are in all.

    Beside them those of absent people, as far as the actor may read them: by `whose`, so many of each.
    """
    parts = [_waiting(actor, sa.true(), most), *(_waiting(one, readable_by(actor), most) for one in absent)]
    every = sa.union_all(*parts).subquery()
    return Few(sa.select(every), (every.c.whose, every.c.place))


def _waiting(whose: Actor, which: sa.ColumnElement[bool], most: int) -> sa.Select[Any]:
    order = (Promise.due_on.is_(None), Promise.due_on, Promise.id)
    every = (
        sa.select(
            Promise.id,
            Promise.text,
            Promise.due_on,
            Promise.enterprise_id,
            Enterprise.name.label("enterprise"),
            sa.func.count().over().label("total"),
            sa.type_coerce(sa.func.row_number().over(order_by=order), sa.Integer).label("place"),
            sa.func.coalesce(Promise.due_on < today(), sa.false()).label("is_overdue"),
            sa.literal(whose.person_id).label("whose"),
        )
        .join(Visit, Visit.id == Promise.visit_id)
        .join(Enterprise, Enterprise.id == Promise.enterprise_id)
        .where(promises_waiting(whose), which)
        .subquery()
    )
    return sa.select(every).where(every.c.place <= most)


def get_readable(actor: Actor, promise_id: int) -> Any:
    """One promise as Promise, Visit and the names of its page; NotFound where the actor may not read it."""
    keeper, owner, undoer = aliased(Person), aliased(Person), aliased(Person)
    row = db.session.execute(
        sa.select(
            Promise,
            Visit,
            Enterprise.name.label("enterprise"),
            Person.name.label("author"),
            owner.name.label("owner_name"),
            keeper.name.label("kept_by"),
            undoer.name.label("withdrawn_by"),
            visits_visible_to(actor).label("may_read_visit"),
        )
        .join(Visit, Visit.id == Promise.visit_id)
        .join(Enterprise, Enterprise.id == Promise.enterprise_id)
        .join(Person, Person.id == Visit.author_id)
        .outerjoin(owner, owner.id == Promise.owner_id)
        .outerjoin(keeper, keeper.id == Promise.kept_by_id)
        .outerjoin(undoer, undoer.id == Promise.withdrawn_by_id)
        .where(Promise.id == promise_id, readable_by(actor))
    ).first()
    if row is None:
        raise NotFound()
    return row


def checks_of_promise(promise_id: int) -> Sequence[Any]:
    """What the enterprise said of a promise, the latest first: what, on which visit, by whom."""
    return db.session.execute(
        sa.select(
            VisitCheck.finding, VisitCheck.note, Visit.id.label("visit_id"), Visit.visited_on, Person.name
        )
        .join(Visit, Visit.id == VisitCheck.visit_id)
        .outerjoin(Person, Person.id == VisitCheck.recorded_by_id)
        .where(VisitCheck.promise_id == promise_id, VisitCheck.superseded_at.is_(None))
        .order_by(Visit.visited_on.desc(), VisitCheck.id.desc())
    ).all()


def changes_of_promise(promise_id: int) -> Sequence[Any]:
    """How a promise's day and owner were changed, the latest first, as (PromiseVersion, who)."""
    return db.session.execute(
        sa.select(PromiseVersion, Person.name.label("who"))
        .outerjoin(Person, Person.id == PromiseVersion.made_by_id)
        .where(PromiseVersion.promise_id == promise_id)
        .order_by(PromiseVersion.id.desc())
    ).all()


def _promises(*where: sa.ColumnElement[bool], also: Sequence[Any] = ()) -> Few:
    columns = (
        Promise.id,
        Promise.visit_id,
        Promise.enterprise_id,
        Promise.text,
        Promise.owner,
        Promise.due_on,
    )
    stmt = (
        sa.select(
            *columns,
            Promise.kept_on,
            Promise.withdrawn_on,
            Promise.withdraw_reason,
            Enterprise.name.label("enterprise"),
            Visit.visited_on,
            *also,
        )
        .join(Visit, Visit.id == Promise.visit_id)
        .join(Enterprise, Enterprise.id == Promise.enterprise_id)
        .where(*where)
    )
    return Few(stmt, (Promise.due_on.is_(None), Promise.due_on, Promise.id))


def made_on(visit_id: int) -> Few:
    """What was promised on a visit, kept or not."""
    return _promises(Promise.visit_id == visit_id)


def promises_of(visit_id: int) -> Sequence[Any]:
    """What was promised on a visit, read alone."""
    return made_on(visit_id).rows()


def open_promises_of(visit_id: int) -> dict[int, Promise]:
    """The promises of a visit that nobody has kept or withdrawn yet, by id."""
    wanted = (Promise.visit_id == visit_id, is_open())
    rows = db.session.scalars(sa.select(Promise).where(*wanted).order_by(Promise.id))
    return {promise.id: promise for promise in rows}


def promises_open(actor: Actor, enterprise_id: int) -> Sequence[Any]:
    """Promises to an enterprise that nobody has kept or withdrawn yet, the most urgent first.

    `is_readable` of a row says whether the actor may open its page.
    """
    wanted = (Promise.enterprise_id == enterprise_id, is_open(), Visit.voided_at.is_(None))
    return _promises(*wanted, also=[readable_by(actor).label("is_readable")]).rows()


def promises_to_ask_about(enterprise_ids: Sequence[int], visit_id: int | None = None) -> Sequence[Any]:
    """Open promises made on other visits; of a visit that is corrected also those it has an answer to."""
    answered = sa.select(VisitCheck.promise_id).where(
        VisitCheck.visit_id == visit_id,
        VisitCheck.superseded_at.is_(None),
        VisitCheck.promise_id.is_not(None),
    )
    wanted = sa.and_(is_open(), Visit.voided_at.is_(None))
    if visit_id is not None:
        wanted = sa.or_(sa.and_(wanted, Promise.visit_id != visit_id), Promise.id.in_(answered))
    return _promises(Promise.enterprise_id.in_(enterprise_ids), wanted).rows()


def has_past(promise_id: int) -> bool:
    """Say whether a promise was ever asked about at a visit, or its day or owner changed."""
    asked = sa.select(VisitCheck.id).where(VisitCheck.promise_id == promise_id).exists()
    changed = sa.select(PromiseVersion.id).where(PromiseVersion.promise_id == promise_id).exists()
    return bool(db.session.scalar(sa.select(sa.or_(asked, changed))))
