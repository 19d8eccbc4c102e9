"""What becomes of the demo's visits: promises kept or forgotten, things asked about again, questions."""

import random
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from visits.cli.demo.office import Office
from visits.core.authz import SYSTEM
from visits.core.clock import at, today
from visits.core.db import db
from visits.core.markup import SITE_ZONE
from visits.core.permissions import Role
from visits.core.workdays import add_workdays
from visits.honesty import operations as honesty
from visits.honesty.models import Answer, Closing, RecordQuestion
from visits.honesty.operations import AnswerEntry, SaidEntry
from visits.issues import operations as issues
from visits.issues.models import Finding
from visits.outreach import operations, queries
from visits.outreach.entries import CheckEntry, VisitEntry
from visits.outreach.models import Promise, Visit
from visits.outreach.operations import PlanEntry
from visits.outreach.queries import SubjectKind
from visits.programmes.models import ENTERPRISE_VISIT, VisitMode

if TYPE_CHECKING:
    from visits.cli.demo.year import Year

ASKED_SINCE = timedelta(days=120)  # before that nobody asked in a form
KEPT, ASKED = 0.85, 0.5
FINDINGS = {
    SubjectKind.PROMISE: [Finding.SOLVED] * 6 + [Finding.PROGRESS] * 3 + [Finding.NO_PROGRESS],
    SubjectKind.PROBLEM: [Finding.PROGRESS] * 6 + [Finding.SOLVED] * 2 + [Finding.NO_PROGRESS] * 2,
    SubjectKind.CLOSED: [Finding.SOLVED] * 5 + [Finding.NO_PROGRESS, Finding.WORSE],
}
NOTES = {
    Finding.NO_PROGRESS: "企业表示还没有人联系过。",
    Finding.WORSE: "企业表示问题又出现了，比上次更明显。",
}
COPIED = (
    "走访了解企业生产经营情况，宣传惠企政策，企业生产正常，负责人对园区服务表示满意，"
    "没有需要协调解决的困难和问题。"
)


class Following:
    """Goes on where a visit ends; with dice of its own, so that the office's go on as they would."""

    def __init__(self, office: Office, year: "Year", last: date) -> None:
        self.office, self.year, self.last = office, year, last
        self.dice = random.Random(f"following {office.random.getstate()[1][0]}")

    def plan(self) -> None:
        """Put on the timetable what the office asks about its records in the last weeks."""
        for days in (24, 17, 10, 3):
            self.year.on(self.last - timedelta(days=days), self._come_again)
        self.year.on(self.last - timedelta(days=15), self._plan_ahead)
        self.year.on(self.last - timedelta(days=20), partial(self._copy, 2))
        self.year.on(self.last - timedelta(days=9), self._overlap)
        self.year.on(self.last - timedelta(days=6), self._at_weekend)
        self.year.on(self.last - timedelta(days=5), self._deny)
        self.year.on(self.last - timedelta(days=4), self._answer)
        self.year.on(self.last - timedelta(days=2), self._close)

    def summary(self, opening: str) -> str:
        """What is written of a visit: hardly ever the same twice."""
        parts = (self.dice.choice(self.office.texts[key]) for key in ("seen", "said_last"))
        return opening + "".join(part.format(n=self.dice.randint(2, 9)) for part in parts)

    def checks(self, writer: str, firms: list[int], day: date) -> list[CheckEntry]:
        """What the firms say of earlier promises and problems, where they are asked."""
        if today() < self.last - ASKED_SINCE or self.dice.random() > ASKED:
            return []
        found = []
        for subject in queries.subjects_at(self.office.actor(writer), firms):
            is_promise = subject.kind is SubjectKind.PROMISE
            if not (is_promise and subject.row.visited_on > day):
                finding = self.dice.choice(FINDINGS[subject.kind])
                key = {"promise_id" if is_promise else "issue_id": subject.subject_id}
                found.append(CheckEntry(finding, note=NOTES.get(finding, ""), **key))
        return found

    def follow(self, writer: str, visit: Visit) -> None:
        """Let somebody keep what was promised, or forget it."""
        made = select(Promise).where(Promise.visit_id == visit.id)
        for promise in db.session.scalars(made.order_by(Promise.id)):
            if promise.due_on and self.dice.random() < KEPT:
                day = promise.due_on + timedelta(days=self.dice.randint(-8, 4))
                self.year.on(day, partial(self._keep, writer, promise.id))

    def _keep(self, writer: str, promise_id: int) -> None:
        promise = db.session.get_one(Promise, promise_id)
        if promise.kept_on is None:
            visit = db.session.get_one(Visit, promise.visit_id)
            operations.keep_promise(self.office.actor(writer), visit, promise, today())

    def _visit(self, writer: str, day: date, summary: str, firm: int | None = None, **more: Any) -> Visit:
        firm = firm or self.dice.choice(self.office.officer_firms[writer])
        return operations.record_visit(
            self.office.actor(writer),
            VisitEntry(
                client_id=str(UUID(int=self.dice.getrandbits(128), version=4)),
                visited_on=day,
                mode=VisitMode.ON_SITE,
                enterprise_ids=[firm],
                programme_ids=[self.office.programmes[ENTERPRISE_VISIT]],
                participant_ids=[self.office.people[writer].id],
                no_issue_ids=frozenset([firm]),
                summary=summary,
                frequency_reason="企业技改项目集中投产，按约定逐周跟进。",
                **more,
            ),
        )

    def _come_again(self) -> None:
        """One firm that is visited more often than it should be."""
        officer = self._officers()[3]
        self._visit(officer, today(), self.summary("再次上门，"), self.office.officer_firms[officer][0])

    def _plan_ahead(self) -> None:
        """A planned visit that is carried out in the week after."""
        officer = self._officers()[1]
        firm = self.office.officer_firms[officer][0]
        entry = PlanEntry(
            enterprise_id=firm,
            planned_on=add_workdays(today(), 4, self.year.calendar),
            purpose=self.dice.choice(self.office.texts["purposes"]),
            frequency_reason="企业约定时间。",
        )
        plan = operations.plan_visit(self.office.actor(officer), entry)
        db.session.flush()
        self.year.on(plan.planned_on, partial(self._carry_out, officer, plan.id, firm))

    def _carry_out(self, officer: str, plan_id: int, firm: int) -> None:
        self._visit(officer, today(), self.summary("按计划上门，"), firm, plan_ids=[plan_id])

    def _copy(self, left: int) -> None:
        """The same words at other firms."""
        self._visit(self._officers()[0], today(), COPIED)
        if left:
            self.year.on(today() + timedelta(days=3), partial(self._copy, left - 1))

    def _overlap(self) -> None:
        """One person in two places."""
        for first, last in ((time(9), time(11)), (time(10, 30), time(11, 30))):
            self._visit(self._officers()[1], today(), self.summary(""), start_time=first, end_time=last)

    def _at_weekend(self) -> None:
        day = today()
        while day.weekday() < 5:
            day -= timedelta(days=1)
        self._visit(self._officers()[2], day, self.summary("企业周末加班赶订单，"))

    def _officers(self) -> list[str]:
        return list(self.office.officer_firms)

    def _deny(self) -> None:
        """Let an enterprise say, by the link of its problem, that nobody came."""
        mine = select(Visit).where(Visit.author_id == self.office.people[self._officers()[0]].id)
        visit = db.session.scalars(mine.order_by(Visit.id.desc()).limit(1)).one()
        firm = queries.pairs_of(visit.id)[0][0].enterprise_id
        coordinator = self.office.actor(self.office.with_role(Role.COORDINATOR)[0])
        issue = issues.register_issue(coordinator, self.year.heard_at(firm))
        self.year.desk.take(issue)
        db.session.flush()
        code = issues.make_link(coordinator, issue)
        words = "那天厂里没有接待过走访人员，只通过一次电话。"
        honesty.answer_by_link(code, SaidEntry(visit.id, has_come=False, words=words))

    def _open_questions(self) -> list[RecordQuestion]:
        stmt = select(RecordQuestion).where(
            RecordQuestion.answered_at.is_(None), RecordQuestion.closed_at.is_(None)
        )
        return list(db.session.scalars(stmt.order_by(RecordQuestion.id)))

    def _answer(self) -> None:
        """The first two questions are answered, the others wait."""
        said = (
            AnswerEntry(Answer.AS_IT_WAS, "两家企业情况相近，内容属实。"),
            AnswerEntry(Answer.OTHER, "填写时沿用了上次的文字，已补充实际情况。"),
        )
        asked = [question for question in self._open_questions() if question.asked_id]
        for question, entry in zip(asked, said, strict=False):
            person = next(n for n, p in self.office.people.items() if p.id == question.asked_id)
            honesty.answer(self.office.actor(person), question, entry)

    def _close(self) -> None:
        """The office closes what was answered first."""
        stmt = select(RecordQuestion).where(
            RecordQuestion.answered_at.is_not(None), RecordQuestion.closed_at.is_(None)
        )
        question = db.session.scalars(stmt.order_by(RecordQuestion.id).limit(1)).first()
        if question is not None:
            actor = self.office.actor(self.office.with_role(Role.SUPERVISOR)[0])
            honesty.close(actor, question, Closing.NO_DOUBT, "电话核实两家企业，走访属实。")

    def look(self) -> None:
        """The evening's look at all records of late."""
        with at(datetime.combine(self.last, time(18), SITE_ZONE)):
            honesty.raise_questions(SYSTEM, self.last)
