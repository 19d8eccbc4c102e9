"""What waits for everybody this morning, read at once, and the digests that were made of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.accounts import queries as accounts
from visits.accounts.models import Person
from visits.core.authz import Actor, reaches
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Permission, Role, reach_of
from visits.coverage.queries import due_scope, short_of_visits
from visits.digest.facts import WHO, Ground, Item, Part, Rows, Section, each_of
from visits.digest.models import Digest
from visits.digest.problem_parts import BOARDS, OFFICE, OWN, UNIT
from visits.digest.visit_parts import HANDOVERS, MEETINGS, SUPERVISION, VISITS
from visits.inbox.models import Notice
from visits.issues import queries as issues
from visits.issues.boards import conditions_of, days_of
from visits.meetings import queries as meetings
from visits.outreach.queries.plans import plan_visible_to
from visits.outreach.queries.promises import readable_by
from visits.supervision.queries import visible_orders

PARTS = (*MEETINGS, *UNIT, *OFFICE, *SUPERVISION, *OWN, *VISITS, *BOARDS, *HANDOVERS)
BY_KEY = {part.key: part for part in PARTS}
SEEN = dict.fromkeys((part.key for part in (*UNIT, *OFFICE, *OWN, *BOARDS)), issues.visible_to) | {
    "meetings": meetings.visible_to,
    "to_reply": visible_orders,
    "to_judge": visible_orders,
    "to_ask": issues.visible_to,
    "promises": readable_by,
    "plans": plan_visible_to,
}
SHOWN = 5
WATCHING = frozenset({Role.AUDITOR})  # who only looks on has nothing to do
LONGEST = 60
AT_ONCE = 100  # selects in one statement
# The first of the roles that may the same throughout, for each role: a unit's handler for its head.
TWINS = {
    role: next(twin for twin in Role if all(reach_of(twin, p) is reach_of(role, p) for p in Permission))
    for role in Role
}


@dataclass
class Waiting:
    """What waits for one person: sections in the order of PARTS, then the absent's; notices not read."""

    person_id: int
    name: str
    language: str | None = None
    unread: int = 0
    sections: list[Section] = field(default_factory=list)


def read_ground() -> Ground:
    """What the parts are cut by today."""
    calendar = load_calendar()
    days = days_of(calendar)
    short = short_of_visits(due_scope(), days.today, calendar)
    return Ground(calendar, days, conditions_of(days), short)


def gather() -> list[Waiting]:
    """What waits for everybody not disabled; people for whom nothing waits are left out.

    Eight statements for a hundred kinds of rows, however many people there are.
    """
    people = {row.id: row for row in db.session.execute(_active())}
    actors = {key: accounts.actor_in(row) for key, row in people.items()}
    waiting = {row.id: Waiting(row.id, row.name, row.language) for row in people.values()}
    ground = read_ground()
    for person_id, sections in _sections(actors, ground).items():
        waiting[person_id].sections = sections
    _tell_deputies(waiting, actors, ground)
    for person_id, count in _unread():
        if person_id in waiting:
            waiting[person_id].unread = count
    return [one for one in waiting.values() if one.sections]


def _active() -> sa.Select[Any]:
    columns = accounts.actor_columns()
    stmt = sa.select(Person.id, Person.name, Person.language, *columns)
    return stmt.where(Person.disabled_at.is_(None)).order_by(Person.id)


def _unread() -> Iterable[tuple[int, int]]:
    stmt = sa.select(Notice.person_id, sa.func.count()).where(Notice.read_at.is_(None))
    return [(person_id, count) for person_id, count in db.session.execute(stmt.group_by(Notice.person_id))]


def parts_for(actor: Actor) -> list[Part]:
    """The parts that speak to whoever holds the actor's roles."""
    roles = actor.roles - WATCHING
    return [part for part in PARTS if _roles_for(part, roles) and part.works_for(roles)]


def _roles_for(part: Part, roles: frozenset[Role]) -> frozenset[Role]:
    """Those of these roles by which a part speaks to somebody; of roles that may the same only one."""
    held = (role for role in roles if any(reaches(frozenset({role}), right) for right in part.rights))
    return frozenset(TWINS[role] for role in held)


def _sections(actors: Mapping[int, Actor], ground: Ground) -> dict[int, list[Section]]:
    """The sections of all these people: a select for each part and combination of the roles it asks for."""
    held: dict[tuple[str, frozenset[Role]], list[int]] = defaultdict(list)
    for person_id, actor in actors.items():
        for part in parts_for(actor):
            held[part.key, _roles_for(part, actor.roles - WATCHING)].append(person_id)
    selects = [
        _first_rows(BY_KEY[key], BY_KEY[key].rows(each_of(roles), ground), people)
        for (key, roles), people in held.items()
    ]
    found: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in _together(selects):
        found[row.person_id][row.part].append(row)
    return {
        person_id: [_section(part, rows[part.key]) for part in PARTS if part.key in rows]
        for person_id, rows in found.items()
    }


def _together(selects: Sequence[sa.Select[Any]]) -> Iterator[Any]:
    """The rows of all these selects, in few statements; those of one section in their order."""
    for start in range(0, len(selects), AT_ONCE):
        every = sa.union_all(*selects[start : start + AT_ONCE])
        yield from db.session.execute(every.order_by("person_id", "part", "place"))


def sections_of(actor: Actor, ground: Ground) -> list[Section]:
    """The sections of one person, read for this person alone."""
    found = []
    for part in parts_for(actor):
        rows = db.session.execute(_first_rows(part, part.rows(actor, ground), [actor.person_id or 0])).all()
        found += [_section(part, sorted(rows, key=lambda row: row.place))] if rows else []
    return found


def _first_rows(part: Part, rows: Rows, people: Sequence[int]) -> sa.Select[Any]:
    """The first rows of one part for each of these people, with how many there are in all."""
    who = sa.select(Person.id).where(Person.id.in_(people)).subquery("who")
    source = sa.join(who, rows.table, sa.true())
    for table, condition in rows.joins:
        source = sa.outerjoin(source, table, condition)
    ranked = (
        sa.select(
            WHO.label("person_id"),
            sa.literal(part.key, sa.String).label("part"),
            rows.ref.label("ref"),
            sa.cast(rows.number, sa.String).label("number"),
            sa.cast(rows.name, sa.String).label("name"),
            rows.due.label("due"),
            rows.is_confidential.label("is_confidential"),
            sa.func.count().over(partition_by=WHO).label("total"),
            sa.func.row_number().over(partition_by=WHO, order_by=rows.order).label("place"),
        )
        .select_from(source)
        .where(rows.where)
        .subquery()
    )
    return sa.select(ranked).where(ranked.c.place <= SHOWN)


def _section(part: Part, rows: Sequence[Any], behalf: str = "") -> Section:
    items = (
        Item(row.ref, row.number, _short(row.name or ""), row.due, bool(row.is_confidential))
        for row in rows
    )
    return Section(part.key, rows[0].total, tuple(items), behalf)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _tell_deputies(waiting: Mapping[int, Waiting], actors: Mapping[int, Actor], ground: Ground) -> None:
    """Add what waits for absent people to their deputies', as far as these may read it themselves."""
    pairs = accounts.deputies_on(today(), list(waiting))
    selects = []
    for absent, deputy in pairs:
        roles = actors[deputy].roles - WATCHING
        speaks = {part.key for part in PARTS if part.for_deputy and _roles_for(part, roles)}
        for part in (BY_KEY[section.key] for section in waiting[absent].sections):
            if part.key in speaks:
                rows = part.rows(actors[absent], ground)
                seen = sa.and_(rows.where, SEEN.get(part.key, _all)(actors[deputy]))
                stmt = _first_rows(part, replace(rows, where=seen), [deputy]).subquery()
                selects.append(sa.select(stmt, sa.literal(absent, sa.Integer).label("absent")))
    told = {key: {(s.key, s.total, s.items) for s in one.sections} for key, one in waiting.items()}
    found: dict[tuple[int, int, str], list[Any]] = defaultdict(list)
    for row in _together(selects):
        found[row.absent, row.person_id, row.part].append(row)
    for (absent, deputy, key), first in found.items():
        section = _section(BY_KEY[key], first, waiting[absent].name)
        if (key, section.total, section.items) not in told[deputy]:
            waiting[deputy].sections.append(section)


def _all(_actor: Actor) -> sa.ColumnElement[bool]:
    return sa.true()


def digest_of(actor: Actor, day: date) -> Digest | None:
    """What a person was told on the morning of a day, if anything."""
    stmt = sa.select(Digest).where(Digest.person_id == actor.person_id, Digest.day == day)
    return db.session.scalar(stmt)


def has_digest(person_id: int, day: date) -> bool:
    """Say whether a person's digest of a day was made."""
    stmt = sa.select(Digest.id).where(Digest.person_id == person_id, Digest.day == day)
    return db.session.scalar(stmt) is not None


def days_of_digests(actor: Actor, most: int) -> Sequence[date]:
    """The last days on which a person was told something, the latest first."""
    stmt = sa.select(Digest.day).where(Digest.person_id == actor.person_id)
    return db.session.scalars(stmt.order_by(Digest.day.desc()).limit(most)).all()


def content_of(waiting: Waiting) -> dict[str, Any]:
    """What a digest keeps of what waits for a person."""
    return {
        "unread": waiting.unread,
        "sections": [
            {
                "key": section.key,
                "title": BY_KEY[section.key].title,
                "total": section.total,
                "behalf": section.behalf,
                "items": [
                    [
                        item.ref,
                        item.number,
                        item.name,
                        item.due and item.due.isoformat(),
                        item.is_confidential,
                    ]
                    for item in section.items
                ],
            }
            for section in waiting.sections
        ],
    }
