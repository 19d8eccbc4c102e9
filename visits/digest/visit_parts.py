"""The parts of a digest that tell of meetings, visits, promises, handovers, supervision and samples."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person
from visits.core.authz import Actor
from visits.core.i18n import N_
from visits.core.permissions import Permission as P
from visits.coverage.queries import answering, answers_for_some
from visits.digest.facts import Ground, Part, Rows
from visits.enterprises.models import Enterprise
from visits.handover import queries as handover
from visits.handover.models import Handover
from visits.honesty import queries as honesty
from visits.honesty.models import RecordQuestion
from visits.issues.models import Issue
from visits.meetings import queries as meetings
from visits.meetings.models import AgendaItem, Meeting
from visits.meetings.states import State as MeetingState
from visits.outreach.models import Promise, Visit, VisitDraft, VisitPair, VisitPlan
from visits.outreach.queries.drafts import drafts_own
from visits.outreach.queries.plans import plans_to_make
from visits.outreach.queries.promises import promises_waiting
from visits.supervision.models import Order, OrderProblem, SampleItem, Topic, TopicProblem
from visits.supervision.queries.orders import orders_in
from visits.supervision.queries.samples import marked, visible_samples
from visits.supervision.queries.topics import to_be_asked
from visits.supervision.states import AWAITING, OrderState

CONCERNED = aliased(Issue)


def _touches(*where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """A confidential problem is among those that a record is about, whose own words may tell of it."""
    return sa.exists().where(*where, CONCERNED.confidential.is_(True))


def _meetings(actor: Actor, ground: Ground) -> Rows:
    held = (Meeting.state == MeetingState.PLANNED, Meeting.meets_on == ground.days.today)
    return Rows(
        Meeting,
        Meeting.id,
        Meeting.title,
        sa.and_(*held, meetings.visible_to(actor)),
        due=Meeting.meets_on,
        is_confidential=_touches(AgendaItem.meeting_id == Meeting.id, CONCERNED.id == AgendaItem.issue_id),
        order=(Meeting.starts_at, Meeting.id),
    )


def _first_met(visit_id: Any) -> Any:
    """The name of an enterprise met on a visit, of several the first."""
    met = aliased(Enterprise)
    return (
        sa.select(sa.func.min(met.name))
        .join(VisitPair, VisitPair.enterprise_id == met.id)
        .where(VisitPair.visit_id == visit_id, VisitPair.is_current())
        .scalar_subquery()
    )


def _questions(which: sa.ColumnElement[bool]) -> Rows:
    return Rows(
        RecordQuestion,
        RecordQuestion.id,
        sa.func.coalesce(Enterprise.name, _first_met(RecordQuestion.visit_id), ""),
        which,
        due=RecordQuestion.due_on,
        joins=((Enterprise, Enterprise.id == RecordQuestion.enterprise_id),),
        order=(RecordQuestion.due_on, RecordQuestion.id),
    )


def _plans(actor: Actor, ground: Ground) -> Rows:
    return Rows(
        VisitPlan,
        VisitPlan.id,
        Enterprise.name,
        plans_to_make(actor, ground.days.today),
        due=VisitPlan.planned_on,
        joins=((Enterprise, Enterprise.id == VisitPlan.enterprise_id),),
        order=(VisitPlan.planned_on, VisitPlan.id),
    )


def _handovers(actor: Actor, _ground: Ground) -> Rows:
    leaver = aliased(Person)
    return Rows(
        Handover,
        Handover.id,
        leaver.name,
        handover.asking(actor),
        due=Handover.from_on,
        joins=((leaver, leaver.id == Handover.from_id),),
        order=(Handover.from_on, Handover.id),
    )


def _orders(which: sa.ColumnElement[bool]) -> Rows:
    return Rows(
        Order,
        Order.id,
        Order.reason,
        which,
        number=Order.number,
        due=Order.due_on,
        is_confidential=_touches(OrderProblem.order_id == Order.id, CONCERNED.id == OrderProblem.issue_id),
        order=(Order.due_on, Order.id),
    )


def _promises(actor: Actor, ground: Ground) -> Rows:
    return Rows(
        Promise,
        Promise.id,
        Promise.text,
        sa.and_(promises_waiting(actor), Promise.due_on <= ground.days.soon),
        due=Promise.due_on,
        is_confidential=_touches(CONCERNED.visit_id == Promise.visit_id),
        joins=((Visit, Visit.id == Promise.visit_id),),
        order=(Promise.due_on, Promise.id),
    )


def _visits_due(actor: Actor, ground: Ground) -> Rows:
    """Those of these enterprises that one answers for."""
    firm, links = ground.short.c, answering(actor.roles)
    return Rows(
        links,
        firm.id,
        firm.name,
        sa.and_(links.c.person_id == actor.person_id, firm.id.is_not(None)),
        due=sa.type_coerce(firm.until_on, sa.Date),
        joins=((ground.short, firm.id == links.c.enterprise_id),),
        order=(firm.until_on, firm.id),
    )


def _drafts(actor: Actor, _ground: Ground) -> Rows:
    return Rows(
        VisitDraft, VisitDraft.id, VisitDraft.title, drafts_own(actor), order=(VisitDraft.saved_at.desc(),)
    )


def _topics(actor: Actor, _ground: Ground) -> Rows:
    return Rows(
        TopicProblem,
        Topic.id,
        Topic.title,
        to_be_asked(actor),
        number=Issue.number,
        is_confidential=Issue.confidential,
        joins=((Topic, Topic.id == TopicProblem.topic_id), (Issue, Issue.id == TopicProblem.issue_id)),
        order=(Topic.closed_on, Issue.number),
    )


def _samples(which: sa.ColumnElement[bool]) -> Rows:
    """A problem by its number and title, a visit by its day and the first enterprise met."""
    return Rows(
        SampleItem,
        SampleItem.id,
        sa.func.coalesce(Issue.title, _first_met(Visit.id), ""),
        which,
        number=sa.func.coalesce(Issue.number, sa.cast(Visit.visited_on, sa.String), ""),
        is_confidential=sa.func.coalesce(Issue.confidential, _touches(CONCERNED.visit_id == Visit.id)),
        joins=((Issue, Issue.id == SampleItem.issue_id), (Visit, Visit.id == SampleItem.visit_id)),
        order=(SampleItem.id,),
    )


def _unchecked(actor: Actor, _ground: Ground) -> Rows:
    return _samples(sa.and_(SampleItem.result.is_(None), visible_samples(actor)))


def _for_office(actor: Actor, _ground: Ground) -> Rows:
    return _questions(sa.and_(honesty.for_office(actor), RecordQuestion.closed_at.is_(None)))


MEETINGS = (
    Part(
        "meetings",
        N_("Meetings today"),
        (P.MEETINGS_READ,),
        _meetings,
        ("meetings.show", "meeting_id"),
        ("meetings.index", {"meets": "today"}),
    ),
)
VISITS = (
    Part(
        "plans",
        N_("Visits planned for today, or not recorded yet"),
        (P.OUTREACH_PLAN,),
        _plans,
        ("plans.show", "plan_id"),
        ("plans.mine", {}),
    ),
    Part(
        "asked",
        N_("Questions about my records"),
        (P.HONESTY_ANSWER,),
        lambda actor, _: _questions(honesty.unanswered(actor)),
        ("honesty.show", "question_id"),
        ("honesty.mine", {}),
        for_deputy=False,
    ),
    Part(
        "promises",
        N_("Promises I am to keep that are due"),
        (P.OUTREACH_RECORD,),
        _promises,
        ("promises.show", "promise_id"),
        ("promises.index", {"whose": "mine"}),
    ),
    Part(
        "visits_due",
        N_("Enterprises still to be visited in the period that ends soon"),
        (P.COVERAGE_READ,),
        _visits_due,
        ("home.enterprise_file", "enterprise_id"),
        ("coverage.due", {"sort": "until"}),
        works_for=answers_for_some,
    ),
    Part(
        "drafts",
        N_("Unfinished visits"),
        (P.OUTREACH_RECORD,),
        _drafts,
        ("outreach.draft", "draft_id"),
        ("outreach.drafts", {}),
        for_deputy=False,
    ),
)
SUPERVISION = (
    Part(
        "to_reply",
        N_("Supervision orders to reply to"),
        (P.SUPERVISION_REPLY,),
        lambda actor, _: _orders(orders_in(actor, sorted(AWAITING), mine=True)),
        ("supervision.show_order", "order_id"),
        ("supervision.orders", {}),
    ),
    Part(
        "to_judge",
        N_("Replies to supervision orders to judge"),
        (P.SUPERVISION_ORDER,),
        lambda actor, _: _orders(orders_in(actor, [OrderState.REPLIED], mine=False)),
        ("supervision.show_order", "order_id"),
        ("supervision.orders", {"state": "replied"}),
    ),
    Part(
        "questions",
        N_("Questions about records before the office"),
        (P.HONESTY_CLOSE,),
        _for_office,
        ("honesty.show", "question_id"),
        ("honesty.index", {}),
    ),
    Part(
        "unchecked",
        N_("Records drawn, to be checked"),
        (P.SUPERVISION_CHECK,),
        _unchecked,
        ("samples.check", "item_id"),
        ("samples.index", {"result": "unchecked"}),
    ),
    Part(
        "marked",
        N_("Visits found not true, to be settled"),
        (P.SUPERVISION_SETTLE,),
        lambda actor, _: _samples(marked(actor)),
        ("samples.settle", "item_id"),
        ("samples.index", {"result": "marked"}),
    ),
    Part(
        "to_ask",
        N_("Problems behind closed topics, whose enterprises are to be asked"),
        (P.SUPERVISION_FOLLOW,),
        _topics,
        ("topics.show", "topic_id"),
        ("topics.index", {}),
    ),
)
HANDOVERS = (
    Part(
        "handovers",
        N_("Handovers"),
        (P.HANDOVER_READ,),
        _handovers,
        ("handover.show", "handover_id"),
        ("handover.index", {}),
        for_deputy=False,
    ),
)
