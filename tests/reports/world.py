"""Visits and problems as whole valid rows, laid down day by day, so that figures can be checked by hand."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from uuid import uuid4

import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.programmes import make_programmes
from visits.core.db import db
from visits.core.periods import SITE_ZONE
from visits.issues.models import (
    Category,
    Channel,
    Complexity,
    Dispatch,
    DispatchKind,
    Evaluation,
    Issue,
    IssueMove,
    IssueProgramme,
    Level,
    Outcome,
    Solved,
)
from visits.issues.states import State
from visits.outreach.models import Attendance, PairProgramme, Visit, VisitPair
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, VisitMode

_numbers = count(1)


def noon(day):
    """A moment of a day: what happened then."""
    return datetime.combine(day, time(12), SITE_ZONE).astimezone(UTC)


class World:
    """A small zone with its people, units and programmes; `at` gives its day of November 2026."""

    def __init__(self):
        ids = make_programmes()
        self.visiting, self.linked = ids[ENTERPRISE_VISIT], ids[GROUP_LINKED]
        self.unit, self.other_unit = make_unit(), make_unit()
        self.person = make_person(unit=self.unit)
        number = next(_numbers)
        self.category = Category(code=f"c{number}", name=f"类别{number}", complexity=Complexity.ORDINARY)
        db.session.add(self.category)
        db.session.flush()

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
        self._state(visit, firms, programmes, people, unit or self.unit, recorded)
        return visit

    def amend(self, visit, on, *, day, firms, mode, programmes, people, unit):
        """Let a visit say something else from the noon of a day on."""
        for fact in (VisitPair, Attendance):
            current = sa.and_(fact.visit_id == visit.id, fact.superseded_at.is_(None))
            db.session.execute(sa.update(fact).where(current).values(superseded_at=noon(on)))
        visit.visited_on, visit.mode = day, mode
        visit.timely_until = day + timedelta(days=3)
        self._state(visit, firms, programmes, people, unit, on)

    def _state(self, visit, firms, programmes, people, unit, on):
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
        self._attend(facts, people, unit.id)

    def _attend(self, facts, people, unit_id):
        for number in range(people):
            person_id = self.person.id if number == 0 else None
            db.session.add(
                Attendance(person_id=person_id, name=f"参加人{number}", unit_id=unit_id, **facts)
            )
        db.session.flush()


class Problem:
    """One problem on its way; every method is one move on one day, `save` writes the rows."""

    def __init__(self, world, firm, day, *, on_spot=False, recorded=None, programmes=(), group=None):
        self.world, self.firm, self.day, self.group = world, firm, day, group
        self.programmes, self.on_spot = programmes, on_spot
        self.moves, self.dispatches, self.evaluations = [], [], []
        self.state, self.round, self.outcome, self.closed_on = None, 1, None, None
        if on_spot:
            self.outcome, self.closed_on = Outcome.SOLVED, day
        self._move(
            "close_on_spot" if on_spot else "register",
            State.CLOSED if on_spot else State.REGISTERED,
            day,
            recorded,
        )

    def _move(self, name, to, day, recorded=None):
        self.moves.append(
            IssueMove(
                seq=len(self.moves) + 1,
                move=name,
                from_state=self.state,
                to_state=to,
                round=self.round,
                acted_as="system",
                happened_at=noon(day),
                recorded_at=noon(recorded or day),
                details={"outcome": self.outcome} if to is State.CLOSED else {},
            )
        )
        self.state = to
        return self

    @property
    def lead(self):
        return self.dispatches[-1]

    def _dispatch(self, day, due, unit, sign_due=None, contact_due=None, original=None):
        self.dispatches.append(
            Dispatch(
                round=self.round,
                unit_id=unit.id,
                kind=DispatchKind.LEAD,
                assigned_at=noon(day),
                sign_due=sign_due,
                contact_due=contact_due,
                due_on=due,
                original_due_on=original or due,
            )
        )

    def _end(self, day):
        if self.dispatches and self.lead.ended_at is None:
            self.lead.ended_at = noon(day)

    def assign(self, day, due, unit=None, **limits):
        self._dispatch(day, due, unit or self.world.unit, **limits)
        return self._move("assign", State.ASSIGNED, day)

    def sign(self, day):
        self.lead.signed_at = noon(day)
        return self._move("sign", State.IN_PROGRESS, day)

    def contact(self, day):
        self.lead.contacted_at = noon(day)
        return self._move("record_contact", self.state, day)

    def give_back(self, day):
        self.lead.returned_at = noon(day)
        return self._move("return", State.RETURNED, day)

    def reassign(self, day, due, unit=None):
        self._end(day)
        self._dispatch(day, due, unit or self.world.other_unit)
        return self._move("reassign", State.ASSIGNED, day)

    def uphold(self, day):
        self.lead.returned_at = None
        return self._move("uphold", State.ASSIGNED, day)

    def report(self, day, outcome=Outcome.SOLVED):
        self.lead.answered_at, self.outcome = noon(day), outcome
        return self._move("report", State.REPORTED, day)

    def send_back(self, day):
        self.lead.answered_at = self.outcome = None
        return self._move("send_back", State.IN_PROGRESS, day)

    def pass_review(self, day):
        return self._move("pass_review", State.EVALUATING, day)

    def answer(self, day, solved=Solved.SOLVED, level=Level.SATISFIED, channel=Channel.PHONE):
        self.evaluations.append(
            Evaluation(
                round=self.round,
                solved=solved,
                level=level,
                channel=channel,
                is_proxy=channel is Channel.PHONE,
                at=noon(day),
                answered_on=day,
            )
        )
        return self

    def close(self, day):
        self._end(day)
        self.closed_on = day
        return self._move("close_evaluated", State.CLOSED, day)

    def reopen(self, day, due):
        self.closed_on = self.outcome = None
        self.round += 1
        self._dispatch(day, due, self.world.unit)
        return self._move("reopen", State.IN_PROGRESS, day)

    def reopen_to_office(self, day):
        self.closed_on = self.outcome = None
        self.round += 1
        return self._move("reopen_to_office", State.REGISTERED, day)

    def merge(self, day):
        self._end(day)
        return self._move("merge", State.MERGED, day)

    def unmerge(self, day):
        merged = next(move for move in reversed(self.moves) if move.move == "merge")
        if self.dispatches and merged.from_state is not State.REGISTERED:
            self.lead.ended_at = None
        return self._move("unmerge", merged.from_state, day)

    def repeat(self, earlier, day):
        closings = [m.happened_at for m in earlier.moves if m.to_state is State.CLOSED]
        before = [at for at in closings if at < self.moves[0].happened_at]
        days = (self.day - max(before).astimezone(SITE_ZONE).date()).days if before else None
        self._move("link_repeat", self.state, day)
        self.moves[-1].details = {"earlier_id": earlier.id, "repeat_days": days}
        return self

    def rework(self, day, due):
        self._end(day)
        self.outcome = None
        self.round += 1
        self._dispatch(day, due, self.world.unit)
        return self._move("rework", State.IN_PROGRESS, day)

    def suspend(self, day):
        return self._move("suspend", State.SUSPENDED, day)

    def leave(self, state, day):
        """Reject, merge or withdraw."""
        self._end(day)
        self.outcome = None
        return self._move("reject", state, day)

    def restore(self, day):
        return self._move("restore", State.REGISTERED, day)

    def void(self, day):
        self._end(day)
        self.closed_on = None
        return self._move("void", State.VOID, day)

    def _other(self):
        """A problem that another can be merged into: the last one, else one that counts nowhere."""
        last = db.session.scalar(sa.select(sa.func.max(Issue.id)))
        return last or Problem(self.world, self.firm, self.day).void(self.day).save().id

    def save(self):
        """Write the problem with all that happened to it."""
        number, first = next(_numbers), self.moves[0]
        issue = Issue(
            number=f"WT{self.day:%Y%m%d}-{number:05d}",
            enterprise_id=self.firm.id,
            title=f"问题{number}",
            description="企业反映的问题。",
            category_id=self.world.category.id,
            complexity=Complexity.ORDINARY,
            state=self.state,
            state_since=self.moves[-1].happened_at,
            review_on=self.day + timedelta(days=90) if self.state is State.SUSPENDED else None,
            merged_into_id=self._other() if self.state is State.MERGED else None,
            round=self.round,
            on_spot=self.on_spot,
            outcome=self.outcome,
            commitment_due=self.day if self.outcome is Outcome.PLANNED else None,
            registered_at=first.happened_at,
            registered_on=self.day,
            group_id=self.group,
            lead_unit_id=self.lead.unit_id if self.dispatches else None,
            due_on=self.lead.due_on if self.dispatches else None,
            original_due_on=self.lead.original_due_on if self.dispatches else None,
            closed_at=noon(self.closed_on) if self.closed_on else None,
            closed_on=self.closed_on,
            moved_at=self.moves[-1].happened_at,
        )
        db.session.add(issue)
        db.session.flush()
        for row in (*self.moves, *self.dispatches, *self.evaluations):
            row.issue_id = issue.id
            db.session.add(row)
        db.session.add_all(IssueProgramme(issue_id=issue.id, programme_id=p) for p in self.programmes)
        db.session.flush()
        self.id = issue.id
        return issue


def november(day):
    """A day of November 2026."""
    return date(2026, 11, day)
