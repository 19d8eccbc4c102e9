"""Problems in any state, moved there by the people whose work it is."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from visits.core.authz import SYSTEM, Actor
from visits.core.db import db
from visits.core.permissions import Role
from visits.issues import operations, queries
from visits.issues.models import Category, Issue, Level, Outcome, Solved
from visits.issues.operations import AssignEntry, EvaluationEntry, IssueEntry, ReportEntry
from visits.issues.states import State

_number = count(1)
PATH = ("registered", "assigned", "in_progress", "reported", "evaluating", "closed")


@dataclass
class Office:
    """The people a problem needs, each the only one of the kind, and the units that handle."""

    cadre: Actor
    coordinator: Actor
    leader: Actor
    handler: Actor
    other_handler: Actor
    callback: Actor
    unit: Any
    other_unit: Any
    people: dict[str, Any]


def make_office(head_confirms=False):
    """An office with one person of each kind and two handling units."""
    unit, other_unit = make_unit(head_confirms=head_confirms), make_unit()
    desk = make_unit()
    people = {
        "cadre": make_person([Role.CADRE], desk),
        "coordinator": make_person([Role.COORDINATOR], desk),
        "leader": make_person([Role.LEADER]),
        "handler": make_person([Role.HANDLER], unit),
        "other_handler": make_person([Role.HANDLER], other_unit),
        "callback": make_person([Role.CALLBACK], desk),
    }
    db.session.flush()
    actors = {name: actor_for(person) for name, person in people.items()}
    return Office(**actors, unit=unit, other_unit=other_unit, people=people)


def make_category(**values):
    """A category of an office that has the usual ones."""
    operations.create_starter_categories(SYSTEM)
    operations.create_starter_limits(SYSTEM)
    db.session.flush()
    category_id, _ = queries.open_categories()[0]
    category = db.session.get(Category, category_id)
    for key, value in values.items():
        setattr(category, key, value)
    return category


def make_entry(enterprise=None, **values):
    """A valid entry of a problem."""
    number = next(_number)
    values.setdefault("title", f"厂区门口道路破损{number}")
    values.setdefault("description", "货车进出困难，雨天积水，影响发货。")
    values.setdefault("category_id", make_category().id)
    return IssueEntry(enterprise_id=(enterprise or make_enterprise()).id, **values)


def advance(office: Office, issue: Issue, state: State) -> None:
    """Take a registered problem along the usual path up to a state."""
    steps = {
        "assigned": lambda: operations.assign(office.coordinator, issue, AssignEntry(office.unit.id)),
        "in_progress": lambda: operations.sign(office.handler, issue),
        "reported": lambda: operations.report(
            office.handler,
            issue,
            ReportEntry(Outcome.SOLVED, "路面已修复，排水沟已清理。", "已电话告知企业。"),
        ),
        "evaluating": lambda: operations.pass_review(office.coordinator, issue),
        "closed": lambda: operations.record_evaluation(
            office.callback, issue, EvaluationEntry(Solved.SOLVED, Level.SATISFIED, evaluator="王经理")
        ),
    }
    for step in PATH[PATH.index(issue.state) + 1 : PATH.index(state) + 1]:
        steps[step]()


def make_issue(office=None, state=State.REGISTERED, **values):
    """A problem of this state."""
    office = office or make_office()
    issue = operations.register_issue(office.cadre, make_entry(**values))
    if state in PATH:
        advance(office, issue, state)
    elif state is State.REJECTED:
        operations.reject(office.coordinator, issue, "已在诉讼中", "建议通过司法途径解决")
    elif state is State.RETURNED:
        advance(office, issue, State.ASSIGNED)
        operations.return_issue(office.handler, issue, "不属于本单位职责", office.other_unit.id)
    elif state is State.VOID:
        operations.void(office.coordinator, issue, "重复登记")
    return issue
