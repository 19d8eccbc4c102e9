"""The circles of people a problem concerns, each as a select of their ids; all may read the problem."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person, UnitMembership
from visits.accounts.queries import holding, is_current, speaking_for
from visits.core.clock import today
from visits.core.permissions import Permission, Reach, Role, roles_reaching
from visits.issues.guards import MoveFacts
from visits.issues.models import (
    Dispatch,
    DispatchKind,
    Duty,
    Issue,
    IssueMove,
    IssueRequest,
    RequestKind,
    Watcher,
)
from visits.issues.states import State
from visits.programmes.models import GroupMember
from visits.programmes.queries import on_day

# Who reads a problem because it is theirs: registered, taken over or followed.
READING_OWN = roles_reaching(Permission.ISSUES_READ, Reach.OWN, Reach.GROUP, Reach.ALL)
ASKED_BY_MOVE = {
    "grant_extension": RequestKind.EXTENSION,
    "refuse_extension": RequestKind.EXTENSION,
    "suspend": RequestKind.SUSPENSION,
    "refuse_suspension": RequestKind.SUSPENSION,
    "withdraw": RequestKind.WITHDRAWAL,
    "refuse_withdrawal": RequestKind.WITHDRAWAL,
    "rule_closed": RequestKind.RULING,
    "refuse_ruling": RequestKind.RULING,
}


@dataclass(frozen=True)
class Happened:
    """A move just written: the row, what the guards knew before it, the tasks that units had before it."""

    issue: Issue
    row: IssueMove
    facts: MoveFacts | None = None
    dispatches: Sequence[Dispatch] = ()

    @property
    def known(self) -> MoveFacts:
        """The facts; a move that began a problem, or that nobody asked whether it may be, had none."""
        return self.facts or MoveFacts(today=today())


People = sa.Select[Any]


def _handlers_of(unit_ids: Iterable[int | None]) -> People:
    return speaking_for(sorted({unit_id for unit_id in unit_ids if unit_id}))


def lead_unit(it: Happened) -> People:
    """Handlers and head of the unit that has the problem in hand, or had it last."""
    return _handlers_of([it.issue.lead_unit_id])


def former_unit(it: Happened) -> People:
    """Handlers and head of the unit that had the problem before the move."""
    return _handlers_of(task.unit_id for task in it.dispatches if task.kind is DispatchKind.LEAD)


def co_units(it: Happened) -> People:
    """Handlers and heads of the co-units named in the move, else of those there are."""
    present = [task.unit_id for task in it.dispatches if task.kind is DispatchKind.CO]
    return _handlers_of(it.row.details.get("co_unit_ids", present))


def all_units(it: Happened) -> People:
    """Handlers and heads of every unit that has the problem in hand."""
    return _handlers_of([it.issue.lead_unit_id, *(task.unit_id for task in it.dispatches)])


def waived_unit(it: Happened) -> People:
    """Handlers and head of the co-unit whose answer is not awaited any more."""
    return _handlers_of([it.row.details.get("waived_unit_id")])


def duty_unit(it: Happened) -> People:
    """Handlers and head of the unit that has the duty the move is about."""
    if named := it.row.details.get("duty_unit_id"):
        return _handlers_of([named])
    unit = sa.select(Duty.unit_id).where(Duty.id == it.row.details.get("duty_id"))
    return speaking_for(unit)


def coordinators(_it: Happened) -> People:
    """The coordinators."""
    return holding(Role.COORDINATOR)


def leaders(_it: Happened) -> People:
    """The zone leaders."""
    return holding(Role.LEADER)


def supervisors(_it: Happened) -> People:
    """The supervisors."""
    return holding(Role.SUPERVISOR)


def _outside(role: Role, it: Happened) -> People:
    """Those with a role who are of no unit that handles the problem."""
    units = {it.issue.lead_unit_id, *(task.unit_id for task in it.dispatches)} - {None}
    inside = sa.select(UnitMembership.person_id).where(
        UnitMembership.unit_id.in_(sorted(unit for unit in units if unit)), is_current(today())
    )
    return sa.select(Person.id).where(Person.id.in_(holding(role)), Person.id.not_in(inside))


def callback_officers(it: Happened) -> People:
    """The callback officers who may ask the enterprise."""
    return _outside(Role.CALLBACK, it)


def independent_supervisors(it: Happened) -> People:
    """The supervisors who may confirm a ruling."""
    return _outside(Role.SUPERVISOR, it)


def reviewers(it: Happened) -> People:
    """Who reviews a report: coordinators of other units, leaders where there is none."""
    return _outside(Role.COORDINATOR if it.known.has_independent_coordinator else Role.LEADER, it)


def rulers_on_return(it: Happened) -> People:
    """Who rules on a return: a coordinator on the first, a leader on each later one."""
    is_later = it.issue.return_count >= 2 and it.known.has_leader
    return holding(Role.LEADER if is_later else Role.COORDINATOR)


def rulers_on_extension(it: Happened) -> People:
    """Who decides on an extension: a coordinator on the first, a leader on the second."""
    return holding(Role.LEADER) if it.known.extended and it.known.has_leader else reviewers(it)


def rulers_on_suspension(it: Happened) -> People:
    """Who decides on a suspension: a leader where there is one."""
    return holding(Role.LEADER) if it.known.has_leader else reviewers(it)


def whoever_has_it(it: Happened) -> People:
    """Who is next to do something with the problem."""
    at = {
        State.RETURNED: rulers_on_return,
        State.REPORTED: reviewers,
        State.EVALUATING: callback_officers,
    }
    return at.get(State(it.row.to_state), lead_unit)(it)


def concerned(it: Happened) -> People:
    """Who registered the problem or took it over, and who follows it."""
    followers = sa.select(Watcher.person_id).where(Watcher.issue_id == it.issue.id)
    mine = sa.or_(Person.id == author_of(it.issue), Person.id.in_(followers))
    return sa.select(Person.id).where(mine, Person.id.in_(holding(*READING_OWN)))


def author(it: Happened) -> People:
    """Who registered the problem, or took it over."""
    return sa.select(Person.id).where(
        Person.id == author_of(it.issue), Person.id.in_(holding(*READING_OWN))
    )


def author_of(issue: Issue) -> int | None:
    """Whose problem it is now."""
    return issue.carried_by_id or issue.registered_by_id


def asker(it: Happened) -> People:
    """Who asked for what the move decides."""
    asked = sa.select(IssueRequest.asked_by_id).where(
        IssueRequest.issue_id == it.issue.id, IssueRequest.kind == ASKED_BY_MOVE[it.row.move]
    )
    last = asked.order_by(IssueRequest.id.desc()).limit(1).scalar_subquery()
    return sa.select(Person.id).where(Person.id == last, Person.id.in_(holding(*READING_OWN)))


def group_leader(it: Happened) -> People:
    """The leaders of the group to which the problem belongs."""
    return sa.select(GroupMember.person_id).where(
        GroupMember.group_id == it.issue.group_id,
        on_day(GroupMember, today()),
        GroupMember.person_id.in_(holding(Role.GROUP_LEADER)),
    )
