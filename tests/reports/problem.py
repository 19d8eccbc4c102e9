"""One problem on its way through the states, laid down move by move as whole valid rows."""

from datetime import UTC, datetime, time, timedelta
from itertools import count

import sqlalchemy as sa

from visits.core.db import db
from visits.core.periods import SITE_ZONE
from visits.issues.models import (
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

_numbers = count(1)


def noon(day):
    """A moment of a day: what happened then."""
    return datetime.combine(day, time(12), SITE_ZONE).astimezone(UTC)


class Problem:
    """One problem on its way; every method is one move on one day, `save` writes the rows."""

    def __init__(self, world, firm, day, *, on_spot=False, recorded=None, programmes=(), **entry):
        self.entry, self.recorded = entry, recorded or day
        self.world, self.firm, self.day = world, firm, day
        self.programmes, self.on_spot = programmes, on_spot
        self.moves, self.dispatches, self.evaluations = [], [], []
        self.state, self.round, self.outcome, self.closed_on = None, 1, None, None
        if on_spot:
            self.outcome, self.closed_on = Outcome.SOLVED, day
        self._move(
            "close_on_spot" if on_spot else "register",
            State.CLOSED if on_spot else State.REGISTERED,
            day,
        )

    def _move(self, name, to, day, **details):
        if to is State.CLOSED:
            details["outcome"] = self.outcome
        self.moves.append(
            IssueMove(
                seq=len(self.moves) + 1,
                move=name,
                from_state=self.state,
                to_state=to,
                round=self.round,
                actor_id=self.world.person.id,
                acted_as="coordinator",
                happened_at=noon(day),
                recorded_at=noon(max(day, self.recorded)),
                details=details,
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
                extended=0,
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
                at=noon(max(day, self.recorded)),
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
        return self._move("link_repeat", self.state, day, earlier_id=earlier.id, repeat_days=days)

    def flag(self, day):
        return self._move("raise_flag", self.state, day, red_flag="moving_out")

    def note(self, day):
        return self._move("add_note", self.state, day)

    def correct(self, day, category):
        former, self.entry["category_id"] = (
            self.entry.get("category_id", self.world.category.id),
            category.id,
        )
        return self._move("correct", self.state, day, category_id=[former, category.id])

    def rework(self, day, due):
        self._end(day)
        self.outcome = None
        self.round += 1
        self._dispatch(day, due, self.world.unit)
        return self._move("rework", State.IN_PROGRESS, day)

    def _redate(self, name, to, day, due):
        former, self.lead.due_on = self.lead.due_on, due
        return self._move(name, to, day, former_due_on=former.isoformat(), due_on=due.isoformat())

    def extend(self, day, due):
        self.lead.extended += 1
        return self._redate("grant_extension", self.state, day, due)

    def suspend(self, day):
        return self._move("suspend", State.SUSPENDED, day, former_due_on=self.lead.due_on.isoformat())

    def resume(self, day, due):
        return self._redate("resume", State.IN_PROGRESS, day, due)

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
            **({"category_id": self.world.category.id} | self.entry),
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
