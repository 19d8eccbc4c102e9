"""Random lives of problems under random clocks: whatever people try, the log stays the truth.

LIVES sets how many offices live through it, with eight problems each; by default few, for a quick run.
"""

import random
from contextlib import ExitStack
from datetime import date, timedelta
from itertools import pairwise

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from config import env_int
from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_entry, make_office
from tests.issues.attempts import ATTEMPTS, attempt
from tests.support.databases import seeds
from visits.core import clock
from visits.core.authz import SYSTEM, may, permitted
from visits.core.db import db as handle
from visits.core.errors import DomainError
from visits.core.periods import Span
from visits.core.permissions import Permission, Role
from visits.inbox.models import Notice
from visits.issues import operations, queries
from visits.issues.models import Dispatch, Issue, IssueMove, IssueRequest
from visits.issues.states import EXCLUDED, LIFE, OPEN, State
from visits.reports.assemble import get_totals
from visits.reports.filters import ReportFilter

# one life alone is too short to meet most moves
LIVES, PROBLEMS, STEPS, FIRST_MOVES = env_int("LIVES", max(2, len(seeds(4)))), 8, 30, 150
MOST_MOVES = 0.7
FIRST_DAY = date(2026, 9, 21)
# which moves may write a due date; all others leave it as it is
DATING = {
    "assign",
    "reassign",
    "grant_extension",
    "suspend",
    "resume",
    "rework",
    "reopen",
    "reopen_to_office",
    "fulfil",
    "recompute_due",
}
# what leads nowhere, or ends a life early
ASIDE = {
    *("add_note", "escalate", "raise_flag", "lower_flag", "remind", "instruct", "hide_enterprise"),
    *("show_enterprise", "request_info", "complete_info", "link_repeat", "reject", "void", "merge"),
    *("ask_withdrawal", "add_progress"),
}
# what is asked for is answered soon
AWAITED = {
    "needs_info": ("complete_info",),
    "extension_asked": ("grant_extension", "refuse_extension"),
    "suspension_asked": ("suspend", "refuse_suspension"),
    "withdrawal_asked": ("withdraw", "refuse_withdrawal"),
    "ruling_asked": ("rule_closed", "refuse_ruling"),
}
IN_HANDS = {
    State.ASSIGNED,
    State.RETURNED,
    State.IN_PROGRESS,
    State.SUSPENDED,
    State.REPORTED,
    State.EVALUATING,
}


MADE = set()  # the moves that went through, in all lives


class Lives(RuleBasedStateMachine):
    """One office and its problems; people do what they may, and what they may not."""

    def __init__(self):
        super().__init__()
        self.open = ExitStack()
        self.today, self.turn = FIRST_DAY, 0

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed):
        self.stop_clock()
        office = make_office()
        inside = make_unit(), office.unit
        insiders = {
            f"{role}_inside": make_person([role], inside[1])
            for role in (Role.COORDINATOR, Role.CALLBACK, Role.SUPERVISOR)
        }
        others = {
            "supervisor": make_person([Role.SUPERVISOR]),
            "group_leader": make_person([Role.GROUP_LEADER]),
            "officer": make_person([Role.OFFICER]),
        }
        self.office, firm = office, make_enterprise()
        self.actors = {
            name: actor_for(person) for name, person in (office.people | insiders | others).items()
        }
        authors = (self.actors["cadre"], self.actors["officer"])
        self.issues = [
            operations.register_issue(authors[number % 2], make_entry(firm)) for number in range(PROBLEMS)
        ]
        self.somebody_goes_on(seed, moves=FIRST_MOVES)

    def stop_clock(self):
        self.open.close()
        self.open.enter_context(clock.at(self.today))

    @rule()
    def a_month_passes(self):
        self.time_passes(35)

    def time_passes(self, days):
        self.today += timedelta(days=days)
        self.stop_clock()

    @rule(seed=st.integers(0, 2**32))
    def somebody_goes_on(self, seed, moves=12):
        """Some of the moves that the states allow, by people with the right to them; most lead on."""
        dice = self.dice_for(seed)
        for _ in range(moves):
            if dice.random() < 0.3:
                self.time_passes(dice.choice([0, 1, 1, 2, 3, 7, 12]))
            issue = dice.choice(self.issues)
            for name, move in self.ways_on(issue, dice):
                held = permitted(self.actors[name], {LIFE[move].permission}, issue)
                facts = queries.facts_for(self.actors[name], issue)
                if LIFE[move] in LIFE.open_to(held, issue.state, facts):
                    self.try_move(issue, name, move, dice)
                    break

    def ways_on(self, issue, dice):
        """Some people with some moves that the state allows, drawn by what most likely comes next."""
        moves = [move for move in ATTEMPTS if issue.state in LIFE[move].origin]
        awaited = {move for mark, answers in AWAITED.items() if getattr(issue, mark) for move in answers}
        weights = [90 if move in awaited else 0.3 if move in ASIDE else 12 for move in moves]
        for move in dice.choices(moves, weights, k=8):
            able = [name for name, actor in self.actors.items() if may(actor, LIFE[move].permission)]
            yield dice.choice(able), move

    @rule(seed=st.integers(0, 2**32))
    def somebody_meddles(self, seed):
        """Any move by anybody, mostly refused."""
        dice = self.dice_for(seed)
        for _ in range(4):
            name, move = dice.choice(sorted(self.actors)), dice.choice(sorted(ATTEMPTS))
            self.try_move(dice.choice(self.issues), name, move, dice)

    def dice_for(self, seed):
        """Dice of their own for each turn: what is drawn for the turn is often a small number."""
        self.turn += 1
        return random.Random(f"{seed} {self.turn}")

    def try_move(self, issue, name, move, dice):
        before = {each.id: (each.state, each.due_on, queries.last_seq(each.id)) for each in self.issues}
        try:
            with handle.session.begin_nested():
                attempt(self, self.actors[name], issue, move, dice)
                handle.session.flush()
            MADE.add(move)
            self.see_due_dates(before)
        except DomainError:
            handle.session.expire_all()
            after = {each.id: (each.state, each.due_on, queries.last_seq(each.id)) for each in self.issues}
            assert after == before, f"{move} was refused and left something behind"

    def see_due_dates(self, before):
        """Due dates change by few moves only."""
        for issue in self.issues:
            _, due, seq = before[issue.id]
            made = sa.select(IssueMove.move).where(IssueMove.issue_id == issue.id, IssueMove.seq > seq)
            if due != issue.due_on:
                assert DATING & set(handle.session.scalars(made)), (issue.number, due, issue.due_on)

    @invariant()
    def each_log_is_whole(self):
        for issue in getattr(self, "issues", ()):
            rows = [row.IssueMove for row in queries.moves_of(issue.id)]
            assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
            assert [row.from_state for row in rows] == [None, *(row.to_state for row in rows[:-1])]
            assert rows[-1].to_state == issue.state
            assert all(a.happened_at <= b.happened_at for a, b in pairwise(rows))

    @invariant()
    def tasks_and_requests_fit_the_state(self):
        for issue in getattr(self, "issues", ()):
            running = [task.kind for task in queries.current_dispatches(issue.id)]
            assert running.count("lead") == (issue.state in IN_HANDS), (issue.state, running)
            waiting = set(
                handle.session.scalars(
                    sa.select(IssueRequest.kind).where(
                        IssueRequest.issue_id == issue.id, IssueRequest.decision.is_(None)
                    )
                )
            )
            asked = {
                kind
                for kind in ("extension", "suspension", "withdrawal", "ruling")
                if getattr(issue, f"{kind}_asked")
            }
            assert waiting == asked
            if issue.merged_into_id is not None:
                target = handle.session.get(Issue, issue.merged_into_id)
                assert target.state is not State.MERGED
                assert target.enterprise_id == issue.enterprise_id

    @invariant()
    def people_are_told_of_what_others_did_and_may_read_it(self):
        actors = {actor.person_id: actor for actor in getattr(self, "actors", {}).values()}
        for notice in handle.session.scalars(sa.select(Notice)) if actors else ():
            assert notice.person_id != notice.actor_id
            issue = handle.session.get(Issue, notice.subject_id)
            assert permitted(actors[notice.person_id], {Permission.ISSUES_READ}, issue), notice.said

    @invariant()
    def no_unit_closes_its_own(self):
        for issue in getattr(self, "issues", ()):
            rows = [row.IssueMove for row in queries.moves_of(issue.id)]
            for number, row in enumerate(rows):
                if row.to_state is State.CLOSED and row.from_state is not State.CLOSED:
                    said = row if row.actor_id else rows[number - 1]
                    units = self.units_of(said.actor_id)
                    # a unit that returned the problem before has no part in how it ended
                    in_hand = sa.or_(Dispatch.ended_at.is_(None), Dispatch.ended_at >= said.happened_at)
                    handled = sa.select(Dispatch.unit_id).where(
                        Dispatch.issue_id == issue.id, Dispatch.round == said.round, in_hand
                    )
                    assert not units & set(handle.session.scalars(handled)), row.move

    def units_of(self, person_id):
        return next(
            (set(actor.unit_ids) for actor in self.actors.values() if actor.person_id == person_id), set()
        )

    def teardown(self):
        if hasattr(self, "issues"):
            handle.session.flush()
            span = Span(FIRST_DAY.replace(day=1), self.today)
            figures = get_totals(SYSTEM, ReportFilter.of(span)).figures
            states = list(handle.session.scalars(sa.select(Issue.state)))
            assert figures["registered"].value == sum(state not in EXCLUDED for state in states)
            assert figures["open"].value == sum(state in OPEN for state in states)
            assert figures["closed"].value == states.count(State.CLOSED)
            parts = [figures[key].value for key in ("opening", "new", "reopened")]
            gone = [figures[key].value for key in ("closed_events", "excluded_events")]
            assert figures["open"].value == sum(parts) - sum(gone)
        handle.session.rollback()
        self.open.close()


def test_whatever_people_try_the_log_stays_the_truth(database):
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),  # a life of hundreds of steps is not shrunk in any useful time
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(MADE) > MOST_MOVES * len(ATTEMPTS), sorted(set(ATTEMPTS) - MADE)
