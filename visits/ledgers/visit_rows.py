"""The ledger of visits (走访台账): one row per enterprise met on a visit."""

from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.authz import Actor
from visits.core.filters import ALL_DAYS, narrowed
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing, joined, parts
from visits.enterprises.models import Enterprise
from visits.issues.models import Issue
from visits.issues.queries import visible_to as problems_visible_to
from visits.issues.states import State
from visits.ledgers.filters import By, Wanted
from visits.outreach.listing import PLACE_ENDS, parts_of
from visits.outreach.models import KIND_LABELS, Attendance, PairProgramme, Promise, Visit, VisitPair
from visits.outreach.queries.visits import attended, visible_to
from visits.programmes.models import MODE_LABELS, Group, Programme


def _yes(is_so: Any) -> str | None:
    return N_("Yes") if is_so else None


OFFICE = (
    Column("visited", N_("Visited on"), lambda row: row.visited_on, Kind.DAY, fixed=True, width=9),
    Column("enterprise", N_("Enterprise"), fixed=True, look="main-cell", width=14),
    Column("code", N_("Credit code"), look="code", usual=False, width=10),
    Column("programmes", N_("Programmes"), lambda row: sorted(parts(row.programmes)), width=10),
    Column("mode", N_("Mode"), lambda row: MODE_LABELS[row.mode], Kind.LABEL, width=6),
    Column(
        "kind", N_("Kind of visit"), lambda row: KIND_LABELS[row.kind], Kind.LABEL, False, False, width=6
    ),
    Column("group", N_("Group"), width=9, usual=False),
    Column("people", N_("Participants"), lambda row: parts_of(row.people), width=9),
    Column("units", N_("Units that took part"), lambda row: parts_of(row.units), usual=False, width=11),
    Column("place", N_("Place"), usual=False, width=9),
    Column("summary", N_("Note of the visit"), usual=False, width=40),
    Column(
        "problems",
        N_("Numbers of its problems"),
        lambda row: sorted(parts(row.problems)),
        width=10,
        usual=False,
    ),
    Column("promises", N_("What was promised"), lambda row: parts_of(row.promises), width=16),
    Column("author", N_("Recorded by"), width=6),
    Column("recorded", N_("Recorded on"), lambda row: row.recorded_on, Kind.DAY, width=9, usual=False),
    Column("late", N_("Late entry"), lambda row: _yes(row.is_late), Kind.LABEL, width=4, usual=False),
)
OTHERS = (
    Column("park", N_("Park"), usual=False, width=16),
    Column("street", N_("Street"), usual=False),
    Column("imported", N_("From a ledger"), lambda row: _yes(row.is_imported), Kind.LABEL, usual=False),
)


def _placed(place: Any, words: Any) -> Any:
    return joined(sa.cast(place, sa.String) + PLACE_ENDS + words)


def _programmes() -> Any:
    named = sa.select(joined(Programme.name)).join(
        PairProgramme, PairProgramme.programme_id == Programme.id
    )
    return named.where(PairProgramme.pair_id == VisitPair.id).correlate(VisitPair).scalar_subquery()


def _of_people(words: Any, *where: sa.ColumnElement[bool]) -> Any:
    stmt = sa.select(_placed(Attendance.id, words)).where(
        Attendance.visit_id == VisitPair.visit_id, Attendance.is_current(), *where
    )
    return stmt.correlate(VisitPair).scalar_subquery()


def _promises() -> Any:
    stmt = sa.select(_placed(Promise.id, Promise.text)).where(
        Promise.visit_id == VisitPair.visit_id,
        Promise.enterprise_id == VisitPair.enterprise_id,
        Promise.withdrawn_on.is_(None),
    )
    return stmt.correlate(VisitPair).scalar_subquery()


def _problems(actor: Actor) -> Any:
    """The problems heard there of which the reader may know; none that asked not to be named."""
    stmt = sa.select(joined(Issue.number)).where(
        Issue.visit_id == VisitPair.visit_id,
        Issue.enterprise_id == VisitPair.enterprise_id,
        Issue.confidential.is_(False),
        Issue.state != State.VOID,
        problems_visible_to(actor),
    )
    return stmt.correlate(VisitPair).scalar_subquery()


def _stmt(actor: Actor) -> Any:
    return (
        sa.select(
            Visit.id,
            VisitPair.visited_on,
            VisitPair.mode,
            VisitPair.is_late,
            *(getattr(Visit, name) for name in ("kind", "place", "summary", "recorded_on")),
            Visit.import_run_id.is_not(None).label("is_imported"),
            Enterprise.id.label("enterprise_id"),
            Enterprise.name.label("enterprise"),
            *(getattr(Enterprise, name) for name in ("code", "park", "street")),
            Person.name.label("author"),
            Group.name.label("group"),
            _programmes().label("programmes"),
            _of_people(Attendance.name).label("people"),
            _of_people(Attendance.unit_name, Attendance.unit_name != "").label("units"),
            _promises().label("promises"),
            _problems(actor).label("problems"),
        )
        .select_from(VisitPair)
        .join(Visit, Visit.id == VisitPair.visit_id)
        .join(Enterprise, Enterprise.id == VisitPair.enterprise_id)
        .join(Person, Person.id == Visit.author_id)
        .outerjoin(Group, Group.id == VisitPair.group_id)
    )


def _under(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    if not (picked := wanted["programme"]):
        return []
    chosen = sa.exists().where(PairProgramme.pair_id == VisitPair.id).correlate(VisitPair)
    among = chosen.where(PairProgramme.programme_id.in_(picked.values))
    return [sa.or_(among, sa.not_(chosen) if picked.nothing else sa.false())]


def _valid(actor: Actor, wanted: Wanted) -> Any:
    """The ids of the visits; a set of its own, so that counting rows needs the pairs alone."""
    stmt = sa.select(Visit.id).where(Visit.voided_at.is_(None), visible_to(actor))
    if unit := wanted["unit"]:
        stmt = stmt.where(attended(unit.within(Attendance.unit_id)))
    if wanted.by is By.RECORDED:
        stmt = stmt.where(wanted.days.within(Visit.recorded_on))
    return stmt.correlate(None)


def _where(actor: Actor, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    where = [VisitPair.is_current(), VisitPair.visit_id.in_(_valid(actor, wanted)), *_under(wanted)]
    if park := wanted["park"]:
        there = sa.select(Enterprise.id).where(park.within(Enterprise.park, empty=Enterprise.park == ""))
        where.append(VisitPair.enterprise_id.in_(there))
    days = ALL_DAYS if wanted.by is By.RECORDED else wanted.days
    return where + narrowed(
        (days, VisitPair.visited_on),
        (wanted["group"], VisitPair.group_id),
        (wanted["mode"], VisitPair.mode),
    )


def of_visits(actor: Actor, wanted: Wanted) -> Listing:
    """The ledger of the visits a person may read."""
    sorts: dict[str, Any] = {
        "visited": VisitPair.visited_on,
        "enterprise": Enterprise.pinyin,
        "recorded": Visit.recorded_on,
        "author": Person.name,
        "id": VisitPair.id,
    }
    title, where = N_("Ledger of visits"), _where(actor, wanted)
    return Listing("ledger.visits", title, _stmt(actor), sorts, "visited", (*OFFICE, *OTHERS), where=where)
