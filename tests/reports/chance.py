"""Worlds laid by chance, the same for the same seed: visits, and problems wandering through states."""

from datetime import date, timedelta
from random import Random

from tests.reports.problem import Problem, noon
from tests.reports.world import World
from visits.issues.models import Channel, IssueSource, Level, Outcome, Solved
from visits.issues.states import State
from visits.programmes.models import VisitMode
from visits.supervision.models import Result

FIRST, DAYS = date(2026, 9, 20), 60
PACE = 4  # within how many days something more becomes of a problem
NEXT = {
    State.REGISTERED: ("assign",) * 5 + ("exclude", "exclude", "merge", "void", "flag", "correct"),
    State.ASSIGNED: ("sign", "sign", "sign", "sign", "give_back", "note", "flag"),
    State.RETURNED: ("reassign", "uphold"),
    State.IN_PROGRESS: (
        "contact",
        "report",
        "report",
        "report",
        "suspend",
        "merge",
        "flag",
        "extend",
        "correct",
        "exclude",
    ),
    State.SUSPENDED: ("resume", "resume", "stay"),
    State.REPORTED: ("pass_review", "pass_review", "send_back"),
    State.EVALUATING: ("close", "close", "close", "rework"),
    State.CLOSED: ("reopen", "stay", "stay", "stay", "void"),
    State.MERGED: ("unmerge", "unmerge", "stay"),
    State.REJECTED: ("restore", "restore", "stay"),
}


class InOrder(Problem):
    """A problem of which nothing is recorded before what it follows on; dice would have it, no office."""

    def save(self):
        recorded_at = noon(date(2026, 1, 1))
        for move in self.moves:
            move.recorded_at = recorded_at = max(recorded_at, move.recorded_at)
        return super().save()


class Chance:
    """Lays visits and problems by the dice of one seed."""

    def __init__(self, seed):
        self.dice = Random(seed)
        self.world = World()
        self.laid = []
        self.firms = [self.world.firm(park=park) for park in ("东区", "东区", "西区", "O'Neill <园>", "")]
        self.programmes = (
            [],
            [self.world.visiting],
            [self.world.linked],
            [self.world.visiting, self.world.linked],
        )

    def lay(self, visits, problems):
        """Lay that many of both; returns the world."""
        for _ in range(visits):
            self.visit()
        for _ in range(problems):
            self.problem()
        for _ in range(problems // 10):
            self.topic()
        return self.world

    def visit(self):
        dice, day = self.dice, self.day()
        recorded = day + timedelta(days=dice.choice((0, 0, 2, 5, 30)))
        voided = dice.choice((None, None, None, day + timedelta(days=31)))
        group = dice.choice((None, *self.world.groups))
        visit = self.world.visit(day, **self._said(), recorded=recorded, voided=voided, group=group)
        for _ in range(dice.choice((0, 0, 1, 2))):
            recorded += timedelta(days=dice.randint(1, 25))
            said = self._said()
            self.world.amend(visit, recorded, day=dice.choice((day, self.day())), **said)
        if dice.random() < 0.3:
            self.world.check(visit, recorded + timedelta(days=3), dice.choice(list(Result)))

    def _said(self):
        dice = self.dice
        return {
            "firms": dice.sample(self.firms, dice.choice((1, 1, 3))),
            "mode": dice.choice(list(VisitMode)),
            "programmes": dice.choice(self.programmes),
            "people": dice.randint(1, 3),
            "unit": dice.choice((self.world.unit, self.world.other_unit)),
            "company": dice.choice((None, self.world.unit, self.world.other_unit)),
        }

    def day(self):
        return FIRST + timedelta(days=self.dice.randrange(DAYS))

    def problem(self):
        dice, day = self.dice, self.day()
        on_spot = dice.random() < 0.15
        problem = Problem(
            self.world,
            dice.choice(self.firms),
            day,
            on_spot=on_spot,
            recorded=day + timedelta(days=dice.choice((0, 0, 20))),
            programmes=dice.choice(self.programmes),
            category_id=dice.choice((self.world.category, self.world.other_category)).id,
            source=dice.choice((IssueSource.VISIT, IssueSource.VISIT, IssueSource.HOTLINE)),
            group_id=dice.choice((None, *self.world.groups)),
        )
        if on_spot:
            problem.answer(day, level=dice.choice((*Level, None)))
        if self.laid and dice.random() < 0.4:
            problem.repeat(dice.choice(self.laid), day)
        for _ in range(dice.randrange(18)):
            day += timedelta(days=dice.randrange(PACE))
            step = dice.choice(NEXT.get(problem.state) or ("stay",))
            if step == "stay":
                break
            getattr(self, f"_{step}", lambda p, d, s=step: getattr(p, s)(d))(problem, day)
        problem.save()
        self.laid.append(problem)
        if problem.state is State.CLOSED and dice.random() < 0.4:
            self.world.check_problem(problem.id, day + timedelta(days=5), dice.choice(list(Result)))

    def topic(self):
        day, dice = self.day(), self.dice
        self.world.topic(day, done=dice.choice((None, day)), published=dice.choice((None, day, self.day())))

    def _due(self, day):
        return day + timedelta(days=self.dice.randrange(1, 12))

    def _assign(self, problem, day):
        original = self._due(day)
        problem.assign(
            day,
            original + timedelta(days=self.dice.choice((0, 0, 5))),
            sign_due=day + timedelta(days=1),
            contact_due=day + timedelta(days=6),
            original=original,
        )

    def _exclude(self, problem, day):
        problem.leave(self.dice.choice((State.REJECTED, State.REJECTED, State.WITHDRAWN)), day)

    def _reassign(self, problem, day):
        problem.reassign(day, self._due(day))

    def _extend(self, problem, day):
        problem.extend(day, problem.lead.due_on + timedelta(days=4))

    def _resume(self, problem, day):
        problem.resume(day, self._due(day))

    def _correct(self, problem, day):
        problem.correct(day, self.dice.choice((self.world.category, self.world.other_category)))

    def _report(self, problem, day):
        problem.report(
            day,
            self.dice.choice(
                (Outcome.SOLVED, Outcome.SOLVED, Outcome.PLANNED, Outcome.EXPLAINED, Outcome.ANSWERED)
            ),
        )

    def _close(self, problem, day):
        if self.dice.random() < 0.8:
            problem.answer(
                day,
                self.dice.choice(list(Solved)),
                self.dice.choice(list(Level)),
                self.dice.choice(list(Channel)),
            )
        problem.close(day)

    def _rework(self, problem, day):
        problem.answer(day, Solved.UNSOLVED, Level.DISSATISFIED).rework(day, self._due(day))

    def _reopen(self, problem, day):
        if problem.dispatches:
            problem.reopen(day, self._due(day))
        else:
            problem.reopen_to_office(day)
