"""What the units of the demo office ask for and what comes of it: time, rest, rulings, promises kept."""

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.issues import operations as issues
from visits.issues.asked import extension_span
from visits.issues.jobs import JOBS
from visits.issues.models import Block, Delay, Issue
from visits.issues.operations import ExtensionEntry, ReportEntry, SuspensionEntry
from visits.issues.rules import Outcome
from visits.issues.states import State

if TYPE_CHECKING:
    from visits.cli.demo.handling import Desk

PLAN = "设备已采购，本周到货后安排施工，完工后请企业验收。"
BLOCKED = "涉及用地规划调整，已报上级主管部门，待批复后办理。"
UNLAWFUL = "企业要求免除合同约定费用，无法律和政策依据，已两次上门解释。"
KEPT = "承诺事项已按期完成，现场情况已向企业通报。"


class Requests:
    """Asks and decides by a chance of its own for each problem, so that all else takes its usual course."""

    def __init__(self, desk: "Desk") -> None:
        self.desk, self.office = desk, desk.office

    def _actor_of(self, issue: Issue) -> str:
        return self.desk.of_unit(issue.lead_unit_id)

    def _leader(self) -> str:
        return self.office.with_role(Role.LEADER)[0]

    def ask_for_time(self, issue: Issue) -> None:
        """Let the unit of a problem that takes longer ask for an extension, or for a suspension."""
        chance, span = Random(issue.id), extension_span(issue)
        if chance.random() < 0.2:
            review = today() + timedelta(days=chance.randint(14, 28))
            entry = SuspensionEntry(Block.PLANNING, BLOCKED, "科室负责人", review)
            issues.ask_suspension(self.office.actor(self._actor_of(issue)), issue, entry)
            self.desk.later(chance.randint(1, 3), self._decide_suspension, issue.id)
        elif span and issue.due_on and today() <= issue.due_on and span[0] <= span[1]:
            entry_for_time = ExtensionEntry(Delay.WORKS, PLAN, span[1], told_enterprise=True)
            issues.ask_extension(self.office.actor(self._actor_of(issue)), issue, entry_for_time)
            self.desk.later(chance.randint(1, 2), self._decide_extension, issue.id)

    def _decide_extension(self, issue_id: int) -> None:
        issue = self.desk.standing(issue_id, State.IN_PROGRESS)
        if issue is None or not issue.extension_asked:
            return
        actor = self.office.actor(self.desk.coordinator())
        if Random(issue_id).random() < 0.4:
            issues.refuse_extension(actor, issue, "企业急需，请按原定时限办结。")
        else:
            issues.grant_extension(actor, issue, None, "同意延期，请按计划推进。")

    def _decide_suspension(self, issue_id: int) -> None:
        issue = self.desk.standing(issue_id, State.IN_PROGRESS)
        if issue is not None and issue.suspension_asked:
            issues.suspend(self.office.actor(self._leader()), issue, None, "同意挂账，按期复核。")

    def propose_ruling(self, issue_id: int) -> None:
        """Let a leader propose to close what was rated badly although nothing lawful is left to do."""
        if issue := self.desk.standing(issue_id, State.IN_PROGRESS):
            issues.ask_ruling(self.office.actor(self._leader()), issue, UNLAWFUL)
            self.desk.later(2, self._confirm_ruling, issue_id)

    def _confirm_ruling(self, issue_id: int) -> None:
        issue = self.desk.standing(issue_id, State.IN_PROGRESS)
        if issue is not None and issue.ruling_asked:
            supervisor = self.office.with_role(Role.SUPERVISOR)[0]
            issues.rule_closed(self.office.actor(supervisor), issue, "经核实，同意核定办结。")

    def keep_promise(self, issue: Issue) -> None:
        """Let most units do what they promised before its day."""
        if Random(issue.id).random() < 0.8:
            self.desk.later(25, self._fulfil, issue.id)

    def _fulfil(self, issue_id: int) -> None:
        issue = self.desk.standing(issue_id, State.CLOSED)
        if issue is None or issue.commitment_due is None or issue.commitment_due < today():
            return
        entry = ReportEntry(Outcome.SOLVED, KEPT, "已电话告知企业。")
        issues.fulfil(self.office.actor(self._actor_of(issue)), issue, entry)
        self.desk.later(1, self.desk.review, issue_id)

    def lapse(self, day: date) -> None:
        """Let happen by itself what does so on this day, and the units go on with it."""
        for job in JOBS:
            for issue_id, _ in list(job.find(day)):
                job.carry_out(issue_id, day)
                issue = db.session.get(Issue, issue_id)
                if issue is not None and issue.state is State.IN_PROGRESS:
                    self.desk.later(2, self.desk.report, issue_id)


def is_ruled(issue_id: int) -> bool:
    """Whether a bad rating of this problem leads to a ruling."""
    return Random(issue_id).random() < 0.06
