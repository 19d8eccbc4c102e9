"""Every reading of questions about records: what is looked at, who sees which, what enterprises said."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person, UnitMembership
from visits.accounts.queries import is_current
from visits.attachments.models import Attachment
from visits.core.authz import Actor, may, predicate_for
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.listing import joined
from visits.core.permissions import Permission
from visits.core.together import Few
from visits.enterprises.models import Enterprise
from visits.honesty.models import Closing, Kind, QuestionVisit, RecordQuestion, VisitAnswer
from visits.honesty.rules import Met, Record
from visits.issues.models import Dispatch
from visits.outreach.models import Attendance, Visit, VisitPair
from visits.outreach.queries import is_late
from visits.outreach.queries import visible_to as visits_visible_to
from visits.programmes.models import VisitMode

Condition = sa.ColumnElement[bool]
FACE_TO_FACE = (VisitMode.ON_SITE, VisitMode.SYMPOSIUM)
LOOK_BACK = timedelta(days=90)  # records that are compared
LOOK_AT = timedelta(days=35)  # records that are asked about
CHUNK = 500


def standing(*where: Condition) -> list[Record]:
    """The visits of which all this is true and that nobody voided, as they are looked at."""
    wanted = (Visit.voided_at.is_(None), *where)
    ids = sa.select(Visit.id).where(*wanted)
    columns = (Visit.id, Visit.author_id, Visit.group_id, Visit.visited_on, Visit.recorded_on, Visit.mode)
    rows = db.session.execute(
        sa.select(
            *columns,
            Visit.start_time,
            Visit.end_time,
            Visit.summary,
            Visit.import_run_id,
            is_late().label("is_late"),
        )
        .where(*wanted)
        .order_by(Visit.id)
    ).all()
    firms, people, photos = (_firms(ids), _people(ids), _photos(ids)) if rows else ({}, {}, {})
    return [
        Record(
            row.id,
            row.author_id,
            row.group_id,
            row.visited_on,
            row.recorded_on,
            is_late=row.is_late,
            is_imported=row.import_run_id is not None,
            is_on_site=row.mode is VisitMode.ON_SITE,
            is_face_to_face=row.mode in FACE_TO_FACE,
            start=row.start_time,
            end=row.end_time,
            summary=row.summary,
            firms=tuple(firms.get(row.id, ())),
            people=tuple(people.get(row.id, ())),
            photos=frozenset(photos.get(row.id, ())),
        )
        for row in rows
    ]


def _by_visit(stmt: Any, make: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for visit_id, *values in db.session.execute(stmt):
        found.setdefault(visit_id, []).append(make(*values))
    return found


def _firms(ids: Any) -> dict[int, list[Met]]:
    stmt = (
        sa.select(VisitPair.visit_id, Enterprise.id, Enterprise.name, VisitPair.has_no_issues)
        .join(Enterprise, Enterprise.id == VisitPair.enterprise_id)
        .where(VisitPair.visit_id.in_(ids), VisitPair.is_current())
        .order_by(VisitPair.id)
    )
    return _by_visit(stmt, Met)


def _people(ids: Any) -> dict[int, list[tuple[int, str]]]:
    own = (Attendance.is_current(), Attendance.person_id.is_not(None))
    stmt = sa.select(Attendance.visit_id, Attendance.person_id, Attendance.name)
    stmt = stmt.where(Attendance.visit_id.in_(ids), *own).order_by(Attendance.id)
    return _by_visit(stmt, lambda person_id, name: (person_id, name))


def _photos(ids: Any) -> dict[int, list[str]]:
    pictures = (Attachment.removed_at.is_(None), Attachment.width.is_not(None))
    stmt = sa.select(Attachment.visit_id, Attachment.sha256).where(Attachment.visit_id.in_(ids), *pictures)
    return _by_visit(stmt, str)


def lately(on: date) -> Condition:
    """The visits looked at on a day: recorded within 90 days; of a ledger also visited within them."""
    since = on - LOOK_BACK
    is_recent = sa.or_(Visit.import_run_id.is_(None), Visit.visited_on >= since)
    return sa.and_(Visit.recorded_on.between(since, on), is_recent)


def around(visit: Visit) -> list[Record]:
    """A visit, those of its author and group that it is compared with, and those of the same day.

    Each set is found by its own index; asking every visit takes ten times as long.
    """
    since = Visit.recorded_on >= visit.recorded_on - LOOK_BACK
    wanted = [
        (Visit.id == visit.id,),
        (Visit.author_id == visit.author_id, since),
        (Visit.visited_on == visit.visited_on,),
    ]
    if visit.group_id is not None:
        wanted.append((Visit.group_id == visit.group_id, since))
    ids = sa.union(*(sa.select(Visit.id).where(*where) for where in wanted))
    return standing_among(sorted(db.session.scalars(ids)))


def with_shared_photos(on: date) -> Condition:
    """Visits with a photo that also hangs on another visit, one of them added lately."""
    shared = (
        sa.select(Attachment.sha256)
        .where(
            Attachment.visit_id.is_not(None),
            Attachment.removed_at.is_(None),
            Attachment.width.is_not(None),
        )
        .group_by(Attachment.sha256)
        .having(sa.func.count(sa.distinct(Attachment.visit_id)) > 1)
    )
    holding = sa.select(Attachment.visit_id).where(
        Attachment.sha256.in_(shared), Attachment.removed_at.is_(None), Attachment.visit_id.is_not(None)
    )
    return sa.and_(Visit.id.in_(holding), Visit.recorded_on <= on)


def known_keys(keys: Iterable[str]) -> set[str]:
    """Those of these keys under which a question was asked before."""
    stmt = sa.select(RecordQuestion.key).where(RecordQuestion.key.in_(list(keys)))
    return set(db.session.scalars(stmt))


def named_before(kinds: Iterable[Kind], visit_ids: Iterable[int]) -> set[tuple[Kind, int | None, int]]:
    """Which of these visits questions of these kinds name already: kind, who was asked, visit.

    What a correction has settled may be asked anew.
    """
    left = sa.or_(RecordQuestion.closing.is_(None), RecordQuestion.closing != Closing.BY_ITSELF)
    wanted = sorted(set(visit_ids))
    found: set[tuple[Kind, int | None, int]] = set()
    for start in range(0, len(wanted), CHUNK):
        rows = db.session.execute(
            sa.select(RecordQuestion.kind, RecordQuestion.asked_id, QuestionVisit.visit_id)
            .join(QuestionVisit, QuestionVisit.question_id == RecordQuestion.id)
            .where(
                RecordQuestion.kind.in_(list(kinds)),
                QuestionVisit.visit_id.in_(wanted[start : start + CHUNK]),
                left,
            )
        )
        found |= {(kind, asked_id, visit_id) for kind, asked_id, visit_id in rows}
    return found


def unclosed(*where: Condition) -> list[tuple[RecordQuestion, list[int]]]:
    """Questions nobody has closed, each with the visits it names."""
    rows = db.session.execute(
        sa.select(RecordQuestion, QuestionVisit.visit_id)
        .join(QuestionVisit, QuestionVisit.question_id == RecordQuestion.id)
        .where(RecordQuestion.closed_at.is_(None), *where)
        .order_by(RecordQuestion.id, QuestionVisit.visit_id)
    )
    found: dict[RecordQuestion, list[int]] = {}
    for question, visit_id in rows:
        found.setdefault(question, []).append(visit_id)
    return list(found.items())


def naming(visit_id: int) -> Condition:
    """Questions that name a visit."""
    named = sa.select(QuestionVisit.question_id).where(QuestionVisit.visit_id == visit_id)
    return RecordQuestion.id.in_(named)


def asked(actor: Actor) -> Condition:
    """Questions put to a person."""
    return RecordQuestion.asked_id == actor.person_id


def has_surfaced() -> Condition:
    """Questions no longer the author's alone: answered, without answer in time, or raised from outside.

    What its author mended before that never comes up.
    """
    is_overdue = RecordQuestion.due_on < today()
    is_open = sa.or_(RecordQuestion.closing.is_(None), RecordQuestion.closing != Closing.BY_ITSELF)
    return sa.or_(
        RecordQuestion.answered_at.is_not(None),
        RecordQuestion.kind == Kind.DENIED,
        sa.and_(is_overdue, is_open),
    )


def _of_own_unit(actor: Actor) -> Condition:
    """What an enterprise said by the link of a problem that one's own unit has or had."""
    handled = sa.select(Dispatch.issue_id).where(Dispatch.unit_id.in_(actor.unit_ids))
    return sa.and_(RecordQuestion.kind == Kind.DENIED, RecordQuestion.issue_id.in_(handled))


def visible_to(actor: Actor) -> Condition:
    """The questions a person may read: those put to it, and for the office those that have surfaced."""
    within = predicate_for(actor, Permission.HONESTY_READ, RecordQuestion)
    return sa.and_(within, sa.or_(asked(actor), for_office(actor)))


def for_office(actor: Actor) -> Condition:
    """The questions that lie before the office: surfaced, not a person's own, nor its unit's."""
    if not may(actor, Permission.HONESTY_CLOSE):
        return sa.false()
    not_own = sa.or_(RecordQuestion.asked_id.is_(None), RecordQuestion.asked_id != actor.person_id)
    return sa.and_(has_surfaced(), not_own, sa.not_(_of_own_unit(actor)))


def get_shown(actor: Actor, question_id: int) -> Any:
    """One question with who was asked and who closed it; NotFound where the actor may not read it."""
    closer = aliased(Person)
    row = db.session.execute(
        sa.select(
            RecordQuestion,
            Person.name.label("asked"),
            closer.name.label("closer"),
            Enterprise.name.label("enterprise"),
            for_office(actor).label("is_for_office"),
        )
        .outerjoin(Person, Person.id == RecordQuestion.asked_id)
        .outerjoin(closer, closer.id == RecordQuestion.closed_by_id)
        .outerjoin(Enterprise, Enterprise.id == RecordQuestion.enterprise_id)
        .where(RecordQuestion.id == question_id, visible_to(actor))
    ).first()
    if row is None:
        raise NotFound()
    return row


def firms_met() -> Any:
    """The names of the enterprises met on the visit of an outer select, in one text."""
    return (
        sa.select(joined(Enterprise.name))
        .join(VisitPair, VisitPair.enterprise_id == Enterprise.id)
        .where(VisitPair.visit_id == Visit.id, VisitPair.is_current())
        .correlate(Visit)
        .scalar_subquery()
    )


def visits_named(actor: Actor, question: RecordQuestion) -> Sequence[Any]:
    """The visits a question names, the one it is about first; if the actor may read and correct each."""
    named = sa.select(QuestionVisit.visit_id).where(QuestionVisit.question_id == question.id)
    columns = (Visit.id, Visit.visited_on, Visit.recorded_at, Visit.start_time, Visit.end_time)
    return db.session.execute(
        sa.select(
            *columns,
            Visit.mode,
            Visit.summary,
            Visit.voided_at,
            Person.name.label("author"),
            firms_met().label("firms"),
            (visits_visible_to(actor) | sa.false()).label("is_readable"),
            (predicate_for(actor, Permission.OUTREACH_AMEND, Visit) | sa.false()).label("may_amend"),
        )
        .join(Person, Person.id == Visit.author_id)
        .where(Visit.id.in_(named))
        .order_by(Visit.id != question.visit_id, Visit.id.desc())
    ).all()


def unanswered(actor: Actor) -> sa.ColumnElement[bool]:
    """The questions a person has not answered yet."""
    open_ones = (RecordQuestion.answered_at.is_(None), RecordQuestion.closed_at.is_(None))
    return sa.and_(asked(actor), *open_ones)


def to_answer(actor: Actor, most: int | None = None) -> Few:
    """The questions a person has not answered yet, the latest first, with how many there are."""
    columns = (RecordQuestion.id, RecordQuestion.kind, RecordQuestion.said, RecordQuestion.visit_id)
    more = (Visit.visited_on, firms_met().label("firms"), sa.func.count().over().label("total"))
    stmt = (
        sa.select(*columns, *more).join(Visit, Visit.id == RecordQuestion.visit_id).where(unanswered(actor))
    )
    return Few(stmt, (RecordQuestion.raised_at.desc(), RecordQuestion.id.desc()), most)


def waiting_count(actor: Actor) -> sa.ScalarSelect[int]:
    """How many questions lie before the office and are not closed, as a column."""
    wanted = (for_office(actor), RecordQuestion.closed_at.is_(None))
    return sa.select(sa.func.count(RecordQuestion.id)).where(*wanted).scalar_subquery()


def about_visit(actor: Actor, visit_id: int) -> Sequence[RecordQuestion]:
    """The questions about a visit that a person may read, without those settled by a correction."""
    if not may(actor, Permission.HONESTY_READ):
        return []
    left = sa.or_(RecordQuestion.closing.is_(None), RecordQuestion.closing != Closing.BY_ITSELF)
    stmt = sa.select(RecordQuestion).where(naming(visit_id), left, visible_to(actor))
    return db.session.scalars(stmt.order_by(RecordQuestion.id)).all()


def asked_about(questions: Iterable[RecordQuestion]) -> dict[int, Any]:
    """The visits that these questions are about in the first place, by id: day, times and enterprises."""
    wanted = sorted({question.visit_id for question in questions})
    if not wanted:
        return {}
    columns = (Visit.id, Visit.visited_on, Visit.start_time, Visit.end_time)
    stmt = sa.select(*columns, firms_met().label("firms")).where(Visit.id.in_(wanted))
    return {row.id: row for row in db.session.execute(stmt)}


def answers_of(enterprise_id: int, visit_id: int) -> Sequence[VisitAnswer]:
    """What an enterprise has said of a visit so far."""
    wanted = (VisitAnswer.enterprise_id == enterprise_id, VisitAnswer.visit_id == visit_id)
    return db.session.scalars(sa.select(VisitAnswer).where(*wanted).order_by(VisitAnswer.turn)).all()


def latest_answer(question: RecordQuestion) -> VisitAnswer | None:
    """The last word of the enterprise that denied a visit."""
    said = answers_of(question.enterprise_id or 0, question.visit_id)
    return said[-1] if said else None


def standing_among(visit_ids: Sequence[int]) -> list[Record]:
    """Those of these visits that nobody voided, as they are looked at."""
    records: list[Record] = []
    for start in range(0, len(visit_ids), CHUNK):
        records += standing(Visit.id.in_(visit_ids[start : start + CHUNK]))
    return records


def is_before(actor: Actor, question: RecordQuestion) -> bool:
    """Say whether a question lies before the office in the person of this actor."""
    stmt = sa.select(RecordQuestion.id).where(RecordQuestion.id == question.id, for_office(actor))
    return db.session.scalar(stmt) is not None


def name_of_enterprise(enterprise_id: int) -> str:
    """The name of an enterprise."""
    return db.session.scalar(sa.select(Enterprise.name).where(Enterprise.id == enterprise_id)) or ""


def is_of_unit_with(issue_id: int, person_id: int) -> bool:
    """Say whether a person belongs to a unit that has or had a problem."""
    units = sa.select(Dispatch.unit_id).where(Dispatch.issue_id == issue_id)
    own = (UnitMembership.person_id == person_id, UnitMembership.unit_id.in_(units))
    return bool(db.session.scalar(sa.select(sa.exists().where(*own, is_current(today())))))
