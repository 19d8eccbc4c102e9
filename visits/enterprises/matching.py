"""The one matcher: which records may be the enterprise somebody means, and which two may be one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.core.clock import today
from visits.core.db import db
from visits.core.listing import PER_PAGE, Page, page_number
from visits.core.periods import local_date
from visits.enterprises import likeness, rules
from visits.enterprises.likeness import Match, Named, Pair
from visits.enterprises.models import DistinctPair, Enterprise, FormerName
from visits.enterprises.queries import is_living

MOST_PAIRS = 1000
GRAM = 3


def _former_keys() -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for enterprise_id, name in db.session.execute(sa.select(FormerName.enterprise_id, FormerName.name)):
        found[enterprise_id] = (*found.get(enterprise_id, ()), rules.fold_name(name))
    return found


def _named(where: sa.ColumnElement[bool], former: dict[int, tuple[str, ...]]) -> list[Named]:
    columns = (
        Enterprise.id,
        Enterprise.name,
        Enterprise.code,
        Enterprise.name_key,
        Enterprise.short_name,
        Enterprise.is_provisional,
        Enterprise.address,
    )
    rows = db.session.execute(sa.select(*columns).where(is_living(), where).order_by(Enterprise.id))
    return [
        Named(i, name, code, key, rules.fold_name(short) if short else "", former.get(i, ()), unsure, place)
        for i, name, code, key, short, unsure, place in rows
    ]


def everyone() -> list[Named]:
    """The living records as the matcher sees them; two statements."""
    return _named(sa.true(), _former_keys())


def merged_codes() -> dict[str, int]:
    """The codes of records that were merged into others, with the ids of those that live on."""
    gone = {i: (code, into) for i, code, into in db.session.execute(_merged())}
    found = {}
    for code, into in gone.values():
        while into in gone:
            into = gone[into][1]
        if code:
            found[code] = into
    return found


def _merged() -> Any:
    columns = (Enterprise.id, Enterprise.code, Enterprise.merged_into_id)
    return sa.select(*columns).where(Enterprise.merged_into_id.is_not(None))


def candidates(name: str, code: str | None = None, exclude: int | None = None) -> list[Match]:
    """The records that may be the enterprise of this name or code, the surest first; two statements."""
    former = _former_keys()
    wanted = Named(exclude or 0, name, code or None, rules.fold_name(name))
    core = wanted.core
    formerly = [i for i, keys in former.items() if wanted.key in keys]
    parts = {core} | {core[n : n + GRAM] for n in range(len(core) - GRAM + 1)}
    asked = [Enterprise.name_key.contains(part, autoescape=True) for part in sorted(parts) if part]
    asked += [Enterprise.id.in_(formerly), Enterprise.short_name.in_([name, core])]
    asked += [Enterprise.code == code] if code else []
    return likeness.candidates_among(wanted, _named(sa.or_(*asked), former))


def namesakes(name: str, but: int | None = None) -> list[Match]:
    """The records that go by this name, now or formerly, apart from place and legal form."""
    return [match for match in candidates(name, exclude=but) if match.score >= likeness.SURE]


def duplicates(args: Mapping[str, str]) -> Page:
    """A page of the pairs that look like one enterprise and were not found to be two; three statements."""
    distinct = _distinct()
    pairs = [pair for pair in _pairs() if (pair.first.id, pair.second.id) not in distinct]
    number = min(page_number(args.get("page")), max(1, -(-len(pairs) // PER_PAGE)))
    rows = pairs[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Page(rows=rows, number=number, total=len(pairs), sort="")


def _pairs() -> list[Pair]:
    return likeness.sweep(everyone(), MOST_PAIRS)


def _distinct() -> set[tuple[int, int]]:
    return {(a, b) for a, b in db.session.execute(sa.select(DistinctPair.first_id, DistinctPair.second_id))}


@dataclass(frozen=True)
class Provisional:
    """A record without a code, since when and why, and the records it may belong to."""

    id: int
    name: str
    reason: str
    since: date
    age: int
    matches: list[Match]


def provisional(args: Mapping[str, str]) -> Page:
    """A page of the records to be cleaned up, the oldest first, each with what it may be."""
    stmt = sa.select(Enterprise.id, Enterprise.name, Enterprise.provisional_reason, Enterprise.created_at)
    stmt = stmt.where(is_living(), Enterprise.is_provisional)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(stmt.subquery())) or 0
    number = min(page_number(args.get("page")), max(1, -(-total // PER_PAGE)))
    order = (Enterprise.created_at, Enterprise.id)
    rows = db.session.execute(stmt.order_by(*order).limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    matches = _matches_of([row.id for row in rows])
    found = [
        Provisional(i, name, reason, day, (today() - day).days, matches[i])
        for i, name, reason, at in rows
        for day in [local_date(at)]
    ]
    return Page(rows=found, number=number, total=total, sort="")


def _matches_of(ids: Sequence[int]) -> dict[int, list[Match]]:
    if not ids:
        return {}
    records = {record.id: record for record in everyone()}
    known, distinct = list(records.values()), _distinct()
    wanted = [records[i] for i in ids]
    near = likeness.nearest(wanted, known)
    same = likeness.sharing_a_key(wanted, known)
    return {
        record.id: likeness.candidates_among(
            record,
            [
                records[i]
                for i in dict.fromkeys(same[record.id] + near[record.id])
                if (min(i, record.id), max(i, record.id)) not in distinct
            ],
            most=3,
        )
        for record in wanted
    }


def distinct_pair(one: int, other: int) -> Any:
    """The note that two records are two enterprises, if there is one."""
    first, second = sorted((one, other))
    return db.session.scalar(
        sa.select(DistinctPair).where(DistinctPair.first_id == first, DistinctPair.second_id == second)
    )
