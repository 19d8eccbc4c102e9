"""Topics of common problems: proposed, worked on, closed; what stands behind them and what is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from visits.accounts.queries import get_unit
from visits.core.audit import difference
from visits.core.authz import Actor, require
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.issues import operations as issues
from visits.issues import queries as issue_queries
from visits.issues.queries import get_category
from visits.supervision import queries
from visits.supervision.models import (
    AFTERMATH_LABELS,
    Aftermath,
    Measure,
    PolicyOutput,
    Topic,
    TopicProblem,
)
from visits.supervision.operations.moving import first_step, make_step, open_step, require_text
from visits.supervision.states import TopicState

EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True)
class TopicEntry:
    """What is entered about a topic."""

    title: str
    category_id: int
    lead_unit_id: int
    description: str = ""


@dataclass(frozen=True)
class MeasureEntry:
    """Which unit does what by which day."""

    text: str
    unit_id: int
    due_on: date


@dataclass(frozen=True)
class OutputEntry:
    """A rule or policy that came of a topic."""

    title: str
    published_on: date
    document_no: str = ""


def _require_unit(unit_id: int, field: str) -> None:
    unit = get_unit(unit_id)
    if unit is None or unit.closed_on is not None:
        raise Refused(N_("Choose a unit that is in use."), field=field)


def _require_sound(entry: TopicEntry) -> None:
    require_text(entry.title, "title", N_("Give the topic a title."))
    category = get_category(entry.category_id)
    if category is None:
        raise Refused(N_("Choose a category."), field="category_id")
    _require_unit(entry.lead_unit_id, "lead_unit_id")


def propose_topic(
    actor: Actor, entry: TopicEntry, issue_ids: Iterable[int] = (), reason: str = ""
) -> Topic:
    """Propose a topic, with the problems behind it."""
    topic = Topic(**vars(entry), proposed_by_id=actor.person_id, proposed_on=today())
    step = first_step(actor, topic, "propose")
    _require_sound(entry)
    make_step(step, title=entry.title)
    if wanted := list(issue_ids):
        _link(actor, topic, wanted, reason or entry.title)
    return topic


def update_topic(actor: Actor, topic: Topic, entry: TopicEntry, revision: int | None = None) -> None:
    """Correct what is entered about a topic."""
    step = open_step(actor, topic, "update", revision)
    _require_sound(entry)
    before = {key: getattr(topic, key) for key in vars(entry)}
    for key, value in vars(entry).items():
        setattr(topic, key, value)
    make_step(step, **difference(before, vars(entry)))


def start_topic(actor: Actor, topic: Topic, revision: int | None = None) -> None:
    """Begin work: the lead unit has it from today on."""
    step = open_step(actor, topic, "start", revision)
    topic.started_on = today()
    make_step(step, title=topic.title)


def close_topic(actor: Actor, topic: Topic, result: str, revision: int | None = None) -> None:
    """Close a topic with what came of it; the problems behind it stay as they are."""
    step = open_step(actor, topic, "close", revision)
    require_text(result, "result", N_("Write what came of the topic."))
    topic.closed_on, topic.closed_by_id, topic.result = today(), actor.person_id, result
    make_step(step, title=topic.title, result=result)


def link_problems(
    actor: Actor, topic: Topic, issue_ids: Iterable[int], reason: str, revision: int | None = None
) -> int:
    """Take problems in behind a topic; return how many were not there yet."""
    step = open_step(actor, topic, "link", revision)
    require_text(reason, "reason", N_("Write why these problems belong to the topic."))
    wanted = list(issue_ids)
    if not wanted:
        raise Refused(N_("Tick at least one problem."), field="issue_ids")
    added = _link(actor, topic, wanted, reason)
    make_step(step, problems=added, reason=reason)
    return len(added)


def _link(actor: Actor, topic: Topic, issue_ids: list[int], reason: str) -> list[str]:
    problems, _ = queries.problems_of_topic(actor, topic.id)
    present = {row.id for row in problems if row.removed_at is None}
    added = []
    for key in sorted(set(issue_ids) - present):
        issue = issue_queries.get_visible(actor, key)
        db.session.add(
            TopicProblem(topic_id=topic.id, issue_id=key, reason=reason[:200], added_by_id=actor.person_id)
        )
        added.append(issue.number)
    db.session.flush()
    return added


def unlink_problem(
    actor: Actor, topic: Topic, link: TopicProblem, why: str, revision: int | None = None
) -> None:
    """Take a problem out from behind a topic."""
    step = open_step(actor, topic, "unlink", revision)
    require_text(why, "reason", N_("Write why the problem does not belong to the topic."))
    _require_linked(link)
    link.removed_at, link.removed_by_id, link.removed_reason = now(), actor.person_id, why
    make_step(step, problem=link.issue_id, reason=why)


def _require_linked(link: TopicProblem) -> None:
    if link.removed_at is not None:
        raise WrongState(N_("This problem was taken out of the topic already."))


def ask_enterprise(actor: Actor, topic: Topic, link: TopicProblem, answer: Aftermath, words: str) -> None:
    """Note what the enterprise says now that the topic behind its problem is closed.

    The problem itself stays as it is; what was said stands on its timeline.
    """
    require(actor, Permission.SUPERVISION_FOLLOW)
    issue = issue_queries.get_visible(actor, link.issue_id)
    if topic.state is not TopicState.CLOSED:
        raise WrongState(N_("The topic is not closed yet. Ask the enterprise when it is."))
    _require_linked(link)
    if link.asked_at is not None:
        raise WrongState(N_("Somebody has asked this enterprise already. Look at the topic."))
    if not actor.is_system and not queries.is_own_problem(actor, issue.id):
        raise NotAllowed(N_("The people who know this enterprise ask it."))
    require_text(words, "note", N_("Write whom you asked and what was said."))
    link.aftermath, link.asked_at, link.asked_by_id = answer, now(), actor.person_id
    issues.add_note(actor, issue, f"{topic.title}：{gettext(AFTERMATH_LABELS[answer])}\n{words}")


def add_measure(actor: Actor, topic: Topic, entry: MeasureEntry, revision: int | None = None) -> Measure:
    """Agree what a unit does about a topic by a day."""
    step = open_step(actor, topic, "measure", revision)
    require_text(entry.text, "text", N_("Write what is to be done."))
    _require_unit(entry.unit_id, "unit_id")
    if entry.due_on < today():
        raise Refused(N_("This day is over. Choose today or a later one."), field="due_on")
    measure = Measure(topic_id=topic.id, **vars(entry))
    db.session.add(measure)
    make_step(step, text=entry.text, due_on=entry.due_on.isoformat())
    return measure


def _end_measure(
    actor: Actor, topic: Topic, measure: Measure, name: str, note: str, *, seen: int | None
) -> None:
    step = open_step(actor, topic, name, seen)
    require_text(note, "note", N_("Write what was done, or why it is dropped."))
    if measure.done_on or measure.dropped_on:
        raise WrongState(N_("This measure has ended already. Look at the topic again."))
    field = "done_on" if name == "complete" else "dropped_on"
    setattr(measure, field, today())
    measure.end_note, measure.ended_by_id = note, actor.person_id
    make_step(step, measure=measure.text, note=note)


def complete_measure(
    actor: Actor, topic: Topic, measure: Measure, note: str, revision: int | None = None
) -> None:
    """Note that a measure was carried out, and how."""
    _end_measure(actor, topic, measure, "complete", note, seen=revision)


def drop_measure(
    actor: Actor, topic: Topic, measure: Measure, note: str, revision: int | None = None
) -> None:
    """Drop a measure, with the reason."""
    _end_measure(actor, topic, measure, "drop", note, seen=revision)


def add_output(actor: Actor, topic: Topic, entry: OutputEntry, revision: int | None = None) -> PolicyOutput:
    """Note a rule or policy that came of a topic; often it comes out after the topic is closed."""
    step = open_step(actor, topic, "publish", revision)
    require_text(entry.title, "title", N_("Write the title of the document."))
    if not EARLIEST <= entry.published_on <= today():
        raise Refused(
            N_("A document is noted once it is out: choose today or an earlier day."), field="published_on"
        )
    output = PolicyOutput(topic_id=topic.id, **vars(entry), added_by_id=actor.person_id)
    db.session.add(output)
    make_step(step, output=entry.title, document_no=entry.document_no)
    return output


def remove_output(
    actor: Actor, topic: Topic, output: PolicyOutput, why: str, revision: int | None = None
) -> None:
    """Take out a document that was noted by mistake; the audit log keeps it."""
    step = open_step(actor, topic, "publish", revision)
    require_text(why, "reason", N_("Write why the document is taken out."))
    said: dict[str, Any] = {"title": output.title, "document_no": output.document_no}
    db.session.delete(output)
    make_step(step, removed=said, reason=why)
