"""A zone of moderate size that lives through a year: what its people do on working days."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.inbox import make_point
from tests.factories.issues import make_entry, make_office
from tests.factories.meetings import make_meeting
from tests.factories.outreach import make_visit
from tests.factories.plans import make_plan
from tests.factories.programmes import join, make_group, make_link, make_programmes, require_visits
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import DomainError
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues.models import Block, Issue, Level, Outcome, Solved
from visits.issues.operations import AssignEntry, EvaluationEntry, ReportEntry, SuspensionEntry
from visits.issues.states import State
from visits.outreach.entries import PromiseEntry


@dataclass
class Zone:
    """Its office, its people by what they are, the firms it visits, and the dice its life hangs on."""

    office: Any
    people: dict[str, Any]
    firms: list[Any]
    dice: Random = field(default_factory=lambda: Random(20260101))

    def __getattr__(self, name: str) -> Any:
        return actor_for(self.people[name])


def make_zone(firms: int = 12) -> Zone:
    """Two units with handlers and a head, a group, an officer, the office and whoever oversees."""
    office = make_office()
    people = dict(office.people)
    for name, roles, unit in (
        ("head", [Role.UNIT_HEAD], office.unit),
        ("both", [Role.HANDLER, Role.CADRE], office.other_unit),
        ("officer", [Role.OFFICER], None),
        ("group_leader", [Role.GROUP_LEADER], None),
        ("supervisor", [Role.SUPERVISOR], None),
        ("auditor", [Role.AUDITOR], None),
        ("admin", [Role.ADMIN], None),
    ):
        people[name] = make_person(roles, unit)
    group = make_group(unit=office.unit)
    for name in ("cadre", "group_leader"):
        join(group, people[name])
    require_visits(make_programmes()["enterprise_visit"], today().replace(month=1, day=1))
    found = [make_enterprise() for _ in range(firms)]
    for number, firm in enumerate(found):
        make_link(firm, group if number % 2 else None, people["officer"])
    for name in ("coordinator", "head", "officer"):
        make_point(person=people[name])
    db.session.commit()
    return Zone(office, people, found)


def _is_likely(zone: Zone, share: float) -> bool:
    return zone.dice.random() < share


def _step(zone: Zone, issue: Issue) -> None:
    """What happens to one problem on a day, if anything."""
    office, handler = zone.office, zone.handler
    if issue.lead_unit_id == office.other_unit.id:
        handler = zone.both
    unit = office.unit if _is_likely(zone, 0.7) else office.other_unit
    report = ReportEntry(Outcome.SOLVED, "路面已修复，排水沟已清理。", "已电话告知企业。")
    level = Level.SATISFIED if _is_likely(zone, 0.8) else Level.DISSATISFIED
    rest = SuspensionEntry(Block.UPPER, "待批复。", "王科长", today() + timedelta(days=20))
    steps = {
        State.REGISTERED: (0.7, lambda: do.assign(zone.coordinator, issue, AssignEntry(unit.id))),
        State.ASSIGNED: (0.8, lambda: do.sign(handler, issue)),
        State.IN_PROGRESS: (0.07, lambda: do.report(handler, issue, report)),
        State.REPORTED: (0.5, lambda: do.pass_review(zone.coordinator, issue)),
        State.EVALUATING: (
            0.3,
            lambda: do.record_evaluation(
                zone.callback, issue, EvaluationEntry(Solved.SOLVED, level, evaluator="王经理")
            ),
        ),
    }
    if issue.state is State.IN_PROGRESS and _is_likely(zone, 0.01):
        do.ask_suspension(handler, issue, rest)
        do.suspend(zone.leader, issue, None)
    elif issue.state in steps and _is_likely(zone, steps[issue.state][0]):
        steps[issue.state][1]()


def _try(act: Callable[[], Any]) -> None:
    """Do something; what is refused, such as one visit too many, is left for another day."""
    try:
        with db.session.begin_nested():
            act()
    except DomainError:
        db.session.expire_all()


def _visit(zone: Zone) -> None:
    firm = zone.dice.choice(zone.firms)
    promise = PromiseEntry(firm.id, "下周答复用地手续。", due_on=today() + timedelta(days=5))
    make_visit(firm, author=zone.people["cadre"], promises=[promise])


def live(zone: Zone) -> None:
    """One working day: problems move on, new ones come, visits are made and planned, meetings called."""
    open_ones = db.session.query(Issue).where(Issue.closed_at.is_(None)).order_by(Issue.id).all()
    for issue in open_ones:
        _try(partial(_step, zone, issue))
    for share, act in (
        (0.35, lambda: do.register_issue(zone.cadre, make_entry(zone.dice.choice(zone.firms)))),
        (0.15, lambda: _visit(zone)),
        (0.1, lambda: make_plan(zone.dice.choice(zone.firms), zone.people["officer"])),
        (0.03, lambda: make_meeting(zone.coordinator, meets_on=today() + timedelta(days=3))),
    ):
        if _is_likely(zone, share):
            _try(act)
    db.session.commit()
