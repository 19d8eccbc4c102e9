"""What surrounds the visits of the load zone: rules of programmes, tags, figures, plans, things asked."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import sqlalchemy as sa

from visits.cli.load.office import Office, Worker
from visits.core.db import db
from visits.core.periods import SITE_ZONE
from visits.core.permissions import Role
from visits.enterprises.models import Measure, Tag, TagGrant, TagLevel, YearlyFact
from visits.honesty.models import Answer, Closing, QuestionVisit, RecordQuestion
from visits.honesty.rules import Kind
from visits.outreach.models import Finding, PlanCompanion, PlanState, VisitCheck, VisitPlan
from visits.programmes.models import (
    ENTERPRISE_VISIT,
    GROUP_LINKED,
    Period,
    ScopeListing,
    ScopeVersion,
    Tier,
)

# How many in a thousand hold a tag, of which level.
HELD = (
    ("above_scale", None, 120),
    ("hitech", TagLevel.NATIONAL, 150),
    ("srdi", TagLevel.PROVINCIAL, 40),
    ("little_giant", TagLevel.NATIONAL, 6),
    ("listed", None, 4),
    ("key", TagLevel.DISTRICT, 60),
)
FILED = {Measure.OUTPUT: 0.8, Measure.REVENUE: 0.6, Measure.TAX: 0.5}
PLANNED, JOINED, ASKED, DOUBTED, NAMED, TAKEN_OUT = 0.4, 0.1, 0.3, 0.01, 0.01, 0.005
AHEAD = timedelta(days=30)
FATES = [PlanState.PLANNED] * 8 + [PlanState.CANCELLED]
Row = dict[str, Any]


class Duties:
    """Adds what surrounds the visits; its dice are its own, so that the visits fall as they would."""

    def __init__(self, office: Office, last: date) -> None:
        self.office, self.store, self.last = office, office.store, last
        self.dice = Random(f"duties {len(office.firms)}")
        self.tags = {tag.code: tag.id for tag in db.session.scalars(sa.select(Tag))}
        self.promised: dict[int, Row] = {}
        self.written: dict[int, Row] = {}

    def begin(self) -> None:
        """What holds from the first day: tags, figures of every year, rules, lists by name."""
        for firm in self.office.firms:
            self._know(firm)
        halfway = self.office.first + (self.last - self.office.first) / 2
        for from_on, is_strict in ((self.office.first, False), (halfway, True)):
            for code in (ENTERPRISE_VISIT, GROUP_LINKED):
                self._rule(code, from_on, is_strict)
        for firm in self.office.firms:
            chance = self.dice.random()
            if chance < NAMED:
                self._list(firm, is_excluded=chance < TAKEN_OUT)

    def _know(self, firm: int) -> None:
        for code, level, many in HELD:
            if self.dice.random() * 1000 < many:
                since = self.office.first + timedelta(days=self.dice.randint(-700, 900))
                until = since + timedelta(days=3 * 365) if code in ("srdi", "little_giant") else None
                self.store.add(
                    TagGrant,
                    enterprise_id=firm,
                    tag_id=self.tags[code],
                    level=level,
                    granted_on=since,
                    expires_on=until,
                    created_at=self.office.opened_at,
                )
        size = Decimal(round(10 ** self.dice.uniform(2.5, 5.2)))
        for year in range(self.office.first.year, self.last.year):
            size = (size * self.dice.randint(90, 115) / 100).quantize(Decimal(1))
            for measure, share in FILED.items():
                if self.dice.random() < share:
                    self.store.add(
                        YearlyFact,
                        enterprise_id=firm,
                        year=year,
                        measure=measure,
                        value=size / 20 if measure is Measure.TAX else size,
                        unit="万元",
                        source="统计年报",
                        recorded_at=self.office.opened_at,
                    )

    def _rule(self, code: str, from_on: date, is_strict: bool) -> None:
        version = self.store.add(
            ScopeVersion,
            programme_id=self.office.programmes[code],
            from_on=from_on,
            conditions={"linked": True} if code == GROUP_LINKED else {},
            reason="年度走访方案",
            recorded_at=datetime.combine(from_on, time(9), SITE_ZONE),
        )
        above, key = self.tags["above_scale"], self.tags["key"]
        tiers: list[Row] = [
            {"name": "规上企业", "tag_id": above, "visits": 1, "period": Period.QUARTER},
            {"name": "其他企业", "visits": 1, "period": Period.HALF_YEAR},
        ]
        if is_strict:
            large = {"measure": Measure.OUTPUT, "at_least": Decimal(10_000)}
            tiers = [
                {"name": "重点企业", "tag_id": key, "visits": 1, "period": Period.MONTH},
                {"name": "亿元以上企业", **large, "visits": 1, "period": Period.MONTH},
                *tiers,
            ]
        for position, tier in enumerate(tiers):
            self.store.add(Tier, version_id=version["id"], position=position, **tier)

    def _list(self, firm: int, *, is_excluded: bool) -> None:
        self.store.add(
            ScopeListing,
            programme_id=self.office.programmes[ENTERPRISE_VISIT if is_excluded else GROUP_LINKED],
            enterprise_id=firm,
            is_excluded=is_excluded,
            from_on=self.office.first,
            reason="专题会议确定",
            recorded_at=self.office.opened_at,
        )

    def promise(self, row: Row) -> None:
        """Remember what a firm was promised, so that a later visit asks about it."""
        self.promised[row["enterprise_id"]] = row

    def surround(self, visit: Row, firms: list[int], author: Worker) -> None:
        """The plan that led to a visit, and what was asked at it."""
        if visit["voided_at"] is not None:
            return
        if self.dice.random() < PLANNED:
            self._plan(firms[0], author, visit["visited_on"], PlanState.DONE, visit)
        earlier = self.written.get(author.id)
        if earlier and self.dice.random() < DOUBTED:
            self._question(visit, earlier, author)
        self.written[author.id] = visit
        for firm in firms:
            promise = self.promised.get(firm)
            if promise and promise["kept_on"] is None and self.dice.random() < ASKED:
                self.store.add(
                    VisitCheck,
                    visit_id=visit["id"],
                    enterprise_id=firm,
                    promise_id=promise["id"],
                    finding=self.dice.choice([Finding.PROGRESS, Finding.NO_PROGRESS]),
                    recorded_by_id=author.id,
                    recorded_at=visit["recorded_at"],
                )

    def _question(self, visit: Row, earlier: Row, author: Worker) -> None:
        """Whether two records read alike; those that are old are answered and closed."""
        at, is_old = visit["recorded_at"], visit["recorded_on"] < self.last - AHEAD
        question = self.store.add(
            RecordQuestion,
            key=f"{Kind.SAME_TEXT}:{visit['id']}",
            kind=Kind.SAME_TEXT,
            visit_id=visit["id"],
            asked_id=author.id,
            said={"day": earlier["visited_on"].isoformat(), "firms": [], "count": 1},
            raised_at=at,
            raised_on=visit["recorded_on"],
            due_on=visit["recorded_on"] + timedelta(days=5),
            answer=Answer.AS_IT_WAS if is_old else None,
            answered_at=at + timedelta(days=1) if is_old else None,
            closing=Closing.NO_DOUBT if is_old else None,
            note="电话核实属实" if is_old else "",
            closed_at=at + timedelta(days=6) if is_old else None,
            closed_by_id=self.office.workers[Role.COORDINATOR][0].id if is_old else None,
        )
        for named in (visit, earlier):
            self.store.add(QuestionVisit, question_id=question["id"], visit_id=named["id"])

    def _plan(
        self, firm: int, author: Worker, day: date, state: PlanState, visit: Row | None = None
    ) -> None:
        made_at = datetime.combine(day - timedelta(days=7), time(11), SITE_ZONE)
        made_at = min(made_at, datetime.combine(self.last, time(17), SITE_ZONE))
        tie, is_over = self.office.ties.get(firm), state is not PlanState.PLANNED
        plan = self.store.add(
            VisitPlan,
            enterprise_id=firm,
            programme_id=self.office.programmes[ENTERPRISE_VISIT],
            group_id=tie.group_id if tie else None,
            owner_id=author.id,
            planned_on=day,
            start_time=self.dice.choice([None, time(9, 30), time(14, 30)]),
            purpose="了解生产经营情况",
            state=state,
            end_reason="企业临时停产" if state is PlanState.CANCELLED else "",
            ended_at=(visit["recorded_at"] if visit else made_at) if is_over else None,
            visit_id=visit["id"] if visit else None,
            made_by_id=author.id,
            created_at=made_at,
        )
        if self.dice.random() < JOINED:
            other = self.dice.choice(self.office.workers[Role.CADRE])
            if other.id != author.id:
                self.store.add(
                    PlanCompanion, plan_id=plan["id"], person_id=other.id, joined_at=plan["created_at"]
                )

    def plan_ahead(self, visits_a_day: float) -> None:
        """What is planned for the weeks to come, and what of the last ones nobody has made true."""
        day = self.last - AHEAD
        while day < self.last + AHEAD:
            day += timedelta(days=1)
            many = visits_a_day * (0.1 if day <= self.last else PLANNED)
            for _ in range(int(many) + (self.dice.random() < many % 1)):
                author = self.dice.choice(self.office.workers[Role.OFFICER])
                self._plan(self.dice.choice(self.office.firms), author, day, self.dice.choice(FATES))
