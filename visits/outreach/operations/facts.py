"""The one writer of what figures count of a visit: rows that hold, superseded when they no longer do."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any, NamedTuple, TypeVar

from visits.core.db import db
from visits.outreach import queries, rules
from visits.outreach.models import Attendance, Fact, PairProgramme, Visit, VisitPair


class PairFact(NamedTuple):
    """An enterprise met, whether it says it has no problems, and under which programmes it counts."""

    enterprise_id: int
    has_no_issues: bool
    programme_ids: tuple[int, ...]


class PersonFact(NamedTuple):
    """A participant with the unit of that day."""

    person_id: int | None
    name: str
    unit_id: int | None
    unit_name: str


Row = TypeVar("Row", bound=Fact)
Stated = TypeVar("Stated", PairFact, PersonFact)


def state_facts(
    visit: Visit, pairs: Iterable[PairFact], people: Iterable[PersonFact], at: datetime
) -> None:
    """Let a visit say this from a moment on; rows that say it already stay as they are.

    Participants stand in the order given, which is that of their rows: from the first who stands elsewhere
    than before, all are stated anew.
    """
    _state_pairs(visit, list(pairs), at)
    _state_people(visit, list(people), at)


def _of_visit(visit: Visit) -> dict[str, Any]:
    """What the rows that figures count repeat of their visit."""
    names = ("visited_on", "mode", "group_id")
    return {"visit_id": visit.id} | {name: getattr(visit, name) for name in names}


def _state_pairs(visit: Visit, wanted: Sequence[PairFact], at: datetime) -> None:
    is_late = rules.is_late_entry(visit.recorded_on, visit.timely_until)
    shared = _of_visit(visit) | {"is_late": is_late}
    current = {
        row: PairFact(row.enterprise_id, row.has_no_issues, programme_ids)
        for row, programme_ids in queries.pairs_of(visit.id)
    }
    missing = _supersede(current, wanted, shared, at)
    rows = [
        VisitPair(
            enterprise_id=fact.enterprise_id, has_no_issues=fact.has_no_issues, recorded_at=at, **shared
        )
        for fact in missing
    ]
    db.session.add_all(rows)
    db.session.flush()  # their programmes need the pairs' ids
    db.session.add_all(
        PairProgramme(pair_id=row.id, programme_id=programme_id)
        for row, fact in zip(rows, missing, strict=True)
        for programme_id in fact.programme_ids
    )


def _state_people(visit: Visit, wanted: Sequence[PersonFact], at: datetime) -> None:
    shared = _of_visit(visit)
    current = {
        row: PersonFact(row.person_id, row.name, row.unit_id, row.unit_name)
        for row in queries.attendances_of(visit.id)
    }
    moved = _out_of_place(current, wanted)
    for row in moved:
        row.superseded_at = at
    in_place = {row: fact for row, fact in current.items() if row not in moved}
    missing = _supersede(in_place, wanted, shared, at)
    db.session.add_all(Attendance(**fact._asdict(), recorded_at=at, **shared) for fact in missing)


def _out_of_place(current: Mapping[Row, Stated], wanted: Sequence[Stated]) -> set[Row]:
    """The rows, oldest first, from the first that is not where it is wanted; those left out make no gap."""
    staying = [row for row, fact in current.items() if fact in wanted]
    pairs = zip(staying, wanted, strict=False)
    in_place = list(takewhile(lambda pair: current[pair[0]] == pair[1], pairs))
    return set(staying[len(in_place) :])


def _supersede(
    current: Mapping[Row, Stated], wanted: Sequence[Stated], shared: Mapping[str, Any], at: datetime
) -> list[Stated]:
    """End the rows that say anything else; return what no row says yet."""
    missing = Counter(wanted)
    for row, fact in current.items():
        holds = missing[fact] > 0 and all(getattr(row, key) == value for key, value in shared.items())
        if holds:
            missing[fact] -= 1
        else:
            row.superseded_at = at
    db.session.flush()  # the rows ended leave their place to those that follow
    return list(missing.elements())
