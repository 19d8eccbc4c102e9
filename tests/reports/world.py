"""Visits and problems as whole valid rows, laid down day by day, so that figures can be checked by hand."""

from datetime import date, timedelta
from itertools import count
from uuid import uuid4

import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.programmes import make_group, make_programmes
from tests.reports.problem import Problem as Problem
from tests.reports.problem import noon as noon
from visits.core.db import db
from visits.issues.models import (
    Category,
    Complexity,
)
from visits.outreach.models import Attendance, PairProgramme, Visit, VisitPair
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, VisitMode
from visits.supervision.models import How, Measure, PolicyOutput, Sample, SampleItem, Topic
from visits.supervision.rules import Kind as Drawn

_numbers = count(1)


class World:
    """A small zone with its people, units and programmes; `at` gives its day of November 2026."""

    def __init__(self):
        ids = make_programmes()
        self.visiting, self.linked = ids[ENTERPRISE_VISIT], ids[GROUP_LINKED]
        self.unit, self.other_unit = make_unit(), make_unit()
        self.groups = [make_group(unit=self.unit).id for _ in range(2)]
        self.person = make_person(unit=self.unit)
        number = next(_numbers)
        kinds = [
            Category(code=f"c{number}-{n}", name=f"类别{number}之{n}", complexity=Complexity.ORDINARY)
            for n in (1, 2)
        ]
        self.sample = Sample(month=f"{number:07}", seed=number, population=[])
        db.session.add_all([*kinds, self.sample])
        db.session.flush()
        self.category, self.other_category = kinds

    def firm(self, **values):
        """An enterprise that has always been in business."""
        return make_enterprise(**values)

    def visit(
        self,
        day,
        firms,
        *,
        mode=VisitMode.ON_SITE,
        programmes=None,
        people=1,
        voided=None,
        recorded=None,
        unit=None,
        company=None,
        group=None,
    ):
        """A visit to these firms; the first participant is the author."""
        recorded = recorded or day
        visit = Visit(
            client_id=str(uuid4()),
            visited_on=day,
            mode=mode,
            author_id=self.person.id,
            group_id=group,
            recorded_at=noon(recorded),
            recorded_on=recorded,
            timely_until=day + timedelta(days=3),
            voided_at=noon(voided) if voided else None,
            void_reason="重复录入" if voided else "",
        )
        db.session.add(visit)
        db.session.flush()
        programmes = [self.visiting] if programmes is None else programmes
        self._state(visit, firms, programmes, (people, unit or self.unit, company), recorded)
        return visit

    def amend(self, visit, on, *, day, firms, mode, programmes, people, unit, company=None):
        """Let a visit say something else from the noon of a day on."""
        for fact in (VisitPair, Attendance):
            current = sa.and_(fact.visit_id == visit.id, fact.superseded_at.is_(None))
            db.session.execute(sa.update(fact).where(current).values(superseded_at=noon(on)))
        visit.visited_on, visit.mode = day, mode
        visit.timely_until = day + timedelta(days=3)
        self._state(visit, firms, programmes, (people, unit, company), on)

    def _state(self, visit, firms, programmes, party, on):
        names = ("visited_on", "mode", "group_id")
        facts = {"visit_id": visit.id} | {name: getattr(visit, name) for name in names}
        facts["recorded_at"] = noon(on)
        is_late = visit.recorded_on > visit.timely_until
        for firm in firms:
            pair = VisitPair(enterprise_id=firm.id, is_late=is_late, **facts)
            db.session.add(pair)
            db.session.flush()
            for programme in programmes:
                db.session.add(PairProgramme(pair_id=pair.id, programme_id=programme))
        self._attend(facts, *party)

    def _attend(self, facts, people, unit, company):
        """So many of a unit; the second of them comes from the unit that goes along."""
        for number in range(people):
            person_id = self.person.id if number == 0 else None
            unit_id = company.id if company and number == 1 else unit.id
            db.session.add(
                Attendance(person_id=person_id, name=f"参加人{number}", unit_id=unit_id, **facts)
            )
        db.session.flush()

    def check(self, visit, day, result):
        """Draw a visit by lot and look at it again."""
        self._drawn(Drawn.VISIT, day, result, visit_id=visit.id)

    def check_problem(self, issue_id, day, result):
        """Draw a problem by lot and look at it again."""
        self._drawn(Drawn.ISSUE, day, result, issue_id=issue_id)

    def _drawn(self, kind, day, result, **record):
        checked = {"result": result, "how": How.PHONE, "checked_on": day, "checked_at": noon(day)}
        db.session.add(SampleItem(sample_id=self.sample.id, kind=kind, **record, **checked))
        db.session.flush()

    def topic(self, day, *, done=None, published=None):
        """A topic closed on a day, with a measure done and a policy published by then, or none."""
        kind, unit = self.category.id, self.unit.id
        topic = Topic(
            title="共性问题",
            category_id=kind,
            lead_unit_id=unit,
            state="closed",
            proposed_on=day,
            closed_on=day,
            result="已转化",
        )
        db.session.add(topic)
        db.session.flush()
        if done:
            db.session.add(
                Measure(topic_id=topic.id, text="修订办法", unit_id=unit, due_on=done, done_on=done)
            )
        if published:
            when = {"published_on": published, "added_at": noon(published)}
            db.session.add(PolicyOutput(topic_id=topic.id, title="办法", **when))
        db.session.flush()


def november(day):
    """A day of November 2026."""
    return date(2026, 11, day)
