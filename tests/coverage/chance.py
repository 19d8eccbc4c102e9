"""Scopes, tiers, listings, tags, statuses and visits laid by the dice of one seed."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.factories.programmes import make_group
from tests.reports.problem import noon
from tests.reports.world import World
from visits.core.db import db
from visits.enterprises.models import EnterpriseStatus, Measure, StatusChange, Tag, TagGrant, YearlyFact
from visits.programmes.models import (
    Link,
    Period,
    Programme,
    ScopeListing,
    ScopeVersion,
    Tier,
    VisitMode,
)

FIRST, DAYS = date(2026, 1, 1), 300
PARKS = ("", "湖畔园", "江滨园")


class Chance:
    """A small zone in which everything about scopes changes at random."""

    def __init__(self, seed):
        self.dice = Random(seed)
        self.world = World()
        self.programmes = [
            db.session.get(Programme, key) for key in (self.world.visiting, self.world.linked)
        ]
        self.tags = [Tag(code=None, name=f"标签{n}") for n in range(2)]
        db.session.add_all(self.tags)
        self.groups = [make_group() for _ in range(2)]
        founded = (None, None, date(2026, 3, 20))
        self.firms = [
            self.world.firm(park=self.dice.choice(PARKS), established_on=self.dice.choice(founded))
            for _ in range(5)
        ]
        db.session.flush()
        for change in db.session.query(StatusChange):
            change.recorded_at = noon(date(2025, 11, 3))  # known before whatever is looked back to

    def lay(self):
        """Lay everything; returns the zone."""
        dice = self.dice
        for programme in self.programmes:
            if dice.random() < 0.3:
                programme.ends_on = date(2026, 9, 30)
            for _ in range(dice.choice((0, 1, 1, 2, 3))):
                self.version(programme)
        for firm in self.firms:
            self.story(firm)
        for _ in range(25):
            self.visit()
        db.session.flush()
        return self

    def day(self):
        return FIRST + timedelta(days=self.dice.randrange(DAYS))

    def moment(self):
        return noon(self.day())

    def until(self, day):
        return self.dice.choice((None, day + timedelta(days=self.dice.randrange(200))))

    def version(self, programme):
        dice = self.dice
        version = ScopeVersion(
            programme_id=programme.id,
            from_on=dice.choice((date(2025, 12, 1), date(2026, 4, 1), self.day())),
            conditions=self.conditions(),
            recorded_at=self.moment(),
        )
        db.session.add(version)
        db.session.flush()
        for position in range(dice.choice((0, 1, 2, 3))):
            tag = dice.choice((None, *self.tags))
            measure = dice.choice((None, None, Measure.OUTPUT))
            db.session.add(
                Tier(
                    version_id=version.id,
                    position=position,
                    name=f"第{position}类",
                    tag_id=tag.id if tag else None,
                    measure=measure,
                    at_least=Decimal(100) if measure else None,
                    visits=dice.choice((1, 1, 2, 3)),
                    period=dice.choice(list(Period)),
                )
            )

    def conditions(self):
        dice, found = self.dice, {}
        if dice.random() < 0.3:
            found["tags"] = [tag.id for tag in dice.sample(self.tags, dice.choice((1, 2)))]
        if dice.random() < 0.15:
            found["groups"] = [dice.choice(self.groups).id]
        if dice.random() < 0.2:
            found["parks"] = [dice.choice(PARKS[1:])]
        if dice.random() < 0.15:
            found["linked"] = True
        if dice.random() < 0.15:
            found["listed_only"] = True
        return found

    def story(self, firm):
        dice = self.dice
        for _ in range(dice.choice((0, 0, 1, 2))):
            status = dice.choice((EnterpriseStatus.NORMAL, EnterpriseStatus.HALTED))
            change = StatusChange(enterprise_id=firm.id, status=status, from_on=self.day())
            change.recorded_at = self.moment()
            db.session.add(change)
        for _ in range(dice.choice((0, 1, 2))):
            self.grant(firm)
        for year in range(2024, 2027):
            if dice.random() < 0.5:
                self.fact(firm, year)
        for programme in self.programmes:
            start = self.day()
            group = dice.choice(self.groups)
            if dice.random() < 0.5:
                until = self.until(start)
                self.add(
                    firm, Link, programme_id=programme.id, group_id=group.id, from_on=start, until_on=until
                )
            if dice.random() < 0.4:
                self.listing(firm, programme)

    def add(self, firm, table, **values):
        db.session.add(table(enterprise_id=firm.id, **values))

    def grant(self, firm):
        dice, day = self.dice, self.dice.choice((None, self.day()))
        self.add(
            firm,
            TagGrant,
            tag_id=dice.choice(self.tags).id,
            granted_on=day,
            expires_on=dice.choice((None, None, self.day())),
            created_at=dice.choice((noon(date(2025, 1, 1)), self.moment())),
            removed_at=dice.choice((None, None, self.moment())),
        )

    def fact(self, firm, year):
        recorded = self.moment()
        self.add(
            firm,
            YearlyFact,
            year=year,
            measure=Measure.OUTPUT,
            value=Decimal(self.dice.choice((50, 100, 150))),
            unit="万元",
            source="企业填报",
            recorded_at=recorded,
            superseded_at=self.dice.choice((None, None, recorded + timedelta(days=40))),
        )

    def listing(self, firm, programme):
        day, recorded = self.day(), self.moment()
        self.add(
            firm,
            ScopeListing,
            programme_id=programme.id,
            is_excluded=self.dice.random() < 0.5,
            from_on=day,
            until_on=self.until(day),
            recorded_at=recorded,
            superseded_at=self.dice.choice((None, None, recorded + timedelta(days=60))),
        )

    def visit(self):
        dice, day = self.dice, self.day()
        self.world.visit(
            day,
            dice.sample(self.firms, dice.choice((1, 1, 2))),
            mode=dice.choice(list(VisitMode)),
            programmes=[p.id for p in dice.sample(self.programmes, dice.choice((1, 2)))],
            recorded=day + timedelta(days=dice.choice((0, 0, 5, 40))),
            voided=dice.choice((None, None, None, day + timedelta(days=50))),
        )
