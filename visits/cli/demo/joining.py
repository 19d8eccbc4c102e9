"""What is joined, parted, withdrawn, taken up again and marked in the demo office's last weeks."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from visits.cli.demo.stuck import workdays_before
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.workdays import add_workdays
from visits.issues import operations as issues
from visits.issues.models import Duty, Issue, IssueSource, RedFlag
from visits.issues.operations import DutyEntry, IssueEntry, PartEntry, WithdrawalAnswer
from visits.issues.states import OPEN, State

if TYPE_CHECKING:
    from visits.cli.demo.handling import Desk

TWINS = ((40, False), (18, True), (6, False), (3, False))
WITHDRAWALS = ((26, True), (13, False), (9, True), (1, None))
FLAGS = (
    (28, RedFlag.UNPAID_WAGES, "走访时职工反映上月工资未按时发放。"),
    (15, RedFlag.CASH, "企业反映银行抽贷，流动资金紧张。"),
    (2, RedFlag.MOVING_OUT, "企业负责人表示外地招商条件优厚，正在考虑外迁。"),
)
FREE = WithdrawalAnswer("企业负责人", is_free=True, said="问题已自行解决，确认撤回。")
NOT_FREE = WithdrawalAnswer("企业负责人", is_free=False, said="没有提出撤回，问题仍未解决，希望继续办理。")
DUTIES = (
    ("牵头组织现场会，明确整改责任人和完成时间。", 5),
    ("提出用地和报批路径，书面答复企业。", 4),
    ("协调施工单位进场，倒排工期。", 15),
)


class Joining:
    """Joins and marks problems on days before the last; what is stuck is left alone but for duties."""

    def __init__(self, desk: "Desk", last: date) -> None:
        self.desk, self.office, self.last = desk, desk.office, last

    def plan(self) -> None:
        """Put on the timetable what happens, by working days before the last day."""
        for days, is_undone in TWINS:
            self._on(days, partial(self._hear_again, is_undone))
        for days, is_free in WITHDRAWALS:
            self._on(days, partial(self._ask_withdrawal, is_free))
        for days, flag, seen in FLAGS:
            self._on(days, partial(self._raise_flag, flag, seen))
        for days in (30, 14, 7, 2):
            self._on(days, self._hide_enterprise)
        self._on(32, self._repeat)
        self._on(17, self._split)
        self._on(21, self._reopen_as_officer)
        self._on(10, self._reopen_as_supervisor)
        self._on(9, self._set_duties)
        self._on(5, self._complete_duty)

    def _on(self, workdays: int, happen: Callable[[], None]) -> None:
        self.desk.timetable.on(workdays_before(self.last, workdays, self.desk.calendar), happen)

    def _next_day(self, happen: Callable[[], None], workdays: int = 1) -> None:
        self.desk.timetable.on(add_workdays(today(), workdays, self.desk.calendar), happen)

    def _actor(self, role: Role) -> Actor:
        return self.office.actor(self.office.with_role(role)[0])

    def _newest(self, *where: Any) -> Issue | None:
        """The newest problem that is not stuck, and into which no other was merged."""
        targets = select(Issue.merged_into_id).where(Issue.merged_into_id.is_not(None))
        free = (Issue.id.not_in(self.desk.stuck), Issue.id.not_in(targets))
        return db.session.scalars(select(Issue).where(*free, *where).order_by(Issue.id.desc())).first()

    def _again(self, earlier: Issue, source: IssueSource, words: str) -> Issue:
        """The same problem, heard once more in another way."""
        entry = IssueEntry(
            enterprise_id=earlier.enterprise_id,
            title=earlier.title,
            description=f"{words}{earlier.description}"[:2000],
            category_id=earlier.category_id,
            source=source,
        )
        return issues.register_issue(self._actor(Role.COORDINATOR), entry)

    def _hear_again(self, is_undone: bool) -> None:
        if first := self._newest(Issue.state.in_([State.ASSIGNED, State.IN_PROGRESS])):
            twin = self._again(first, IssueSource.HOTLINE, "企业拨打12345热线反映：")
            self._next_day(partial(self._merge, twin.id, first.id, is_undone))

    def _merge(self, twin_id: int, first_id: int, is_undone: bool) -> None:
        twin, first = (db.session.get_one(Issue, key) for key in (twin_id, first_id))
        if first.state in OPEN or first.state is State.CLOSED:
            why = "与走访登记的为同一事项，并件办理。"
            issues.merge(self._actor(Role.COORDINATOR), twin, first, why)
            if is_undone:
                self._next_day(partial(self._unmerge, twin_id), 2)
        else:
            self.desk.take(twin)

    def _unmerge(self, twin_id: int) -> None:
        twin = db.session.get_one(Issue, twin_id)
        issues.unmerge(self._actor(Role.COORDINATOR), twin, "经核实为另一厂区的事项，分开办理。")
        self.desk.take(twin)

    def _repeat(self) -> None:
        if earlier := self._newest(Issue.state == State.CLOSED, Issue.on_spot.is_(False)):
            again = self._again(earlier, IssueSource.ENTERPRISE, "企业再次反映：")
            issues.link_repeat(self._actor(Role.COORDINATOR), again, earlier, "办结后再次反映")
            self.desk.take(again)

    def _split(self) -> None:
        if issue := self._newest(Issue.state == State.IN_PROGRESS):
            category = issue.category_id
            parts = [
                PartEntry(f"{issue.title[:60]}（近期措施）", "先行解决影响生产的部分。", category),
                PartEntry(f"{issue.title[:60]}（长期措施）", "研究从根本上解决的办法。", category),
            ]
            why = "涉及多个单位，近期和长期措施分开办理。"
            for part in issues.split(self._actor(Role.COORDINATOR), issue, parts, why):
                self.desk.take(part)

    def _of_officer(self, *where: Any) -> tuple[Actor, Issue] | None:
        """The newest such problem of an officer's enterprise, and that officer."""
        for officer, firms in self.office.officer_firms.items():
            if issue := self._newest(Issue.enterprise_id.in_(firms), *where):
                return self.office.actor(officer), issue
        return None

    def _ask_withdrawal(self, is_free: bool | None) -> None:
        """Let an officer pass on a withdrawal; next day the enterprise is asked, or not yet."""
        where = (Issue.state.in_([State.ASSIGNED, State.IN_PROGRESS]), Issue.withdrawal_asked.is_(False))
        if found := self._of_officer(*where):
            officer, issue = found
            issues.ask_withdrawal(officer, issue, "企业来电表示不再需要办理。")
            if is_free is not None:
                self._next_day(partial(self._decide_withdrawal, issue.id, is_free))

    def _decide_withdrawal(self, issue_id: int, is_free: bool) -> None:
        issue = db.session.get_one(Issue, issue_id)
        if issue.withdrawal_asked:
            decide = issues.withdraw if is_free else issues.refuse_withdrawal
            decide(self._actor(Role.CALLBACK), issue, FREE if is_free else NOT_FREE)

    def _reopen_as_officer(self) -> None:
        recent = (Issue.state == State.CLOSED, Issue.on_spot.is_(False), Issue.round == 1)
        if found := self._of_officer(*recent):
            officer, issue = found
            issues.reopen(officer, issue, "回访企业时发现问题再次出现。")
            self.desk.later(3, self.desk.report, issue.id)

    def _reopen_as_supervisor(self) -> None:
        recent = (Issue.state == State.CLOSED, Issue.on_spot.is_(False), Issue.round == 1)
        if issue := self._newest(*recent):
            issues.reopen(self._actor(Role.SUPERVISOR), issue, "督查核实，办理结果与实际情况不符。")
            self.desk.later(4, self.desk.report, issue.id)

    def _raise_flag(self, flag: RedFlag, seen: str) -> None:
        fresh = [State.REGISTERED, State.ASSIGNED, State.IN_PROGRESS]
        if issue := self._newest(Issue.state.in_(fresh), Issue.red_flag.is_(None)):
            issues.raise_flag(self._actor(Role.COORDINATOR), issue, flag, seen)
            self._next_day(partial(self._lower_flag, issue.id), 4)

    def _lower_flag(self, issue_id: int) -> None:
        issue = db.session.get_one(Issue, issue_id)
        if issue.state in OPEN and issue.red_flag:
            words = "已会同有关部门处置，企业经营恢复正常。"
            issues.lower_flag(self._actor(Role.SUPERVISOR), issue, words)

    def _hide_enterprise(self) -> None:
        if issue := self._newest(Issue.state.in_(OPEN), Issue.confidential.is_(False)):
            issues.hide_enterprise(self._actor(Role.COORDINATOR), issue, "企业要求不公开名称。")

    def _set_duties(self) -> None:
        """Give the units of three problems that are stuck something to do by a day."""
        stuck = (Issue.id.in_(self.desk.stuck), Issue.state == State.IN_PROGRESS)
        found = db.session.scalars(select(Issue).where(*stuck).order_by(Issue.id).limit(3)).all()
        for issue, (text, workdays) in zip(found, DUTIES, strict=False):
            due_on = add_workdays(today(), workdays, self.desk.calendar)
            entry = DutyEntry(issue.lead_unit_id or 0, text, due_on)
            issues.set_duty(self._actor(Role.COORDINATOR), issue, entry)

    def _complete_duty(self) -> None:
        own = (Duty.meeting_id.is_(None), Duty.done_at.is_(None), Duty.cancelled_at.is_(None))
        if duty := db.session.scalars(select(Duty).where(*own).order_by(Duty.id)).first():
            issue = db.session.get_one(Issue, duty.issue_id)
            actor = self.office.actor(self.desk.of_unit(duty.unit_id))
            issues.complete_duty(actor, issue, duty.id, "现场会已召开，责任人和完成时间已明确。")
