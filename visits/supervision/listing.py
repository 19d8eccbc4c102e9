"""The lists of supervision: orders, topics, and the records drawn to be checked."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext
from sqlalchemy.orm import aliased

from visits.accounts.models import Person, Unit
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.filters import ALL_DAYS, ALL_VALUES, Days, Picked, narrowed
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing, joined, parts
from visits.core.workdays import Calendar
from visits.enterprises.models import Enterprise
from visits.issues.confidence import firm_in_file, firm_on_page, named_to
from visits.issues.models import Category, Issue
from visits.outreach.models import Visit
from visits.supervision import rules
from visits.supervision.models import (
    COLOUR_LABELS,
    HOW_LABELS,
    KIND_LABELS,
    RESULT_LABELS,
    Measure,
    Order,
    OrderProblem,
    Sample,
    SampleItem,
    Topic,
    TopicProblem,
)
from visits.supervision.models import Result as CheckResult
from visits.supervision.queries import visible_orders, visible_samples, visible_topics
from visits.supervision.queries.samples import firms_met
from visits.supervision.rules import Kind as RecordKind
from visits.supervision.states import AWAITING, ORDER_STATE_LABELS, TOPIC_STATE_LABELS

UNCHECKED, MARKED = "unchecked", "marked"
PASSED_ON = N_("Passed on by the office")
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class OrderFilters:
    """What the list of orders is narrowed to; empty parts do not narrow."""

    q: str = ""
    state: Picked = ALL_VALUES
    colour: Picked = ALL_VALUES
    unit: Picked = ALL_VALUES
    issued: Days = ALL_DAYS
    overdue: bool = False


@dataclass(frozen=True)
class TopicFilters:
    """What the list of topics is narrowed to; empty parts do not narrow."""

    q: str = ""
    state: Picked = ALL_VALUES
    unit: Picked = ALL_VALUES


@dataclass(frozen=True)
class SampleFilters:
    """What the list of records drawn is narrowed to; `result` also knows unchecked and marked ones."""

    month: Picked = ALL_VALUES
    kind: Picked = ALL_VALUES
    result: tuple[str, ...] = ()


def shown_reply_light(row: Any, calendar: Calendar) -> dict[str, str] | None:
    """How the reply awaited stands to its day, in words; none where none is awaited."""
    if row.state not in AWAITING:
        return None
    light = rules.reply_light(row.due_on, today(), calendar)
    return {"tone": light.tone, "text": gettext(light.text, **light.params)}


def _overdue() -> Condition:
    return sa.and_(Order.state.in_(list(AWAITING)), Order.due_on < today())


def _numbers_of_order() -> Any:
    among = OrderProblem.issue_id == Issue.id
    stmt = sa.select(joined(Issue.number)).join(OrderProblem, among)
    return stmt.where(OrderProblem.order_id == Order.id).correlate(Order).scalar_subquery()


def _sorted_parts(text: str | None) -> list[str]:
    return sorted(part for part in parts(text) if part)


def _label(labels: Any, name: str) -> Any:
    return lambda row: labels.get(getattr(row, name))


def order_columns(calendar: Calendar) -> tuple[Column, ...]:
    """The columns of the list of orders; the light leans on the calendar."""

    def words(row: Any) -> str | None:
        shown = shown_reply_light(row, calendar)
        return shown["text"] if shown else None

    return (
        Column("number", N_("Number"), fixed=True, look="code", width=14),
        Column("unit", N_("To which unit"), fixed=True, look="main-cell", width=20),
        Column("colour", N_("Colour"), _label(COLOUR_LABELS, "colour"), Kind.LABEL, look="state-cell"),
        Column("state", N_("State"), _label(ORDER_STATE_LABELS, "state"), Kind.LABEL, look="state-cell"),
        Column(
            "problems", N_("Problems"), lambda row: len(_sorted_parts(row.numbers)), Kind.NUMBER, width=8
        ),
        Column("issued", N_("Issued on"), lambda row: row.issued_on, Kind.DAY, look="nowrap", width=12),
        Column("due", N_("Reply due on"), lambda row: row.due_on, Kind.DAY, look="nowrap", width=12),
        Column("light", N_("Reply"), words, look="nowrap", width=16),
        Column("replied", N_("Replied at"), lambda row: row.replied_at, Kind.MOMENT, usual=False, width=18),
        Column("issuer", N_("Issued by"), usual=False),
        Column("ended", N_("Ended at"), lambda row: row.ended_at, Kind.MOMENT, usual=False, width=18),
        Column(
            "numbers",
            N_("Numbers of the problems"),
            lambda row: _sorted_parts(row.numbers),
            usual=False,
            width=30,
        ),
        Column("reason", N_("Why it is issued"), usual=False, width=40),
        Column("demand", N_("What is demanded"), usual=False, width=40),
    )


def _order_conditions(filters: OrderFilters) -> list[Condition]:
    """The SQL of the filters."""
    where = narrowed(
        (filters.state, Order.state),
        (filters.colour, Order.colour),
        (filters.unit, Order.unit_id),
        (filters.issued, Order.issued_on),
    )
    if q := filters.q.strip():
        numbered = sa.select(OrderProblem.order_id).join(Issue, Issue.id == OrderProblem.issue_id)
        words = (Order.number, Order.reason, Order.demand)
        where.append(
            sa.or_(
                *(column.contains(q, autoescape=True) for column in words),
                Order.id.in_(numbered.where(Issue.number.contains(q, autoescape=True))),
            )
        )
    if filters.overdue:
        where.append(_overdue())
    return where


def of_orders(actor: Actor, filters: OrderFilters, calendar: Calendar) -> Listing:
    """The orders a person may read, narrowed."""
    names = ("id", "number", "colour", "state", "issued_on", "due_on", "replied_at", "ended_at")
    stmt = (
        sa.select(
            *(getattr(Order, name) for name in (*names, "reason", "demand")),
            Unit.name.label("unit"),
            Person.name.label("issuer"),
            _numbers_of_order().label("numbers"),
        )
        .join(Unit, Unit.id == Order.unit_id)
        .outerjoin(Person, Person.id == Order.issued_by_id)
    )
    sorts: dict[str, Any] = {
        "number": Order.number,
        "unit": Unit.name,
        "state": Order.state,
        "issued": Order.issued_on,
        "due": Order.due_on,
        "id": Order.id,
    }
    where = [visible_orders(actor), *_order_conditions(filters)]
    columns = order_columns(calendar)
    return Listing("supervision_orders", N_("Supervision orders"), stmt, sorts, "-issued", columns, where)


def _count_behind(column: Any) -> Any:
    stmt = sa.select(sa.func.count(sa.distinct(column))).join(
        TopicProblem, TopicProblem.issue_id == Issue.id
    )
    behind = (TopicProblem.topic_id == Topic.id, TopicProblem.removed_at.is_(None))
    return stmt.where(*behind).correlate(Topic).scalar_subquery()


def _measures(*where: Condition) -> Any:
    stmt = sa.select(sa.func.count(Measure.id)).where(
        Measure.topic_id == Topic.id, Measure.dropped_on.is_(None), *where
    )
    return stmt.correlate(Topic).scalar_subquery()


TOPIC_COLUMNS = (
    Column("title", N_("Topic"), fixed=True, look="main-cell", width=36),
    Column("category", N_("Category")),
    Column("unit", N_("Lead unit"), width=20),
    Column("state", N_("State"), _label(TOPIC_STATE_LABELS, "state"), Kind.LABEL, look="state-cell"),
    Column("firms", N_("Enterprises"), kind=Kind.NUMBER, width=8),
    Column("problems", N_("Problems"), kind=Kind.NUMBER, width=8),
    Column("measures", N_("Measures"), kind=Kind.NUMBER, width=8),
    Column("done", N_("Done"), kind=Kind.NUMBER, width=8),
    Column("proposed", N_("Proposed on"), lambda row: row.proposed_on, Kind.DAY, look="nowrap", width=12),
    Column("started", N_("Begun on"), lambda row: row.started_on, Kind.DAY, usual=False, width=12),
    Column("closed", N_("Closed on"), lambda row: row.closed_on, Kind.DAY, look="nowrap", width=12),
    Column("result", N_("What came of it"), usual=False, width=40),
)


def of_topics(actor: Actor, filters: TopicFilters) -> Listing:
    """The topics a person may read, narrowed."""
    stmt = (
        sa.select(
            Topic.id,
            Topic.title,
            Topic.state,
            Topic.proposed_on,
            Topic.started_on,
            Topic.closed_on,
            Topic.result,
            Category.name.label("category"),
            Unit.name.label("unit"),
            _count_behind(Issue.enterprise_id).label("firms"),
            _count_behind(Issue.id).label("problems"),
            _measures().label("measures"),
            _measures(Measure.done_on.is_not(None)).label("done"),
        )
        .join(Category, Category.id == Topic.category_id)
        .join(Unit, Unit.id == Topic.lead_unit_id)
    )
    where = [
        visible_topics(actor),
        *narrowed((filters.state, Topic.state), (filters.unit, Topic.lead_unit_id)),
    ]
    if q := filters.q.strip():
        where.append(Topic.title.contains(q, autoescape=True))
    sorts: dict[str, Any] = {
        "title": Topic.title,
        "unit": Unit.name,
        "state": Topic.state,
        "proposed": Topic.proposed_on,
        "id": Topic.id,
    }
    return Listing(
        "topics", N_("Topics of common problems"), stmt, sorts, "-proposed", TOPIC_COLUMNS, where
    )


def _what(row: Any) -> str:
    return row.number if row.kind is RecordKind.ISSUE else str(row.visited_on)


def _firms(row: Any) -> Any:
    if row.kind is RecordKind.ISSUE:
        return firm_on_page(row)
    return _sorted_parts(row.firms)


def _firms_in_file(row: Any) -> Any:
    return firm_in_file(row) if row.kind is RecordKind.ISSUE else _sorted_parts(row.firms)


def _result(row: Any) -> str:
    return RESULT_LABELS[row.result] if row.result else N_("Not checked yet")


def month_of(row: Any) -> str:
    """Of which month's sample a record is; a visit passed on by the office is of none."""
    return row.month or PASSED_ON


SAMPLE_COLUMNS = (
    Column("month", N_("Month"), month_of, Kind.LABEL, look="nowrap", width=10),
    Column("kind", N_("What was drawn"), _label(KIND_LABELS, "kind"), Kind.LABEL),
    Column("what", N_("Number or day"), _what, fixed=True, look="code", width=18),
    Column(
        "title", N_("Problem in short"), lambda row: row.title or "", fixed=True, look="main-cell", width=30
    ),
    Column("enterprises", N_("Enterprises"), _firms, width=30, in_file=_firms_in_file),
    Column(
        "on_spot", N_("On the spot"), lambda row: N_("Yes") if row.on_spot else None, Kind.LABEL, width=8
    ),
    Column("result", N_("Result"), _result, Kind.LABEL, look="state-cell"),
    Column("how", N_("How it was checked"), _label(HOW_LABELS, "how"), Kind.LABEL, usual=False),
    Column("checked", N_("Checked on"), lambda row: row.checked_on, Kind.DAY, look="nowrap", width=12),
    Column("checker", N_("Checked by")),
    Column("note", N_("What was found"), usual=False, width=40),
    Column("settlement", N_("What became of it"), usual=False, width=40),
)


def _with_results(wanted: tuple[str, ...]) -> Condition:
    marked = sa.and_(SampleItem.result == CheckResult.UNTRUE, SampleItem.settled_at.is_(None))
    answers = {
        UNCHECKED: SampleItem.result.is_(None),
        MARKED: sa.and_(marked, SampleItem.kind == RecordKind.VISIT),
        **{result.value: SampleItem.result == result for result in CheckResult},
    }
    return sa.or_(*(answers[name] for name in wanted if name in answers))


ITEM_COLUMNS = (
    *("id", "kind", "issue_id", "visit_id", "on_spot", "result", "how", "checked_on", "note"),
    *("settled_at", "settlement"),
)


def of_samples(actor: Actor, filters: SampleFilters) -> Listing:
    """The records drawn that a person may see, narrowed."""
    checker = aliased(Person)
    stmt = (
        sa.select(
            *(getattr(SampleItem, name) for name in ITEM_COLUMNS),
            Sample.month,
            Issue.number,
            Issue.title,
            Issue.confidential,
            named_to(actor).label("enterprise"),
            Visit.visited_on,
            firms_met().label("firms"),
            checker.name.label("checker"),
        )
        .outerjoin(Sample, Sample.id == SampleItem.sample_id)
        .outerjoin(Issue, Issue.id == SampleItem.issue_id)
        .outerjoin(Enterprise, Enterprise.id == Issue.enterprise_id)
        .outerjoin(Visit, Visit.id == SampleItem.visit_id)
        .outerjoin(checker, checker.id == SampleItem.checked_by_id)
    )
    where = [
        visible_samples(actor),
        *narrowed((filters.month, Sample.month), (filters.kind, SampleItem.kind)),
    ]
    if filters.result:
        where.append(_with_results(filters.result))
    sorts: dict[str, Any] = {
        "month": sa.func.coalesce(Sample.month, ""),
        "kind": SampleItem.kind,
        "result": sa.func.coalesce(sa.cast(SampleItem.result, sa.String), ""),
        "id": SampleItem.id,
    }
    return Listing("samples", N_("Samples"), stmt, sorts, "-month", SAMPLE_COLUMNS, where)
