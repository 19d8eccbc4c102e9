"""Red flags, samples and topics: what figures count besides visits and the course of problems."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.core.periods import local_date
from visits.core.worked_days import workdays_amid
from visits.issues.models import IssueMove
from visits.outreach.models import PairProgramme, Visit, VisitPair
from visits.reports.facts import Question, Rows, attended, exists
from visits.reports.histories import PARTS
from visits.supervision.models import Measure, PolicyOutput, SampleItem, Topic
from visits.supervision.queries import visible_samples, visible_topics

FLAGGING = ("raise_flag", "register")
# What answers a red flag: somebody of the office, a unit or the zone's leaders took a step; not the system.
ANSWERING = (
    "assign",
    "sign",
    "record_contact",
    "add_progress",
    "report",
    "remind",
    "escalate",
    "instruct",
    "set_duty",
    "put_on_agenda",
    "conclude",
    "order_supervision",
    "lower_flag",
)
FLAG_WORKDAYS = 2


def flags(question: Question, known: sa.CTE) -> Rows:
    """One row per red flag raised in the period, with whether a step followed in time."""
    m, wanted = IssueMove, question.wanted
    return (
        sa.select(
            m.id,
            m.issue_id,
            known.c.unit_id,
            *(known.c[name] for name in PARTS),
            _is_answered(question).label("is_answered"),
        )
        .join(known, known.c.id == m.issue_id)
        .where(
            m.move.in_(FLAGGING),
            wanted.moments(m.happened_at),
            m.recorded_at <= wanted.as_of,
            m.details["red_flag"].as_string().is_not(None),
            question.is_part("unit", known.c.unit_id),
        )
    )


def _is_answered(question: Question) -> Any:
    flag, step = IssueMove, aliased(IssueMove)
    return exists(
        step,
        step.issue_id == flag.issue_id,
        step.seq > flag.seq,
        step.move.in_(ANSWERING),
        step.actor_id.is_not(None),
        step.recorded_at <= question.wanted.as_of,
        workdays_amid(flag.happened_at, step.happened_at) < FLAG_WORKDAYS,
    )


def checks(question: Question, known: sa.CTE) -> Rows:
    """One row per problem that was drawn by lot and looked at again."""
    item, wanted = SampleItem, question.wanted
    return (
        sa.select(
            item.id,
            item.issue_id,
            item.result,
            item.checked_on,
            known.c.unit_id,
            *(known.c[name] for name in PARTS),
        )
        .join(known, known.c.id == item.issue_id)
        .where(
            item.checked_at <= wanted.as_of,
            wanted.days(item.checked_on),
            visible_samples(question.actor),
            question.is_part("unit", known.c.unit_id),
        )
    )


def visit_checks(question: Question) -> Rows:
    """One row per visit that was drawn by lot and looked at again."""
    item, wanted = SampleItem, question.wanted
    return (
        sa.select(item.id, item.visit_id, item.result, item.checked_on, Visit.group_id)
        .join(Visit, Visit.id == item.visit_id)
        .where(
            item.sample_id.is_not(None),
            item.checked_at <= wanted.as_of,
            wanted.days(item.checked_on),
            sa.or_(Visit.voided_at.is_(None), Visit.voided_at > wanted.as_of),
            question.reaches(Visit),
            visible_samples(question.actor),
            question.is_part("group", Visit.group_id),
            attended(question),
            *_met_in(question),
        )
    )


def _met_in(question: Question) -> list[Any]:
    """Visits of the wanted programme, and to the wanted park."""
    wanted = question.wanted
    if wanted.programme is wanted.park is None:
        return []
    pair = VisitPair
    in_programme = question.is_in_programme(PairProgramme, PairProgramme.pair_id == pair.id)
    met = sa.select(pair.visit_id).where(
        pair.known_at(wanted.as_of), in_programme, question.of_park(pair.enterprise_id)
    )
    return [Visit.id.in_(met)]


def topics(question: Question) -> Rows:
    """One row per topic closed in the period, with whether anything came of it: a measure or a policy."""
    topic, wanted = Topic, question.wanted
    until = min(wanted.span.to_on, local_date(wanted.as_of))
    done = exists(Measure, Measure.topic_id == topic.id, Measure.done_on <= until)
    output = (PolicyOutput.topic_id == topic.id, PolicyOutput.added_at <= wanted.as_of)
    published = exists(PolicyOutput, *output, PolicyOutput.published_on <= wanted.span.to_on)
    return sa.select(
        topic.id,
        topic.category_id,
        topic.lead_unit_id.label("unit_id"),
        sa.or_(done, published).label("is_converted"),
    ).where(
        wanted.days(topic.closed_on),
        topic.closed_on <= until,
        visible_topics(question.actor),
        question.is_part("category", topic.category_id),
        question.is_part("unit", topic.lead_unit_id),
    )
