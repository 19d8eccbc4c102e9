"""The course one problem takes, from its registration to as far as it has come on the last day."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from visits.cli.load.diary import Diary, NotYetError
from visits.cli.load.links import Links
from visits.cli.load.office import Worker
from visits.cli.load.pressing import Pressing
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.periods import SITE_ZONE, local_date
from visits.core.permissions import Permission, Role
from visits.core.search import text_row
from visits.issues import rules
from visits.issues.guards import ATTEMPTS
from visits.issues.models import (
    CallbackAttempt,
    Channel,
    Dispatch,
    DispatchKind,
    Evaluation,
    Issue,
    IssueMove,
    IssueProgramme,
    IssueSource,
    IssueText,
)
from visits.issues.rules import Level, Outcome, Solved, Urgency
from visits.issues.states import LIFE, TAKEN_UP, State

ON_SPOT, REJECTED, VOID, ASKED = 0.36, 0.02, 0.01, 0.03
WITH_CO_UNIT, RETURNED, CONTACTED, NOTED, SENT_BACK = 0.12, 0.04, 0.92, 0.4, 0.03
UNREACHED, REWORKED, STUCK, LATE = 0.02, 0.05, 0.002, 0.08
OUTCOMES = [Outcome.SOLVED] * 88 + [Outcome.PLANNED] * 4 + [Outcome.EXPLAINED] * 5 + [Outcome.ANSWERED] * 3
GOOD = [Level.VERY_SATISFIED] * 5 + [Level.SATISFIED] * 4 + [Level.BASICALLY]


@dataclass(frozen=True)
class Heard:
    """Whence a problem comes: of which firm, from whom, when, on which visit."""

    firm: int
    by: Worker
    role: Role
    at: datetime
    source: IssueSource
    visit_id: int | None = None
    group_id: int | None = None
    programme_ids: tuple[int, ...] = ()


class Course:
    """One problem: its row, its moves so far and the tasks units have with it."""

    def __init__(self, diary: Diary, heard: Heard, pressing: Pressing) -> None:
        self.diary, self.heard, self.pressing = diary, heard, pressing
        self.office, self.store, self.dice = diary.office, diary.office.store, diary.office.dice
        self.at, self.seq = heard.at, 0
        self.tasks: list[dict[str, Any]] = []
        self.issue, self.links = self._registered(), Links(self)

    def _registered(self) -> dict[str, Any]:
        heard, day = self.heard, local_date(self.heard.at)
        code, title, description = self.office.texts.problem()
        category_id, self.unit_id, complexity = self.office.categories[code]
        issue = self.store.add(
            Issue,
            number=self.diary.number(day),
            enterprise_id=heard.firm,
            source=heard.source,
            visit_id=heard.visit_id,
            title=title,
            description=description,
            wish=self.office.texts.pick("wishes"),
            category_id=category_id,
            urgency=self.dice.choices(list(Urgency), [85, 12, 3])[0],
            complexity=complexity,
            registered_by_id=heard.by.id,
            registered_at=heard.at,
            registered_on=day,
            group_id=heard.group_id,
        )
        for programme_id in heard.programme_ids:
            self.store.add(IssueProgramme, issue_id=issue["id"], programme_id=programme_id)
        self.store.add(IssueText, **text_row(Issue, issue))
        return issue

    def run(self) -> None:
        """Let everything happen that happens by the last day."""
        with suppress(NotYetError):
            self._live()

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def wait(self, workdays: int) -> None:
        """Go on to a working hour so many working days later; 0 is a few minutes later."""
        if workdays:
            day = self.diary.workday(local_date(self.at), workdays)
            self.at = datetime.combine(day, time(9), SITE_ZONE) + timedelta(
                minutes=self.dice.randint(0, 420)
            )
        else:
            self.at += timedelta(minutes=self.dice.randint(1, 30))
        if self.at > self.diary.until:
            raise NotYetError()

    def wait_until(self, day: date, at: time) -> None:
        """Go on to a moment to come, or some minutes from now where it has passed."""
        self.at = max(self.at + timedelta(minutes=1), datetime.combine(day, at, SITE_ZONE))
        if self.at > self.diary.until:
            raise NotYetError()

    def move(
        self, name: str, who: Worker | None, role: Role | None, note: str = "", **details: Any
    ) -> None:
        """Add a move to the log and to the audit, and fold it into the problem's row."""
        issue, before = self.issue, self.issue["state"]
        after = LIFE[name].target or before
        if after != before:
            issue["state"], issue["state_since"] = State(after), self.at
        issue["moved_at"] = self.at
        is_handling = LIFE[name].permission is Permission.ISSUES_HANDLE
        if is_handling or (after != before and after in TAKEN_UP):
            issue["worked_at"] = self.at
        issue["revision"] += bool(self.seq)
        self.seq += 1
        self.store.add(
            IssueMove,
            issue_id=issue["id"],
            seq=self.seq,
            move=name,
            from_state=before,
            to_state=issue["state"],
            round=issue["round"],
            actor_id=who.id if who else None,
            acted_as=role.value if role else "system",
            unit_id=who.unit_id if who else None,
            happened_at=self.at,
            recorded_at=self.at,
            note=note,
            details=details,
        )
        self.store.add(
            AuditEntry,
            at=self.at,
            actor_id=who.id if who else None,
            actor_name=who.name if who else SYSTEM.name,
            action=f"issue.{name}",
            subject_type=Issue.__tablename__,
            subject_id=issue["id"],
            changes={"number": issue["number"], "note": note, **details},
        )

    def _live(self) -> None:
        if self.heard.source is IssueSource.VISIT and self.chance(ON_SPOT):
            self._close_on_spot()
            return
        self.links.hand_out()
        accept = self.diary.limits(self.issue).accept
        self.issue["accept_due"] = self.diary.workday(self.issue["registered_on"], accept)
        self.move("register", self.heard.by, self.heard.role, source=self.heard.source)
        self.wait(1)
        fate = self.dice.random()
        coordinator = self.office.anyone(Role.COORDINATOR)
        if fate < VOID:
            self.move("void", coordinator, Role.COORDINATOR, "与已登记事项重复录入。")
        elif fate < VOID + REJECTED:
            told = "已告知企业依法通过诉讼途径解决。"
            self.move(
                "reject", coordinator, Role.COORDINATOR, self.office.texts.pick("rejections"), told=told
            )
        else:
            self._handle(coordinator)

    def _close_on_spot(self) -> None:
        level = self.dice.choice([*GOOD, None])
        issue, how = self.issue, self.office.texts.pick("spot")
        issue.update(on_spot=True, outcome=Outcome.SOLVED, closed_at=self.at, closed_on=local_date(self.at))
        details = {"source": self.heard.source, "outcome": Outcome.SOLVED, "level": level}
        self.move("close_on_spot", self.heard.by, self.heard.role, how, **details)
        self._evaluate(self.heard.by, Solved.SOLVED, level, Channel.ON_SPOT)

    def _handle(self, coordinator: Worker) -> None:
        if self.chance(ASKED):
            self.move("request_info", coordinator, Role.COORDINATOR, "请补充具体地点和联系人。")
            self.issue["needs_info"] = True
            self.wait(1)
            self.issue["needs_info"] = False
            self.move("complete_info", self.heard.by, self.heard.role, "已电话核实，地点为厂区东门。")
        self._dispatch("assign", coordinator, self.unit_id)
        if self.chance(RETURNED):
            self._return()
        self._sign()
        self.pressing.press(self)
        while True:
            self._report()
            self._review()
            if self._call():
                break

    def _dispatch(self, name: str, coordinator: Worker, unit_id: int) -> None:
        due = self.diary.due_dates(self.issue, local_date(self.at))
        others = [u for u in self.office.units.values() if u != unit_id]
        co_units = [self.dice.choice(others)] if self.chance(WITH_CO_UNIT) else []
        self._end_tasks()
        self.issue.update(lead_unit_id=unit_id, due_on=due.lead, original_due_on=due.lead)
        self.move(
            name,
            coordinator,
            Role.COORDINATOR,
            lead_unit_id=unit_id,
            co_unit_ids=co_units,
            due_on=due.lead.isoformat(),
        )
        limits = {"sign_due": due.sign, "contact_due": due.contact, "stage_due": due.stage}
        self._task(unit_id, DispatchKind.LEAD, due.lead, **limits)
        for co_unit in co_units:
            self._task(co_unit, DispatchKind.CO, due.co)

    def _task(self, unit_id: int, kind: DispatchKind, due_on: date, **limits: date | None) -> None:
        task = self.store.add(
            Dispatch,
            issue_id=self.issue["id"],
            round=self.issue["round"],
            unit_id=unit_id,
            kind=kind,
            assigned_at=self.at,
            due_on=due_on,
            original_due_on=due_on,
            **limits,
        )
        self.tasks.append(task)

    def _end_tasks(self) -> None:
        for task in self.tasks:
            task["ended_at"] = self.at
        self.tasks = []

    @property
    def _lead(self) -> dict[str, Any]:
        return self.tasks[0]

    def handler(self, unit_id: int) -> Worker:
        return self.dice.choice(self.office.handlers[unit_id][:2])

    def _return(self) -> None:
        self.wait(0)
        unit_id = self.issue["lead_unit_id"]
        other = self.dice.choice([u for u in self.office.units.values() if u != unit_id])
        self.issue["return_count"] += 1
        self._lead["returned_at"] = self.at
        why = self.office.texts.pick("returns")
        self.move("return", self.handler(unit_id), Role.HANDLER, why, suggested_unit_id=other)
        self.wait(1)
        coordinator = self.office.anyone(Role.COORDINATOR)
        if self.chance(0.5):
            self._lead["returned_at"] = None
            self.issue["no_return"] = True
            self.move("uphold", coordinator, Role.COORDINATOR, "该事项属你单位职责，请按时办理。")
        else:
            self._dispatch("reassign", coordinator, other)

    def _sign(self) -> None:
        self.wait(self.dice.choice((0, 0, 1, 1, 1, 2)))
        handler = self.handler(self.issue["lead_unit_id"])
        self._lead["signed_at"] = self.at
        self.move("sign", handler, Role.HANDLER)
        if self.chance(CONTACTED):
            self.wait(0)
            self._lead["contacted_at"] = self.at
            self.move("record_contact", handler, Role.HANDLER, contact="企业联系人", by="电话")
        if self.chance(NOTED):
            self.wait(1)
            self._lead["staged_at"] = self.at
            self.move("add_progress", handler, Role.HANDLER, self.office.texts.pick("progress"))

    def _report(self) -> None:
        if self.chance(STUCK):
            raise NotYetError()
        limit = rules.REWORK_LIMIT if self.issue["round"] > 1 else self.diary.limits(self.issue).close
        late = self.dice.randint(3, 9) if self.chance(LATE) else 0
        self.wait(limit + late if late else self.dice.randint(1, max(1, limit - 2)))
        for task in self.tasks[1:]:
            if not task["answered_at"]:
                task["answered_at"] = self.at
                answer = "已配合办理，意见已送主办单位。"
                self.move("answer_as_co_unit", self.handler(task["unit_id"]), Role.HANDLER, answer)
                self.wait(0)
        self._say_outcome()

    def _say_outcome(self) -> None:
        outcome = self.dice.choice(OUTCOMES)
        told = self.dice.choice(self.office.texts.words["results"][outcome.value])
        promised = local_date(self.at) + timedelta(days=60) if outcome is Outcome.PLANNED else None
        self.issue.update(outcome=outcome, commitment_due=promised)
        self._lead["answered_at"] = self.at
        details = {"commitment_due": promised.isoformat()} if promised else {}
        handler = self.handler(self.issue["lead_unit_id"])
        self.move("report", handler, Role.HANDLER, told, outcome=outcome, told=told, **details)

    def _review(self) -> None:
        self.wait(self.dice.choice((1, 1, 2)))
        coordinator = self.office.anyone(Role.COORDINATOR)
        if self.chance(SENT_BACK):
            self.issue.update(outcome=None, commitment_due=None)
            self._lead["answered_at"] = None
            self.move("send_back", coordinator, Role.COORDINATOR, self.office.texts.pick("send_backs"))
            self.wait(self.dice.randint(1, 3))
            self._say_outcome()
            self.wait(1)
        self.move("pass_review", coordinator, Role.COORDINATOR)
        self.links.ask()

    def _call(self) -> bool:
        """Ring the enterprise up; True when that closes the problem."""
        caller, fate = self.office.anyone(Role.CALLBACK), self.dice.random()
        if fate < UNREACHED:
            self._give_up(caller)
            return True
        self.wait(self.dice.choice((1, 1, 2, 3)))
        if fate < UNREACHED + REWORKED and self.issue["round"] == 1:
            comment = self.office.texts.pick("complaints")
            self._evaluate(caller, Solved.UNSOLVED, Level.DISSATISFIED, comment=comment)
            self._begin_rework()
            return False
        is_solved = self.issue["outcome"] is Outcome.SOLVED
        solved = Solved.SOLVED if is_solved else self.dice.choice((Solved.PARTLY, Solved.UNSOLVED))
        channel = Channel.PAPER if self.chance(0.1) else Channel.PHONE
        level, comment = self.dice.choice(GOOD), self.office.texts.pick("comments")
        self._evaluate(caller, solved, level, channel, comment)
        self._close("close_evaluated", None, None)
        return True

    def _evaluate(
        self,
        who: Worker,
        solved: Solved,
        level: Level | None,
        channel: Channel = Channel.PHONE,
        comment: str = "",
    ) -> None:
        is_asked = self.issue["outcome"] is not Outcome.SOLVED
        answers = {"solved": solved, "level": level, "accepts": level in GOOD if is_asked else None}
        evaluator = "" if channel is Channel.ON_SPOT else "企业联系人"
        self.store.add(
            Evaluation,
            issue_id=self.issue["id"],
            round=self.issue["round"],
            **answers,
            comment=comment,
            channel=channel,
            evaluator=evaluator,
            recorded_by_id=who.id,
            recorded_unit_id=who.unit_id,
            is_proxy=channel is not Channel.PAPER,
            at=self.at,
            answered_on=local_date(self.at),
        )
        if channel is not Channel.ON_SPOT:
            self.links.answered()
            day = local_date(self.at).isoformat()
            details = {**answers, "channel": channel, "evaluator": evaluator, "answered_on": day}
            self.move("record_evaluation", who, Role.CALLBACK, comment, **details)

    def _begin_rework(self) -> None:
        due = self.diary.workday(local_date(self.at), rules.REWORK_LIMIT)
        self._end_tasks()
        self.issue["round"] += 1
        self.issue.update(outcome=None, commitment_due=None, due_on=due)
        self.move("rework", None, None, due_on=due.isoformat())
        self._task(self.issue["lead_unit_id"], DispatchKind.LEAD, due)

    def _give_up(self, caller: Worker) -> None:
        for _ in range(ATTEMPTS):
            self.wait(1)
            self.store.add(
                CallbackAttempt,
                issue_id=self.issue["id"],
                round=self.issue["round"],
                at=self.at,
                attempted_on=local_date(self.at),
                by_id=caller.id,
                result="电话无人接听。",
            )
            self.move("log_attempt", caller, Role.CALLBACK, "电话无人接听。")
        self.wait(1)
        why = "三次回访均无人接听。"
        self._close("close_unreached", self.office.anyone(Role.COORDINATOR), Role.COORDINATOR, why)

    def _close(self, name: str, who: Worker | None, role: Role | None, note: str = "") -> None:
        self._end_tasks()
        self.issue.update(closed_at=self.at, closed_on=local_date(self.at))
        self.move(name, who, role, note, outcome=self.issue["outcome"])
        self.links.closed()
