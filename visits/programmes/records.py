"""Reading what is stored of programmes: rounds, versions of their rules, and who is listed by name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.clock import today
from visits.core.db import db
from visits.core.listing import Page, paginate
from visits.enterprises.models import Enterprise, Tag
from visits.programmes.models import (
    Group,
    Programme,
    Round,
    ScopeListing,
    ScopeVersion,
)
from visits.programmes.queries import on_day


def names_in_conditions() -> dict[str, dict[int, str]]:
    """The names of the tags and groups that the conditions of a rule may hold, by their ids."""
    rows = db.session.execute(
        sa.select(sa.literal("tags"), Tag.id, Tag.name).union_all(
            sa.select(sa.literal("groups"), Group.id, Group.name)
        )
    )
    found: dict[str, dict[int, str]] = {"tags": {}, "groups": {}}
    for kind, key, name in rows:
        found[kind][key] = name
    return found


def versions_of(programme_id: int) -> Sequence[Any]:
    """The versions of a programme's rule with who recorded them, the latest first."""
    return db.session.execute(
        sa.select(ScopeVersion, Person.name.label("recorded_by"))
        .outerjoin(Person, Person.id == ScopeVersion.recorded_by_id)
        .where(ScopeVersion.programme_id == programme_id)
        .order_by(ScopeVersion.from_on.desc(), ScopeVersion.id.desc())
    ).all()


def all_rounds() -> Sequence[Any]:
    """The rounds of all programmes with their programme's name, the newest first."""
    return db.session.execute(
        sa.select(
            Round.id,
            Round.programme_id,
            Round.name,
            Round.from_on,
            Round.until_on,
            Programme.name.label("programme"),
        )
        .join(Programme, Programme.id == Round.programme_id)
        .order_by(Round.from_on.desc(), Round.id.desc())
    ).all()


def get_round(programme_id: int, round_id: int) -> Round | None:
    """One round of one programme."""
    return db.session.scalar(
        sa.select(Round).where(Round.id == round_id, Round.programme_id == programme_id)
    )


def get_listing(programme_id: int, listing_id: int) -> ScopeListing | None:
    """One listing of one programme."""
    return db.session.scalar(
        sa.select(ScopeListing).where(
            ScopeListing.id == listing_id, ScopeListing.programme_id == programme_id
        )
    )


def current_listings(programme_id: int, enterprise_ids: Iterable[int]) -> Sequence[ScopeListing]:
    """What is listed of these enterprises, without what was superseded."""
    return db.session.scalars(
        sa.select(ScopeListing).where(
            ScopeListing.programme_id == programme_id,
            ScopeListing.enterprise_id.in_(list(enterprise_ids)),
            ScopeListing.superseded_at.is_(None),
        )
    ).all()


def list_listings(programme_id: int, args: Mapping[str, str]) -> Page:
    """A page of the enterprises named for a programme or taken out of it; those of today first."""
    is_current = on_day(ScopeListing, today())
    stmt = (
        sa.select(
            ScopeListing.id,
            ScopeListing.enterprise_id,
            ScopeListing.is_excluded,
            ScopeListing.from_on,
            ScopeListing.until_on,
            ScopeListing.reason,
            Enterprise.name,
            Person.name.label("recorded_by"),
            is_current.label("is_current"),
        )
        .join(Enterprise, Enterprise.id == ScopeListing.enterprise_id)
        .outerjoin(Person, Person.id == ScopeListing.recorded_by_id)
        .where(ScopeListing.programme_id == programme_id, ScopeListing.superseded_at.is_(None))
    )
    sorts: dict[str, Any] = {
        "ended": sa.case((is_current, 0), else_=1),
        "name": Enterprise.pinyin,
        "from": ScopeListing.from_on,
        "id": ScopeListing.id,
    }
    return paginate(stmt, args, sorts, "ended")


def free_programme_code() -> str:
    """A code no programme has, made from the next number."""
    return f"programme_{(db.session.scalar(sa.select(sa.func.max(Programme.id))) or 0) + 1}"


def lock_programme(programme_id: int) -> Programme | None:
    """One programme, locked until the transaction ends."""
    return db.session.get(Programme, programme_id, with_for_update=True)
