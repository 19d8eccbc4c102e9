"""The days of the demo office: visits at the firms, and what was put on the timetable."""

import heapq
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from visits.cli.demo.colleagues import take_turns
from visits.cli.demo.corrections import correct_some
from visits.cli.demo.following import Following
from visits.cli.demo.handling import Desk
from visits.cli.demo.hostile import spoilt, spoken
from visits.cli.demo.joining import Joining
from visits.cli.demo.meetings import plan_meetings
from visits.cli.demo.office import Office, demo_texts, open_office
from visits.cli.demo.planning import plan_visits
from visits.cli.demo.register import plan_register
from visits.cli.demo.reports import plan_reports
from visits.cli.demo.scopes import plan_scopes
from visits.cli.demo.stuck import Stuck
from visits.cli.demo.superior import send_forms
from visits.cli.demo.supervision import plan_supervision
from visits.core.calendar import load_calendar
from visits.core.clock import at, today
from visits.core.db import db, write_next
from visits.core.markup import SITE_ZONE
from visits.core.permissions import Role
from visits.core.workdays import is_workday
from visits.inbox.operations import in_silence
from visits.issues import operations as issues
from visits.issues.models import Dispatch, Issue, IssueSource
from visits.issues.operations import IssueEntry
from visits.issues.rules import Level, Urgency
from visits.issues.states import State
from visits.outreach.entries import ProblemEntry, PromiseEntry, VisitEntry
from visits.outreach.models import VisitKind
from visits.outreach.operations import record_visit
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, VisitMode

MODES = (
    [VisitMode.ON_SITE] * 78 + [VisitMode.SYMPOSIUM] * 8 + [VisitMode.PHONE] * 10 + [VisitMode.ONLINE] * 4
)
ON_THE_SPOT = (VisitMode.ON_SITE, VisitMode.SYMPOSIUM)
KINDS = [VisitKind.REGULAR] * 6 + [VisitKind.FOLLOW_UP] * 2 + [VisitKind.FIRST, VisitKind.TOPICAL]
URGENCIES = [Urgency.NORMAL] * 9 + [Urgency.URGENT]
OTHER_SOURCES = [IssueSource.ENTERPRISE, IssueSource.HOTLINE, IssueSource.LEADER]
SO_OFTEN = "企业技改期间诉求较多，按约定跟进"
# The office keeps to this pace: fourteen months bring 1000-odd visits and 900-odd solved problems.
FIRMS_A_DAY, PROBLEMS_A_FIRM = 3.55, 0.98
FEWER, MORE = [55, 33, 10, 2], [22, 46, 26, 6]
LATE = 0.04
NEWS = timedelta(days=10)


class Year:
    """A timetable that is worked off day by day."""

    def __init__(self, office: Office, last: date) -> None:
        self.office = office
        self.random = office.random
        self.calendar = load_calendar()
        self.waiting: list[tuple[date, int, Callable[[], None]]] = []
        self.count = 0
        self.pace, self.visited, self.heard = 0.0, 0, 0
        self.desk = Desk(office, self, self.calendar)
        self.following = Following(office, self, last)

    def on(self, day: date, happen: Callable[[], None]) -> None:
        """Put something on the timetable."""
        self.count += 1
        heapq.heappush(self.waiting, (day, self.count, happen))

    def live(self, first: date, last: date) -> None:
        """Let the days pass, from `first` to `last` inclusive; one commit a day.

        Only the last days are news to anybody.
        """
        day = first
        while day <= last:
            if is_workday(day, self.calendar):
                with in_silence() if day <= last - NEWS else nullcontext():
                    self._work(day)
            day += timedelta(days=1)

    def _work(self, day: date) -> None:
        write_next(True)
        with at(datetime.combine(day, time(7), SITE_ZONE)):
            self.desk.requests.lapse(day)
        morning = datetime.combine(day, time(9), SITE_ZONE)
        minute = 0
        while self.waiting and self.waiting[0][0] <= day:
            minute += 2
            happen = heapq.heappop(self.waiting)[2]
            with at(morning + timedelta(minutes=minute % 400)):
                happen()
        self.pace += FIRMS_A_DAY
        while self.visited < self.pace + self.random.choice((-1, 0, 1)):
            with at(datetime.combine(day, time(16, self.random.randint(0, 59)), SITE_ZONE)):
                self._visit(day)
        if self.random.random() < 0.3:
            with at(datetime.combine(day, time(17), SITE_ZONE)):
                self._hear_elsewhere()
        db.session.commit()
        db.session.expunge_all()

    def leave_one_returned(self, day: date) -> None:
        """End the last day with one problem that waits for a ruling, so that every state can be seen."""
        fresh = select(Dispatch.issue_id).where(Dispatch.ended_at.is_(None), Dispatch.sign_due >= day)
        where = (Issue.state == State.ASSIGNED, Issue.id.in_(fresh), Issue.return_count == 0)
        stmt = select(Issue).where(*where).order_by(Issue.id.desc()).limit(1)
        with at(datetime.combine(day, time(17, 30), SITE_ZONE)):
            if issue := db.session.scalar(stmt):
                self.desk.return_to_office(issue.id)

    def _visit(self, day: date) -> None:
        if self.random.random() < LATE:
            self.on(day + timedelta(days=8), lambda: self._record(day))
        else:
            self._record(day)

    def _writer(self) -> str:
        roles = (Role.CADRE, Role.OFFICER, Role.OFFICER, Role.GROUP_LEADER, Role.SPECIALIST)
        return self.random.choice(self.office.with_role(self.random.choice(roles)))

    def _firms(self, writer: str, mode: VisitMode) -> list[int]:
        own = self.office.officer_firms.get(writer)
        if own and self.random.random() < 0.85:
            return [self.random.choice(own)]
        many = self.random.randint(2, 4) if mode is VisitMode.SYMPOSIUM else 1
        return [firm.id for firm in self.random.sample(self.office.firms, many)]

    def _record(self, day: date) -> None:
        writer, mode = self._writer(), self.random.choice(MODES)
        firms = self._firms(writer, mode)
        others = self.random.sample(list(self.office.people), self.random.choice([0, 1, 1, 2]))
        self.visited += len(firms) if mode in ON_THE_SPOT else 0
        problems = [problem for firm in firms for problem in self._problems(firm)]
        self.heard += len(problems)
        programmes = self.office.programmes
        visit = record_visit(
            self.office.actor(writer),
            VisitEntry(
                client_id=str(UUID(int=self.random.getrandbits(128), version=4)),
                visited_on=day,
                mode=mode,
                kind=self.random.choice(KINDS),
                enterprise_ids=firms,
                programme_ids=[programmes[ENTERPRISE_VISIT], programmes[GROUP_LINKED]],
                participant_ids=[self.office.people[n].id for n in dict.fromkeys([writer, *others])],
                problems=problems,
                no_issue_ids=frozenset(firms) - {p.enterprise_id for p in problems},
                promises=self._promises(writer, firms[0], day),
                checks=self.following.checks(writer, firms, day),
                summary=self.following.summary(self.office.pick("summaries")),
                frequency_reason=SO_OFTEN,
            ),
        )
        db.session.flush()
        self.following.follow(writer, visit)
        heard = select(Issue).where(Issue.visit_id == visit.id, Issue.state == State.REGISTERED)
        for issue in db.session.scalars(heard.order_by(Issue.id)):
            self.desk.take(issue)

    def _problems(self, firm: int) -> list[ProblemEntry]:
        weights = MORE if self.heard < PROBLEMS_A_FIRM * self.visited else FEWER
        many = self.random.choices([0, 1, 2, 3], weights)[0]
        return [self._problem(firm) for _ in range(many)]

    def _text(self) -> tuple[int, str, str]:
        code = self.random.choice([*self.office.texts["problems"], "talent", "finance", "policy"])
        title, description = self.random.choice(self.office.texts["problems"][code])
        words = {"n": self.random.randint(2, 9), "trade": "装配"}
        return self.office.categories[code].id, title.format(**words), description.format(**words)

    def _problem(self, firm: int) -> ProblemEntry:
        category_id, title, description = self._text()
        is_solved = self.random.random() < 0.2
        return ProblemEntry(
            enterprise_id=firm,
            title=title,
            category_id=category_id,
            description=description,
            urgency=self.random.choice(URGENCIES),
            wish=self.office.pick("wishes"),
            how=self.office.pick("spot") if is_solved else "",
            level=self.random.choice([Level.VERY_SATISFIED, Level.SATISFIED]) if is_solved else None,
        )

    def _promises(self, writer: str, firm: int, day: date) -> list[PromiseEntry]:
        if self.random.random() > 0.15:
            return []
        owner = self.office.people[writer].name
        return [PromiseEntry(firm, self.office.pick("promises"), owner, day + timedelta(days=14))]

    def heard_at(self, firm: int) -> IssueEntry:
        """A problem that reaches the office from an enterprise otherwise than by a visit."""
        category_id, title, description = self._text()
        source = self.random.choice(OTHER_SOURCES)
        return IssueEntry(firm, title, description, category_id, source=source)

    def _hear_elsewhere(self) -> None:
        entry = self.heard_at(self.random.choice(self.office.firms).id)
        coordinator = self.random.choice(self.office.with_role(Role.COORDINATOR))
        self.desk.take(issues.register_issue(self.office.actor(coordinator), entry))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, the 28th at the latest: a zone is as full on any day."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, min(day.day, 28))


def live_through(months: int, seed: int, is_hostile: bool = False) -> None:
    """Fill an empty database with the demo office's last months, up to yesterday.

    `is_hostile` fills every text with what a page must stand: markup, other directions, endless words.
    """
    texts = demo_texts()
    if is_hostile:
        with spoken():
            _live_through(months, seed, spoilt(texts))
    else:
        _live_through(months, seed, texts)


def _live_through(months: int, seed: int, texts: dict[str, Any]) -> None:
    last = today() - timedelta(days=1)
    first = months_before(today(), months)
    write_next(True)
    with at(first - timedelta(days=3)):
        office = open_office(seed, texts)
        db.session.commit()
    year = Year(office, last)
    plan_register(office, year, last)
    plan_scopes(office, year, first, last)
    plan_meetings(office, year, last)
    plan_supervision(office, year, last)
    plan_reports(office, year, first, last)
    Stuck(year.desk, last).plan()
    Joining(year.desk, last).plan()
    year.following.plan()
    year.live(first, last)
    year.leave_one_returned(last)
    with in_silence():
        correct_some(office, last)
    plan_visits(office, last)
    with in_silence():
        year.following.look()
        db.session.commit()
        take_turns(office, first, last)
        send_forms(office, last)
