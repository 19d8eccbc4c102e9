"""What is read of topics: which suggest themselves, what stands behind one, and what it has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person, Unit
from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.periods import Month
from visits.core.permissions import Permission
from visits.core.settings import get_setting
from visits.core.together import Few
from visits.enterprises.models import Enterprise
from visits.issues import queries as issues
from visits.issues.confidence import named_to
from visits.issues.models import Category, Issue
from visits.issues.states import State
from visits.supervision.models import Measure, PolicyOutput, Topic, TopicProblem
from visits.supervision.rules import MONTHS
from visits.supervision.states import UNFINISHED, TopicState

EXCLUDED = (State.REJECTED, State.MERGED, State.WITHDRAWN, State.VOID)
ASKED_FOR = timedelta(days=60)
MOST = 200
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Volume:
    """How many problems of a topic's category came in each month, before it was begun and after."""

    before: list[tuple[Month, int]]
    after: list[tuple[Month, int]]
    category_ids: list[int]


def _linked(*where: Condition) -> sa.Select[Any]:
    """The topics with a problem behind them that fulfils this."""
    return (
        sa.select(TopicProblem.topic_id)
        .join(Issue, Issue.id == TopicProblem.issue_id)
        .where(TopicProblem.removed_at.is_(None), *where)
    )


def topic_of_authors(actor: Actor) -> Condition:
    """Topics with a problem behind them that is my own."""
    return Topic.id.in_(_linked(issues.own(actor)))


def topic_of_groups(actor: Actor) -> Condition:
    """Topics with a problem behind them of my groups."""
    return Topic.id.in_(_linked(issues.group(actor)))


def topic_leading(actor: Actor) -> Condition:
    """Topics that one of my units leads or does something about."""
    units = actor.unit_ids
    busy = sa.select(Measure.topic_id).where(Measure.unit_id.in_(units))
    return sa.or_(Topic.lead_unit_id.in_(units), Topic.id.in_(busy))


def visible_topics(actor: Actor) -> Condition:
    """The topics a person may read."""
    return predicate_for(actor, Permission.SUPERVISION_FOLLOW, Topic)


def _counted_since(day: date) -> tuple[Condition, ...]:
    return Issue.registered_on >= day, Issue.registered_on <= today(), Issue.state.not_in(EXCLUDED)


def suggest_topics() -> list[Any]:
    """Categories in which enough different firms had problems lately and that no topic is about yet.

    A category counts its finer ones too; where one of those alone says as much, only that one is named.
    Rows: id, name, parent_id, firms, problems.
    """
    firms, days = int(get_setting("topic_firms")), int(get_setting("topic_days"))
    since = today() - timedelta(days=days - 1)
    child = aliased(Category)
    family = (
        sa.select(Category.id.label("top"), Category.id.label("member"))
        .union_all(sa.select(child.parent_id, child.id).where(child.parent_id.is_not(None)))
        .subquery()
    )
    taken = sa.select(Topic.category_id).where(Topic.state.in_(list(UNFINISHED)))
    counted = sa.func.count(sa.distinct(Issue.enterprise_id))
    rows = db.session.execute(
        sa.select(
            Category.id,
            Category.name,
            Category.parent_id,
            counted.label("firms"),
            sa.func.count(Issue.id).label("problems"),
        )
        .join(family, family.c.top == Category.id)
        .join(Issue, Issue.category_id == family.c.member)
        .where(*_counted_since(since), Category.id.not_in(taken))
        .where(sa.or_(Category.parent_id.is_(None), Category.parent_id.not_in(taken)))
        .group_by(Category.id, Category.name, Category.parent_id)
        .having(counted >= firms)
        .order_by(counted.desc(), Category.id)
    ).all()
    said = {(row.parent_id, row.firms) for row in rows if row.parent_id}
    return [row for row in rows if (row.id, row.firms) not in said]


def count_suggestions() -> int:
    """How many topics suggest themselves."""
    return len(suggest_topics())


def _family(category_id: int) -> sa.ColumnElement[bool]:
    finer = sa.select(Category.id).where(Category.parent_id == category_id)
    return sa.or_(Issue.category_id == category_id, Issue.category_id.in_(finer))


def _problem_rows(actor: Actor) -> Any:
    """What is shown of a problem behind a topic, with its enterprise where that is named to the actor."""
    return (
        sa.select(
            Issue.id,
            Issue.number,
            Issue.title,
            Issue.confidential,
            named_to(actor).label("enterprise"),
            Issue.state,
            Unit.name.label("lead_unit"),
            Issue.registered_on,
            Issue.closed_on,
        )
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .outerjoin(Unit, Unit.id == Issue.lead_unit_id)
    )


def candidates_for(actor: Actor, category_id: int, topic_id: int | None = None) -> Sequence[Any]:
    """The problems of a category that could stand behind a topic: the recent ones, and all open ones."""
    since = today() - timedelta(days=int(get_setting("topic_days")) - 1)
    linked = sa.select(TopicProblem.issue_id).where(
        TopicProblem.topic_id == topic_id, TopicProblem.removed_at.is_(None)
    )
    recent = sa.or_(Issue.registered_on >= since, Issue.closed_on.is_(None))
    stmt = _problem_rows(actor).where(
        _family(category_id),
        Issue.state.not_in(EXCLUDED),
        recent,
        Issue.id.not_in(linked),
        issues.visible_to(actor),
    )
    return db.session.execute(stmt.order_by(Issue.registered_on.desc(), Issue.id.desc()).limit(MOST)).all()


def get_topic(actor: Actor, topic_id: int) -> Topic:
    """One topic; raise NotFound where there is none, or not for this person."""
    topic = db.session.scalar(sa.select(Topic).where(Topic.id == topic_id, visible_topics(actor)))
    if topic is None:
        raise NotFound()
    return topic


def get_topic_shown(actor: Actor, topic_id: int) -> Any:
    """One topic, as `Topic`, with the names its page shows; raise NotFound as get_topic."""
    row = db.session.execute(
        sa.select(
            Topic, Category.name.label("category"), Unit.name.label("unit"), Person.name.label("proposer")
        )
        .join(Category, Category.id == Topic.category_id)
        .join(Unit, Unit.id == Topic.lead_unit_id)
        .outerjoin(Person, Person.id == Topic.proposed_by_id)
        .where(Topic.id == topic_id, visible_topics(actor))
    ).first()
    if row is None:
        raise NotFound()
    return row


def problems_of_topic(actor: Actor, topic_id: int) -> tuple[Sequence[Any], int]:
    """The problems behind a topic that a person may read, and how many there are in all.

    Those taken out come last, with why.
    """
    asker = aliased(Person)
    rows = db.session.execute(
        _problem_rows(actor)
        .add_columns(
            TopicProblem.id.label("link_id"),
            TopicProblem.reason,
            TopicProblem.removed_at,
            TopicProblem.removed_reason,
            TopicProblem.aftermath,
            TopicProblem.asked_at,
            asker.name.label("asker"),
            issues.visible_to(actor).label("is_mine"),
            issues.own(actor).label("is_own"),
        )
        .join(TopicProblem, TopicProblem.issue_id == Issue.id)
        .outerjoin(asker, asker.id == TopicProblem.asked_by_id)
        .where(TopicProblem.topic_id == topic_id)
        .order_by(TopicProblem.removed_at.is_not(None), Issue.registered_on.desc(), TopicProblem.id)
    ).all()
    behind = sum(1 for row in rows if row.removed_at is None)
    return [row for row in rows if row.is_mine], behind


def measures_of(topic_id: int) -> Sequence[Any]:
    """What is done about a topic, as (Measure, unit), the next due first and what has ended last."""
    ended = sa.case((sa.and_(Measure.done_on.is_(None), Measure.dropped_on.is_(None)), 0), else_=1)
    return db.session.execute(
        sa.select(Measure, Unit.name.label("unit"))
        .join(Unit, Unit.id == Measure.unit_id)
        .where(Measure.topic_id == topic_id)
        .order_by(ended, Measure.due_on, Measure.id)
    ).all()


def outputs_of(topic_id: int) -> Sequence[PolicyOutput]:
    """The rules and policies that came of a topic."""
    stmt = sa.select(PolicyOutput).where(PolicyOutput.topic_id == topic_id)
    return db.session.scalars(stmt.order_by(PolicyOutput.published_on, PolicyOutput.id)).all()


def get_topic_problem(topic_id: int, link_id: int) -> TopicProblem | None:
    """One problem behind one topic."""
    stmt = sa.select(TopicProblem).where(TopicProblem.id == link_id, TopicProblem.topic_id == topic_id)
    return db.session.scalar(stmt)


def get_measure(topic_id: int, measure_id: int) -> Measure | None:
    """One measure of one topic."""
    stmt = sa.select(Measure).where(Measure.id == measure_id, Measure.topic_id == topic_id)
    return db.session.scalar(stmt)


def get_output(topic_id: int, output_id: int) -> PolicyOutput | None:
    """One policy output of one topic."""
    stmt = sa.select(PolicyOutput).where(PolicyOutput.id == output_id, PolicyOutput.topic_id == topic_id)
    return db.session.scalar(stmt)


def volume_of(topic: Topic) -> Volume:
    """The problems of a topic's category month by month: six before it was begun, six from then on."""
    start = Month.of(topic.started_on or topic.proposed_on)
    before, after = [start.previous], [start]
    while len(before) < MONTHS:
        before.append(before[-1].previous)
        after.append(after[-1].next)
    year, number = sa.extract("year", Issue.registered_on), sa.extract("month", Issue.registered_on)
    found = db.session.execute(
        sa.select(year, number, sa.func.count(Issue.id))
        .where(
            _family(topic.category_id),
            Issue.state.not_in(EXCLUDED),
            Issue.registered_on.between(before[-1].first_on, after[-1].last_on),
        )
        .group_by(year, number)
    )
    counts = {Month(int(y), int(m)): many for y, m, many in found}
    kinds = sa.select(Category.id).where(
        sa.or_(Category.id == topic.category_id, Category.parent_id == topic.category_id)
    )
    present = Month.of(today())
    return Volume(
        [(month, counts.get(month, 0)) for month in reversed(before)],
        [(month, counts.get(month, 0)) for month in after if month <= present],
        list(db.session.scalars(kinds.order_by(Category.id))),
    )


def to_be_asked(actor: Actor) -> sa.ColumnElement[bool]:
    """One's own problems behind topics closed lately whose enterprises nobody has asked yet."""
    return sa.and_(
        TopicProblem.issue_id == Issue.id,
        Topic.id == TopicProblem.topic_id,
        Topic.state == TopicState.CLOSED,
        Topic.closed_on >= today() - ASKED_FOR,
        TopicProblem.removed_at.is_(None),
        TopicProblem.asked_at.is_(None),
        issues.own(actor),
    )


def topics_to_ask_about(actor: Actor, most: int) -> Few:
    """My own problems behind topics closed lately, whose enterprises nobody has asked yet."""
    stmt = (
        _problem_rows(actor)
        .add_columns(
            TopicProblem.id.label("link_id"),
            Topic.id.label("topic_id"),
            Topic.title.label("topic"),
            Topic.closed_on.label("topic_closed_on"),
            sa.func.count().over().label("total"),
        )
        .join(TopicProblem, TopicProblem.issue_id == Issue.id)
        .join(Topic, Topic.id == TopicProblem.topic_id)
        .where(to_be_asked(actor))
    )
    return Few(stmt, (Topic.closed_on, Issue.number), most)


def is_own_problem(actor: Actor, issue_id: int) -> bool:
    """Whether a problem is one's own: registered, heard, followed, or of an enterprise one answers for."""
    return db.session.scalar(sa.select(Issue.id).where(Issue.id == issue_id, issues.own(actor))) is not None


def number_of_problem(issue_id: int) -> str:
    """The number of a problem."""
    return db.session.scalars(sa.select(Issue.number).where(Issue.id == issue_id)).one()


def get_visible_problem(actor: Actor, issue_id: int) -> Issue:
    """A problem behind a topic; raise NotFound where this person may not read it."""
    return issues.get_visible(actor, issue_id)
