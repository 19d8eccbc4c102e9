"""The years of the load zone: who visited whom on which day, and what was heard."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from visits.cli.demo.year import KINDS, MODES
from visits.cli.load.course import Course, Heard
from visits.cli.load.diary import Diary
from visits.cli.load.duties import Duties
from visits.cli.load.office import Office, Tie, Worker, days_before, open_office
from visits.cli.load.pressing import Pressing
from visits.core.audit import AuditEntry
from visits.core.clock import today
from visits.core.db import db, renew_statistics, write_next
from visits.core.periods import SITE_ZONE
from visits.core.permissions import Role
from visits.core.search import text_row
from visits.core.workdays import is_workday
from visits.issues.models import IssueSource
from visits.outreach import rules
from visits.outreach.models import Attendance, PairProgramme, Promise, Visit, VisitPair, VisitText
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, VisitMode

VISITS_A_YEAR, PROBLEMS_A_YEAR = 4, 2  # of each enterprise
HEARD_ELSEWHERE, LATE, VOID, PROMISED, KEPT, WITH_OUTSIDER = 0.2, 0.04, 0.003, 0.1, 0.7, 0.08
Row = dict[str, Any]
OTHER_SOURCES = (IssueSource.ENTERPRISE, IssueSource.HOTLINE, IssueSource.LEADER, IssueSource.MEETING)
WRITERS = (
    Role.CADRE,
    Role.CADRE,
    Role.CADRE,
    Role.OFFICER,
    Role.OFFICER,
    Role.SPECIALIST,
    Role.GROUP_LEADER,
)


class Years:
    """Lets the days of an office pass, up to the last one."""

    def __init__(self, office: Office, last: date) -> None:
        self.office, self.store, self.dice = office, office.store, office.dice
        self.last = last
        self.diary = Diary(office, datetime.combine(last, time(23, 59), SITE_ZONE))
        self.pressing = Pressing(self.diary)
        self.duties = Duties(office, last)
        span = (office.first + timedelta(days=n) for n in range((last - office.first).days + 1))
        self.days = [day for day in span if is_workday(day, office.calendar)]

    def live(self, visits: int, problems: int) -> None:
        """Spread so many visits and problems over the days, and let each take its course."""
        elsewhere = Counter(self.dice.choices(self.days, k=round(problems * HEARD_ELSEWHERE)))
        visits_on = Counter(self.dice.choices(self.days, k=visits))
        heard_on = Counter(self.dice.choices(range(visits), k=problems - sum(elsewhere.values())))
        self.duties.begin()
        number = 0
        for day in self.days:
            for _ in range(visits_on[day]):
                self._visit(day, heard_on[number])
                number += 1
            for _ in range(elsewhere[day]):
                self._hear_elsewhere(day)
            self.store.flush_when_full()
        self.duties.plan_ahead(visits / len(self.days))
        self.diary.write_counters()
        self.pressing.write_counters()
        self.store.finish()

    def _visit(self, day: date, problems: int) -> None:
        role = self.dice.choice(WRITERS)
        author = self.office.anyone(role)
        mode = self.dice.choice(MODES)
        firms = self._firms(author, mode)
        ties = {firm: self.office.ties[firm] for firm in firms if firm in self.office.ties}
        groups = {tie.group_id for tie in ties.values()}
        group_id = groups.pop() if len(groups) == 1 else None
        is_void = not problems and self.dice.random() < VOID
        visit = self._visit_row(day, author, mode, group_id, is_void)
        heard = Counter(self.dice.choice(firms) for _ in range(problems))
        self._meet(visit, firms, ties, heard)
        self._attend(visit, author)
        self.duties.surround(visit, firms, author)
        if self.dice.random() < PROMISED:
            self._promise(visit, firms[0], author)
        for firm in firms:
            programmes = tuple(self._programmes(firm, ties))
            tie = ties.get(firm)
            for _ in range(heard[firm]):
                group_id = visit["group_id"] or (tie.group_id if tie else None)
                at = visit["recorded_at"]
                source = IssueSource.VISIT
                origin = Heard(firm, author, role, at, source, visit["id"], group_id, programmes)
                Course(self.diary, origin, self.pressing).run()

    def _firms(self, author: Worker, mode: VisitMode) -> list[int]:
        many = self.dice.randint(2, 4) if mode is VisitMode.SYMPOSIUM else 1
        return self.dice.sample(self.office.firms, many)

    def _visit_row(
        self, day: date, author: Worker, mode: VisitMode, group_id: int | None, is_void: bool
    ) -> Row:
        dice = self.dice
        late = dice.randint(4, 8) if dice.random() < LATE else 0
        recorded_on = min(self.diary.workday(day, late) if late else day, self.last)
        recorded_at = datetime.combine(recorded_on, time(16, dice.randint(0, 59)), SITE_ZONE)
        row = self.store.add(
            Visit,
            client_id=str(UUID(int=dice.getrandbits(128), version=4)),
            visited_on=day,
            mode=mode,
            kind=dice.choice(KINDS),
            place=dice.choice(["", *self.office.texts.words["places"]]),
            summary=self.office.texts.summary(),
            group_id=group_id,
            author_id=author.id,
            recorded_at=recorded_at,
            recorded_on=recorded_on,
            timely_until=self.diary.workday(day, rules.TIMELY_WORKDAYS),
            voided_at=recorded_at + timedelta(hours=1) if is_void else None,
            void_reason="重复录入。" if is_void else "",
            voided_by_id=self.office.anyone(Role.COORDINATOR).id if is_void else None,
        )
        self.store.add(VisitText, **text_row(Visit, row))
        self.store.add(
            AuditEntry,
            at=recorded_at,
            actor_id=author.id,
            actor_name=author.name,
            action="visit.recorded",
            subject_type=Visit.__tablename__,
            subject_id=row["id"],
            changes={"visited_on": day.isoformat()},
        )
        return row

    def _of_visit(self, visit: Row) -> Row:
        """What the rows that figures count repeat of their visit."""
        keys = ("visited_on", "mode", "group_id", "recorded_at")
        return {"visit_id": visit["id"], **{key: visit[key] for key in keys}}

    def _meet(self, visit: Row, firms: list[int], ties: dict[int, Tie], heard: Counter[int]) -> None:
        for firm in firms:
            pair = self.store.add(
                VisitPair,
                **self._of_visit(visit),
                enterprise_id=firm,
                has_no_issues=not heard[firm],
                is_late=rules.is_late_entry(visit["recorded_on"], visit["timely_until"]),
            )
            for programme_id in self._programmes(firm, ties):
                self.store.add(PairProgramme, pair_id=pair["id"], programme_id=programme_id)

    def _programmes(self, firm: int, ties: dict[int, Tie]) -> list[int]:
        by_code = self.office.programmes
        linked = by_code[GROUP_LINKED]
        return rules.programmes_of_pair([by_code[ENTERPRISE_VISIT], linked], linked, firm in ties)

    def _attend(self, visit: Row, author: Worker) -> None:
        others = (self.office.anyone(Role.CADRE) for _ in range(self.dice.choice((0, 0, 1, 1, 2))))
        for worker in dict.fromkeys([author, *others]):
            self.store.add(
                Attendance,
                **self._of_visit(visit),
                person_id=worker.id,
                name=worker.name,
                unit_id=worker.unit_id,
                unit_name=worker.unit_name,
            )
        if self.dice.random() < WITH_OUTSIDER:
            unit_name = self.office.texts.pick("outside_units")
            name = self.office.texts.person()
            self.store.add(Attendance, **self._of_visit(visit), name=name, unit_name=unit_name)

    def _promise(self, visit: Row, firm: int, author: Worker) -> None:
        due_on = visit["visited_on"] + timedelta(days=14)
        is_kept = due_on < self.last and self.dice.random() < KEPT
        promise = self.store.add(
            Promise,
            visit_id=visit["id"],
            enterprise_id=firm,
            text=self.office.texts.pick("promises"),
            owner=author.name,
            owner_id=author.id,
            due_on=due_on,
            kept_on=due_on if is_kept else None,
            kept_by_id=author.id if is_kept else None,
        )
        self.duties.promise(promise)

    def _hear_elsewhere(self, day: date) -> None:
        coordinator, firm = self.office.anyone(Role.COORDINATOR), self.dice.choice(self.office.firms)
        at = datetime.combine(day, time(10), SITE_ZONE) + timedelta(minutes=self.dice.randint(0, 300))
        tie = self.office.ties.get(firm)
        heard = Heard(
            firm,
            coordinator,
            Role.COORDINATOR,
            at,
            self.dice.choice(OTHER_SOURCES),
            group_id=tie.group_id if tie else None,
        )
        Course(self.diary, heard, self.pressing).run()


def live_through_years(years: int, enterprises: int, seed: int) -> None:
    """Fill an empty database with the years of an office up to yesterday, and commit."""
    last = today() - timedelta(days=1)
    write_next(True)
    office = open_office(seed, enterprises, days_before(last, years))
    Years(office, last).live(enterprises * VISITS_A_YEAR * years, enterprises * PROBLEMS_A_YEAR * years)
    db.session.commit()
    renew_statistics()
