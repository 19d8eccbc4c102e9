"""Problems of the demo office that get stuck in its last weeks, each in a way of its own, and stay so."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.workdays import Calendar, add_workdays, is_workday
from visits.issues import operations as issues
from visits.issues.asked import extension_span
from visits.issues.models import Block, Delay, Dispatch, Issue
from visits.issues.operations import AssignEntry, EvaluationEntry, ExtensionEntry, SuspensionEntry
from visits.issues.rules import Level, Outcome, Solved
from visits.issues.states import State

if TYPE_CHECKING:
    from visits.cli.demo.handling import Desk

NOT_OURS = "该事项不属于我单位职责，建议调整主办单位。"
YOURS = "经研究，该事项由你单位主办，请按时限办理。"
LONGER = "施工受管线迁改影响，需延长工期，已向企业说明情况。"
BLOCKED = "涉及国土空间规划调整，已报上级主管部门，待批复后办理。"
PENDING = "已联系相关单位，尚未形成处理意见。"
REDO = "企业反映问题没有真正解决，请重新办理并当面答复。"


def workdays_before(day: date, count: int, calendar: Calendar) -> date:
    """The working day that lies so many working days before a day."""
    while count or not is_workday(day, calendar):
        count -= is_workday(day, calendar)
        day -= timedelta(days=1)
    return day


class Stuck:
    """Takes problems off the desk's timetable: what nobody goes on with stays as it is."""

    def __init__(self, desk: "Desk", last: date) -> None:
        self.desk, self.office, self.last = desk, desk.office, last

    def plan(self) -> None:
        """Put on the timetable what gets stuck, by working days before the last day."""
        on_desk = Issue.state == State.IN_PROGRESS
        self._on(24, lambda: self._forget(3, on_desk))
        self._on(16, lambda: self._forget(2, on_desk))
        self._on(14, lambda: self._extend(Role.COORDINATOR))
        self._on(12, lambda: self._extend(Role.LEADER))
        self._on(11, self._ask_to_suspend)  # the review may not be more than 30 days off, holidays and all
        self._on(10, self._suspend)
        for workdays in (13, 11, 10, 9):  # some days find nothing that waits to be rated
            self._on(workdays, self._rate_badly)
        for workdays in (14, 12, 10, 8):  # some days find nothing that was assigned lately
            self._on(workdays, self._return)
            self._on(workdays - 1, self._rule)
        self._on(7, lambda: self._forget(3, on_desk))
        for workdays in (6, 5, 4, 3, 2, 1, 0):  # some days find nothing that waits to be signed
            self._on(workdays, lambda: self._forget(1, Issue.state == State.ASSIGNED))
        self._on(1, self._say_something)
        self.extended: list[int] = []
        self.suspended: list[int] = []
        self.returned: list[int] = []

    def _on(self, workdays: int, happen: Callable[[], None]) -> None:
        self.desk.timetable.on(workdays_before(self.last, workdays, self.desk.calendar), happen)

    def _some(self, many: int, *where: Any, newest: bool = False) -> list[Issue]:
        """Problems that are not stuck yet and of which nothing is asked; the most urgent first."""
        free = (
            Issue.id.not_in(self.desk.stuck),
            Issue.extension_asked.is_(False),
            Issue.suspension_asked.is_(False),
            Issue.withdrawal_asked.is_(False),
        )
        order = (Issue.due_on.desc(), Issue.id) if newest else (Issue.due_on, Issue.id)
        stmt = select(Issue).where(*free, *where).order_by(*order).limit(many)
        return list(db.session.scalars(stmt))

    def _hold(self, issue: Issue) -> None:
        self.desk.stuck.add(issue.id)

    def _forget(self, many: int, *where: Any) -> None:
        for issue in self._some(many, *where):
            self._hold(issue)

    def _ask_to_suspend(self) -> None:
        review = add_workdays(self.last, 2, self.desk.calendar)
        for issue in self._some(2, Issue.state == State.IN_PROGRESS, newest=True):
            entry = SuspensionEntry(Block.PLANNING, BLOCKED, "分管负责人", review)
            issues.ask_suspension(self._of_unit(issue), issue, entry)
            self._hold(issue)
            self.suspended.append(issue.id)

    def _suspend(self) -> None:
        for issue in self._held(self.suspended, State.IN_PROGRESS):
            issues.suspend(self._leader(), issue, None, "同意挂账，到期复核。")

    def _extend(self, role: Role) -> None:
        """Ask for an extension and give it: a coordinator the first, a leader the second."""
        if not self.extended:
            soon = (Issue.state == State.IN_PROGRESS, Issue.due_on >= today())
            chosen = [i for i in self._some(9, *soon, newest=True) if self._may_wait_twice(i)][:1]
            self.extended = [issue.id for issue in chosen]
        for issue in self._held(self.extended, State.IN_PROGRESS):
            self._hold(issue)
            span = extension_span(issue)
            if span and issue.due_on and span[0] <= span[1] and today() <= issue.due_on:
                wanted = min(span[1], add_workdays(issue.due_on, 1, self.desk.calendar))
                entry = ExtensionEntry(Delay.WORKS, LONGER, wanted, told_enterprise=True)
                issues.ask_extension(self._of_unit(issue), issue, entry)
                actor = self.office.actor(self.office.with_role(role)[0])
                issues.grant_extension(actor, issue, None, "同意延期，请抓紧办理。")

    def _may_wait_twice(self, issue: Issue) -> bool:
        span = extension_span(issue)
        return span is not None and add_workdays(span[0], 2, self.desk.calendar) <= span[1]

    def _rate_badly(self) -> None:
        entry = EvaluationEntry(
            Solved.UNSOLVED,
            Level.DISSATISFIED,
            evaluator="企业负责人",
            comment=self.office.pick("complaints"),
            to_unit=REDO,
        )
        solved = (Issue.state == State.EVALUATING, Issue.round == 1, Issue.outcome == Outcome.SOLVED)
        for issue in self._some(1, *solved):
            issues.record_evaluation(
                self.office.actor(self.office.with_role(Role.CALLBACK)[0]), issue, entry
            )
            self._hold(issue)

    def _return(self) -> None:
        """Let the unit return a problem that was assigned lately; a second time the next unit."""
        if not self.returned:
            fresh = select(Dispatch.issue_id).where(
                Dispatch.ended_at.is_(None), Dispatch.sign_due >= today(), Dispatch.signed_at.is_(None)
            )
            where = (Issue.state == State.ASSIGNED, Issue.id.in_(fresh), Issue.no_return.is_(False))
            self.returned = [issue.id for issue in self._some(1, *where, Issue.return_count == 0)]
        for issue in self._held(self.returned, State.ASSIGNED):
            self._hold(issue)
            if issue.return_count < 2:
                issues.return_issue(self._of_unit(issue), issue, NOT_OURS, self.desk.other_unit(issue))

    def _rule(self) -> None:
        """Send it to the other unit after the first return, to stay there after the second."""
        for issue in self._held(self.returned, State.RETURNED):
            if issue.return_count < 2:
                actor = self.office.actor(self.office.with_role(Role.COORDINATOR)[0])
                issues.reassign(actor, issue, AssignEntry(self.desk.other_unit(issue)))
            else:
                issues.uphold(self._leader(), issue, YOURS)

    def _say_something(self) -> None:
        """Let some units write that they have nothing to show yet."""
        late = (Issue.state == State.IN_PROGRESS, Issue.due_on < today(), Issue.id.in_(self.desk.stuck))
        for issue in db.session.scalars(
            select(Issue).where(*late).order_by(Issue.id.desc()).limit(3)
        ).all():
            issues.add_progress(self._of_unit(issue), issue, PENDING)

    def _held(self, ids: list[int], state: State) -> list[Issue]:
        found = (db.session.get_one(Issue, issue_id) for issue_id in ids)
        return [issue for issue in found if issue.state is state]

    def _of_unit(self, issue: Issue) -> Any:
        return self.office.actor(self.desk.of_unit(issue.lead_unit_id))

    def _leader(self) -> Any:
        return self.office.actor(self.office.with_role(Role.LEADER)[0])
