"""What the demo office does with a problem: each step a moment on the timetable."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Protocol

from visits.cli.demo.asking import Requests, is_ruled
from visits.cli.demo.office import Office
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.workdays import Calendar, add_workdays
from visits.issues import operations as issues
from visits.issues.guards import ATTEMPTS
from visits.issues.models import Issue
from visits.issues.operations import (
    AssignEntry,
    ContactEntry,
    EvaluationEntry,
    ReportEntry,
)
from visits.issues.queries import waiting_co_units
from visits.issues.rules import Level, Outcome, Solved
from visits.issues.states import State

GOOD = [Level.VERY_SATISFIED] * 4 + [Level.SATISFIED] * 5 + [Level.BASICALLY]
OUTCOMES = [Outcome.SOLVED] * 86 + [Outcome.PLANNED] * 4 + [Outcome.EXPLAINED] * 6 + [Outcome.ANSWERED] * 4


class Timetable(Protocol):
    """Lets something happen on a later day."""

    def on(self, day: date, happen: Callable[[], None]) -> None:
        """Put it on the timetable."""


class Desk:
    """Drives problems on, each by its own chance."""

    def __init__(self, office: Office, timetable: Timetable, calendar: Calendar) -> None:
        self.office, self.timetable, self.calendar = office, timetable, calendar
        self.chance = office.random.random
        self.between = office.random.randint
        self.attempts: Counter[int] = Counter()
        self.stuck: set[int] = set()
        self.requests = Requests(self)

    def later(self, workdays: int, step: Callable[[int], None], issue_id: int) -> None:
        """Put a step on the timetable, some working days from now."""
        day = add_workdays(today(), max(1, workdays), self.calendar)
        self.timetable.on(day, lambda: step(issue_id))

    def take(self, issue: Issue) -> None:
        """Let a freshly registered problem take its course."""
        self.later(1, self._accept, issue.id)

    def standing(self, issue_id: int, *states: State) -> Issue | None:
        """The problem, while it is still where the step expects it and goes on at all."""
        if issue_id in self.stuck:
            return None
        issue = db.session.get(Issue, issue_id)
        return issue if issue is not None and issue.state in states else None

    def coordinator(self) -> str:
        """One of the coordinators."""
        return self.office.random.choice(self.office.with_role(Role.COORDINATOR))

    def of_unit(self, unit_id: int | None) -> str:
        """One of those who handle problems in a unit."""
        people = self.office.unit_people[unit_id or 0]
        may = self.office.with_role(Role.HANDLER, Role.UNIT_HEAD)
        return self.office.random.choice([p for p in people if p in may])

    def other_unit(self, issue: Issue) -> int:
        """Another unit that may be in charge of a problem."""
        names = ("投资促进局", "经济发展局")
        return next(u.id for u in map(self.office.units.__getitem__, names) if u.id != issue.lead_unit_id)

    def _accept(self, issue_id: int) -> None:
        issue = self.standing(issue_id, State.REGISTERED)
        if issue is None:
            return
        actor, fate = self.office.actor(self.coordinator()), self.chance()
        if fate < 0.02:
            issues.reject(actor, issue, "该事项正在诉讼中。", self.office.pick("rejections"))
        elif fate < 0.03:
            issues.void(actor, issue, "与已登记事项重复录入。")
        elif fate < 0.06 and not issue.needs_info:
            issues.request_info(actor, issue, "请补充具体地点和联系人。")
            self.later(1, self._complete, issue_id)
        else:
            self._assign(issue)

    def _complete(self, issue_id: int) -> None:
        if issue := self.standing(issue_id, State.REGISTERED):
            issues.complete_info(
                self.office.actor(self.coordinator()), issue, "已电话核实，地点为厂区东门。"
            )
            self.later(1, self._accept, issue_id)

    def _assign(self, issue: Issue) -> None:
        units = self.office.units
        code = next(c for c, row in self.office.categories.items() if row.id == issue.category_id)
        lead = units[self.office.texts["categories"][code]].id
        helpers = [u.id for n, u in units.items() if n in ("经济发展局", "应急管理分局") and u.id != lead]
        co_units = [self.office.random.choice(helpers)] if self.chance() < 0.12 else []
        issues.assign(self.office.actor(self.coordinator()), issue, AssignEntry(lead, co_units))
        step = self.return_to_office if self.chance() < 0.04 else self._sign
        self.later(1, step, issue.id)

    def return_to_office(self, issue_id: int) -> None:
        """Let the unit return a problem that is not its business."""
        if issue := self.standing(issue_id, State.ASSIGNED):
            actor = self.office.actor(self.of_unit(issue.lead_unit_id))
            issues.return_issue(actor, issue, self.office.pick("returns"), self.other_unit(issue))
            self.later(1, self._rule, issue_id)

    def _rule(self, issue_id: int) -> None:
        if issue := self.standing(issue_id, State.RETURNED):
            actor = self.office.actor(self.coordinator())
            if self.chance() < 0.5:
                issues.uphold(actor, issue, "该事项属你单位职责，请按时办理。")
            else:
                issues.reassign(actor, issue, AssignEntry(self.other_unit(issue)))
            self.later(1, self._sign, issue_id)

    def _sign(self, issue_id: int) -> None:
        if issue := self.standing(issue_id, State.ASSIGNED):
            actor = self.office.actor(self.of_unit(issue.lead_unit_id))
            issues.sign(actor, issue)
            if self.chance() < 0.9:
                issues.record_contact(actor, issue, ContactEntry("企业联系人", "电话"))
            self.later(2, self._progress, issue_id)

    def _progress(self, issue_id: int) -> None:
        if issue := self.standing(issue_id, State.IN_PROGRESS):
            if self.chance() < 0.6:
                actor = self.office.actor(self.of_unit(issue.lead_unit_id))
                issues.add_progress(actor, issue, self.office.pick("progress"))
            if self.chance() < 0.92:
                self.later(self.between(1, 4), self.report, issue_id)
            else:
                self.requests.ask_for_time(issue)
                self.later(12, self.report, issue_id)

    def report(self, issue_id: int) -> None:
        """Let the unit report what it has come to."""
        issue = self.standing(issue_id, State.IN_PROGRESS)
        if issue is None:
            return
        for unit_id, _name in waiting_co_units(issue.id):
            issues.answer_as_co_unit(
                self.office.actor(self.of_unit(unit_id)), issue, "已配合办理，意见已送主办单位。"
            )
        outcome = self.office.random.choice(OUTCOMES)
        told = self.office.random.choice(self.office.texts["results"][outcome.value])
        promised = today() + timedelta(days=60) if outcome is Outcome.PLANNED else None
        actor = self.office.actor(self.of_unit(issue.lead_unit_id))
        issues.report(actor, issue, ReportEntry(outcome, told, told, promised))
        self.later(1, self.review, issue_id)

    def review(self, issue_id: int) -> None:
        """Let the office look at a report."""
        issue = self.standing(issue_id, State.REPORTED)
        if issue is None:
            return
        actor = self.office.actor(self.coordinator())
        if self.chance() < 0.03:
            issues.send_back(actor, issue, self.office.pick("send_backs"))
            self.later(2, self.report, issue_id)
        else:
            issues.pass_review(actor, issue)
            self.later(self.between(1, 3), self._call, issue_id)

    def _call(self, issue_id: int) -> None:
        issue = self.standing(issue_id, State.EVALUATING)
        if issue is None:
            return
        fate = self.chance()
        if fate < 0.05:
            self._miss(issue)
        elif fate < 0.10 and issue.round == 1:
            self._evaluate(issue, Solved.UNSOLVED, Level.DISSATISFIED, self.office.pick("complaints"))
            self.later(2, self.requests.propose_ruling if is_ruled(issue_id) else self.report, issue_id)
        else:
            is_solved = issue.outcome == Outcome.SOLVED
            solved = Solved.SOLVED if is_solved else Solved.UNSOLVED
            self._evaluate(issue, solved, self.office.random.choice(GOOD), self.office.pick("comments"))
            if issue.outcome is Outcome.PLANNED:
                self.requests.keep_promise(issue)

    def _evaluate(self, issue: Issue, solved: Solved, level: Level, comment: str) -> None:
        accepts = None if issue.outcome == Outcome.SOLVED else level in GOOD
        entry = EvaluationEntry(
            solved,
            level,
            accepts=accepts,
            evaluator="企业联系人",
            comment=comment,
            to_unit="请再次上门核实情况，把整改结果当面告知企业。",
        )
        issues.record_evaluation(self.office.actor("heqing"), issue, entry)

    def _miss(self, issue: Issue) -> None:
        issues.log_attempt(self.office.actor("heqing"), issue, "电话无人接听。")
        self.attempts[issue.id] += 1
        self.later(1, self._call_again, issue.id)

    def _call_again(self, issue_id: int) -> None:
        issue = self.standing(issue_id, State.EVALUATING)
        if issue is None:
            return
        if self.attempts[issue_id] < ATTEMPTS:
            self._miss(issue)
        else:
            issues.close_unreached(self.office.actor(self.coordinator()), issue, "三次回访均无人接听。")
