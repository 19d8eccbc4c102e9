"""The list of visits: what it can be narrowed to, its columns, and what its filters offer."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person, Unit
from visits.core.authz import Actor
from visits.core.db import db
from visits.core.filters import ALL_DAYS, ALL_VALUES, Days, Picked, narrowed
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing, joined, parts
from visits.enterprises.models import Enterprise
from visits.issues.models import Issue
from visits.outreach.finding import found_by
from visits.outreach.models import KIND_LABELS, Attendance, PairProgramme, Visit, VisitPair
from visits.outreach.queries.visits import attended, is_late, met, visible_to
from visits.programmes.models import MODE_LABELS, Group, Programme

Condition = sa.ColumnElement[bool]
PLACE_ENDS = "\x1f"  # between the place and the words of one part
Offered = dict[str, list[tuple[int, str]]]


@dataclass(frozen=True)
class VisitFilters:
    """What the list of visits is narrowed to; empty parts do not narrow.

    `heard` asks for visits that brought problems (True) or none (False).
    """

    q: str = ""
    visited: Days = ALL_DAYS
    recorded: Days = ALL_DAYS
    programme: Picked = ALL_VALUES
    mode: Picked = ALL_VALUES
    kind: Picked = ALL_VALUES
    group: Picked = ALL_VALUES
    unit: Picked = ALL_VALUES
    person_id: int | None = None
    heard: bool | None = None
    late: bool = False
    void: bool = False


def _under(wanted: Picked) -> Condition:
    chosen = sa.exists().where(PairProgramme.pair_id == VisitPair.id)
    among = met(chosen.where(PairProgramme.programme_id.in_(wanted.values)))
    return sa.or_(among, sa.not_(met(chosen)) if wanted.nothing else sa.false())


def _of_units(wanted: Picked) -> Condition:
    return attended(wanted.within(Attendance.unit_id))


def _brought_problems() -> Condition:
    return sa.exists().where(Issue.visit_id == Visit.id).correlate(Visit)


def conditions(filters: VisitFilters) -> list[Condition]:
    """The SQL of the filters; void visits are left out unless they are asked for."""
    wanted: list[Condition] = [] if filters.void else [Visit.voided_at.is_(None)]
    if filters.q:
        wanted.append(found_by(filters.q))
    if filters.programme:
        wanted.append(_under(filters.programme))
    if filters.unit:
        wanted.append(_of_units(filters.unit))
    if filters.person_id is not None:
        wanted.append(attended(Attendance.person_id == filters.person_id))
    if filters.heard is not None:
        wanted.append(_brought_problems() if filters.heard else sa.not_(_brought_problems()))
    if filters.late:
        late = sa.select(Visit.id).where(is_late())  # a set of its own, found by the index of the late ones
        wanted.append(Visit.id.in_(late.correlate(None)))
    return wanted + narrowed(
        (filters.visited, Visit.visited_on),
        (filters.recorded, Visit.recorded_on),
        (filters.mode, Visit.mode),
        (filters.kind, Visit.kind),
        (filters.group, Visit.group_id),
    )


def parts_of(text: str | None) -> list[str]:
    """The texts that `_joined` put together, each once, in the order in which they were entered."""
    placed = [part.split(PLACE_ENDS, 1) for part in parts(text) if part]
    return list(dict.fromkeys(words for _, words in sorted(placed, key=lambda pair: int(pair[0]))))


def _joined(place: Any, words: Any) -> Any:
    # Neither database promises an order inside the aggregate, so each text carries its own place.
    return joined(sa.cast(place, sa.String) + PLACE_ENDS + words)


def _yes(name: str) -> Any:
    return lambda row: N_("Yes") if getattr(row, name) else None


def _time(row: Any) -> str:
    known = [time.strftime("%H:%M") if time else "" for time in (row.start_time, row.end_time)]
    return " – ".join(known) if any(known) else ""


COLUMNS = (
    Column(
        "visited",
        N_("Visited on"),
        lambda row: row.visited_on,
        Kind.DAY,
        fixed=True,
        look="nowrap",
        width=12,
    ),
    Column(
        "enterprises",
        N_("Enterprises"),
        lambda row: parts_of(row.firms),
        fixed=True,
        look="main-cell",
        width=34,
    ),
    Column("programmes", N_("Programmes"), lambda row: parts_of(row.programmes), width=22),
    Column("mode", N_("Mode"), lambda row: MODE_LABELS[row.mode], Kind.LABEL, look="nowrap"),
    Column("people", N_("Number of participants"), kind=Kind.NUMBER, width=8),
    Column("problems", N_("Problems"), kind=Kind.NUMBER, width=8),
    Column("author", N_("Author")),
    Column("recorded", N_("Recorded on"), lambda row: row.recorded_on, Kind.DAY, width=12),
    Column("late", N_("Late entry"), _yes("is_late"), Kind.LABEL, usual=False, width=8),
    Column("imported", N_("From a ledger"), _yes("is_imported"), Kind.LABEL, usual=False, width=8),
    Column("kind", N_("Kind of visit"), lambda row: KIND_LABELS[row.kind], Kind.LABEL, usual=False),
    Column("group", N_("Group"), usual=False, width=20),
    Column("names", N_("Names of participants"), lambda row: parts_of(row.names), usual=False, width=30),
    Column("units", N_("Units that took part"), lambda row: parts_of(row.units), usual=False, width=30),
    Column("joint", N_("Joint"), _yes("is_joint"), Kind.LABEL, usual=False, width=8),
    Column("time", N_("Time"), _time, usual=False),
    Column("place", N_("Place"), usual=False, width=24),
    Column("summary", N_("Note of the visit"), usual=False, width=50),
    Column("void", N_("Why it is void"), lambda row: row.void_reason, usual=False, width=24),
)


def _of_pairs(place: Any, words: Any, *where: Condition) -> Any:
    stmt = sa.select(_joined(place, words)).select_from(VisitPair)
    stmt = stmt.where(VisitPair.visit_id == Visit.id, VisitPair.is_current(), *where)
    return stmt.correlate(Visit)


def _firms() -> Any:
    named = _of_pairs(VisitPair.id, Enterprise.name)
    return named.join(Enterprise, Enterprise.id == VisitPair.enterprise_id).scalar_subquery()


def _programmes() -> Any:
    chosen = _of_pairs(Programme.id, Programme.name).join(
        PairProgramme, PairProgramme.pair_id == VisitPair.id
    )
    return chosen.join(Programme, Programme.id == PairProgramme.programme_id).scalar_subquery()


def _of_attendances(column: Any, *where: Condition) -> Any:
    stmt = sa.select(column).where(Attendance.visit_id == Visit.id, Attendance.is_current(), *where)
    return stmt.correlate(Visit).scalar_subquery()


def of_visits(actor: Actor, filters: VisitFilters) -> Listing:
    """The visits a person may read, narrowed."""
    units = sa.func.count(sa.distinct(Attendance.unit_name))
    has_unit = Attendance.unit_name != ""
    stmt = (
        sa.select(
            *(
                getattr(Visit, name)
                for name in ("id", "visited_on", "recorded_on", "mode", "kind", "place")
            ),
            *(getattr(Visit, name) for name in ("start_time", "end_time", "summary", "voided_at")),
            Visit.void_reason,
            Person.name.label("author"),
            Group.name.label("group"),
            is_late().label("is_late"),
            Visit.import_run_id.is_not(None).label("is_imported"),
            _of_attendances(sa.func.count(Attendance.id)).label("people"),
            (_of_attendances(units, has_unit) > 1).label("is_joint"),
            _of_attendances(_joined(Attendance.id, Attendance.name)).label("names"),
            _of_attendances(_joined(Attendance.id, Attendance.unit_name), has_unit).label("units"),
            sa.select(sa.func.count(Issue.id))
            .where(Issue.visit_id == Visit.id)
            .correlate(Visit)
            .scalar_subquery()
            .label("problems"),
            _firms().label("firms"),
            _programmes().label("programmes"),
        )
        .join(Person, Person.id == Visit.author_id)
        .outerjoin(Group, Group.id == Visit.group_id)
    )
    sorts: dict[str, Any] = {
        "visited": Visit.visited_on,
        "recorded": Visit.recorded_on,
        "author": Person.name,
        "id": Visit.id,
    }
    where = [visible_to(actor), *conditions(filters)]
    return Listing("visits", N_("Visits"), stmt, sorts, "-visited", COLUMNS, where=where)


def offered() -> Offered:
    """What the filters of visits offer: programmes, groups and units, in one statement."""
    parts = (
        sa.select(
            sa.literal("programme").label("kind"),
            Programme.id,
            sa.literal("").label("name_key"),
            Programme.name,
        ),
        sa.select(sa.literal("group"), Group.id, Group.name, Group.name),
        sa.select(sa.literal("unit"), Unit.id, Unit.name, Unit.name),
    )
    found: Offered = {"programme": [], "group": [], "unit": []}
    for kind, key, _, name in sorted(db.session.execute(sa.union_all(*parts)).all(), key=_in_order):
        found[kind].append((key, name))
    return found


def _in_order(row: Any) -> tuple[str, int]:
    return str(row[2]), int(row[1])
