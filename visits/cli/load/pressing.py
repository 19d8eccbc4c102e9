"""What presses for a problem while its unit has it: supervision orders and coordination meetings."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from visits.cli.load.diary import Diary
from visits.cli.load.office import Worker
from visits.core.audit import AuditEntry
from visits.core.db import Model
from visits.core.periods import SITE_ZONE, local_date
from visits.core.permissions import Role
from visits.issues.models import Conclusion, Duty
from visits.meetings.models import (
    AgendaItem,
    Attendee,
    Meeting,
    MeetingCounter,
    MeetingFirm,
    MeetingUnit,
    Presence,
)
from visits.meetings.states import State
from visits.supervision import rules
from visits.supervision.models import Order, OrderCounter, OrderProblem, Reply, Verdict
from visits.supervision.queries.stood import kept_of
from visits.supervision.rules import Colour
from visits.supervision.states import OrderState

if TYPE_CHECKING:
    from visits.cli.load.course import Course

ORDERED, DISCUSSED, KEPT = 0.03, 0.05, 0.8  # of the problems that units have; of the duties
FRIDAY, OPENS, MOST_ITEMS = 4, time(14, 30), 12


class Pressing:
    """Gives orders their numbers, and each week a meeting on a Friday."""

    def __init__(self, diary: Diary) -> None:
        self.diary, self.office = diary, diary.office
        self.store, self.dice = diary.office.store, diary.office.dice
        self.orders: Counter[int] = Counter()
        self.meetings: dict[date, dict[str, Any]] = {}
        self.invited: set[tuple[int, str, int]] = set()
        self.items: Counter[int] = Counter()

    def press(self, course: Course) -> None:
        """Order or discuss some of the problems; what happens after the last day stays open."""
        if course.chance(ORDERED):
            self._order(course)
        if course.chance(DISCUSSED):
            self._discuss(course)

    def write_counters(self) -> None:
        """Note the last numbers given, from which the office counts on."""
        for year, last in self.orders.items():
            self.store.add(OrderCounter, year=year, last=last)
        for day in {local_date(meeting["created_at"]) for meeting in self.meetings.values()}:
            self.store.add(MeetingCounter, day=day, last=1)

    def _noted(self, who: Worker, at: datetime, action: str, of: type[Model], row: dict[str, Any]) -> None:
        self.store.add(
            AuditEntry,
            at=at,
            actor_id=who.id,
            actor_name=who.name,
            action=action,
            subject_type=of.__tablename__,
            subject_id=row["id"],
            changes={"number": row["number"]},
        )

    def _order(self, course: Course) -> None:
        course.wait(self.dice.randint(1, 3))
        who, issue = self.office.anyone(Role.SUPERVISOR), course.issue
        order = self._order_row(course, who)
        self.store.add(
            OrderProblem,
            order_id=order["id"],
            issue_id=issue["id"],
            stood=kept_of(SimpleNamespace(**issue)),
        )
        issue["supervised"] = True
        named = {"order_id": order["id"], "order": order["number"], "order_unit_id": order["unit_id"]}
        course.move("order_supervision", who, Role.SUPERVISOR, order["demand"], **named)
        self._noted(who, course.at, "supervision.issue", Order, order)
        course.wait(self.dice.randint(1, 4))
        handler = course.handler(order["unit_id"])
        order["state"], order["replied_at"] = OrderState.REPLIED, course.at
        answer = self._reply(course, order, handler)
        course.move("answer_supervision", handler, Role.HANDLER, answer["text"], **named)
        course.wait(1)
        order.update(state=OrderState.CLOSED, ended_at=course.at, ended_by_id=who.id)
        answer.update(verdict=Verdict.ACCEPTED, judged_by_id=who.id, judged_at=course.at)
        issue["supervised"] = False
        course.move("end_supervision", who, Role.SUPERVISOR, **named, order_end="accepted")

    def _order_row(self, course: Course, who: Worker) -> dict[str, Any]:
        day = local_date(course.at)
        due_on = self.diary.workday(day, rules.USUAL_REPLY)
        self.orders[day.year] += 1
        return self.store.add(
            Order,
            number=rules.order_number(day.year, self.orders[day.year]),
            unit_id=course.issue["lead_unit_id"],
            colour=self.dice.choice(list(Colour)),
            reason="临近时限，企业多次催问。",
            demand="请立即办理并说明进展。",
            issued_by_id=who.id,
            issued_at=course.at,
            issued_on=day,
            due_on=due_on,
            original_due_on=due_on,
        )

    def _reply(self, course: Course, order: dict[str, Any], handler: Worker) -> dict[str, Any]:
        return self.store.add(
            Reply,
            order_id=order["id"],
            seq=1,
            text="已现场核实，正在按计划办理。",
            due_on=order["due_on"],
            replied_by_id=handler.id,
            replied_at=course.at,
        )

    def _discuss(self, course: Course) -> None:
        who, issue = self.office.anyone(Role.COORDINATOR), course.issue
        meeting = self._meeting_after(local_date(course.at))
        if self.items[meeting["id"]] >= MOST_ITEMS:
            return
        item = self._item(course, meeting)
        named = {"meeting_id": meeting["id"], "meeting": meeting["number"]}
        course.move("put_on_agenda", who, Role.COORDINATOR, **named)
        course.wait_until(meeting["meets_on"], OPENS)
        due_on = self.diary.workday(meeting["meets_on"], 5)
        text = "由责任单位牵头办理，五个工作日内反馈。"
        duty = self.store.add(
            Duty,
            issue_id=issue["id"],
            unit_id=issue["lead_unit_id"],
            text=text,
            due_on=due_on,
            meeting_id=meeting["id"],
            made_by_id=who.id,
            made_at=course.at,
        )
        item.update(verdict=Conclusion.SETTLED, conclusion=text, lead_unit_id=duty["unit_id"])
        item.update(due_on=due_on, duty_id=duty["id"], concluded_at=course.at, concluded_by_id=who.id)
        said = {"conclusion": Conclusion.SETTLED, "duty_due": due_on.isoformat()}
        course.move("conclude", who, Role.COORDINATOR, text, **named, **said)
        if course.chance(KEPT):
            course.wait(self.dice.randint(1, 4))
            handler = course.handler(duty["unit_id"])
            duty.update(done_at=course.at, done_by_id=handler.id, done_note="已按议定事项办理。")
            course.move("complete_duty", handler, Role.HANDLER, duty["done_note"], duty=text)

    def _item(self, course: Course, meeting: dict[str, Any]) -> dict[str, Any]:
        issue = course.issue
        self._invite(meeting, MeetingUnit, "unit_id", issue["lead_unit_id"])
        self._invite(meeting, MeetingFirm, "enterprise_id", issue["enterprise_id"])
        self.items[meeting["id"]] += 1
        return self.store.add(
            AgendaItem,
            meeting_id=meeting["id"],
            issue_id=issue["id"],
            position=self.items[meeting["id"]],
            brief=issue["description"],
            added_at=course.at,
        )

    def _invite(self, meeting: dict[str, Any], of: type[Model], column: str, key: int) -> None:
        if (meeting["id"], column, key) not in self.invited:
            self.invited.add((meeting["id"], column, key))
            self.store.add(of, meeting_id=meeting["id"], **{column: key})

    def _meeting_after(self, day: date) -> dict[str, Any]:
        """The meeting of the Friday after a day, called on the Monday before; made when first wanted."""
        friday = day + timedelta(days=(FRIDAY - day.weekday()) % 7 or 7)
        if friday not in self.meetings:
            self.meetings[friday] = self._call(friday)
        return self.meetings[friday]

    def _call(self, friday: date) -> dict[str, Any]:
        monday = datetime.combine(friday - timedelta(days=FRIDAY), time(9), SITE_ZONE)
        held_at = datetime.combine(friday, time(17), SITE_ZONE)
        is_held = held_at <= self.diary.until
        who = self.office.anyone(Role.COORDINATOR)
        meeting = self.store.add(
            Meeting,
            number=f"DJH{monday:%Y%m%d}-01",
            title="企业问题诉求专题协调会",
            meets_on=friday,
            starts_at=OPENS,
            place="管委会三楼会议室",
            chair=self.office.anyone(Role.LEADER).name,
            recorder=who.name,
            called_by_id=who.id,
            created_at=monday,
            state=State.HELD if is_held else State.PLANNED,
            held_at=held_at if is_held else None,
        )
        self._noted(who, monday, "meeting.call", Meeting, meeting)
        for position in range(1, 4 if is_held else 1):
            self.store.add(
                Attendee,
                meeting_id=meeting["id"],
                presence=Presence.PRESENT,
                position=position,
                unit=self.office.texts.pick("outside_units"),
                name=self.office.texts.person(),
            )
        return meeting
