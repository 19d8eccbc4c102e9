"""What the pages of home read across the slices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.accounts import queries as accounts
from visits.accounts.queries import StandIn
from visits.core.authz import Actor, can, may, reaches_all
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.permissions import Permission as P
from visits.coverage.queries import still_to_visit
from visits.enterprises.models import Enterprise
from visits.enterprises.profile import Profile, profile_of
from visits.home.beside import NO_ROWS, SHOWN, Beside
from visits.issues import asked
from visits.issues import queries as issues
from visits.issues.boards import contradicted
from visits.issues.field import Heard
from visits.issues.filters import overdue
from visits.issues.models import Issue
from visits.issues.states import OPEN, State
from visits.outreach import queries as outreach
from visits.programmes import queries as programmes


@dataclass(frozen=True)
class Section:
    """Problems that wait for the person: the most urgent rows, how many in all, the list's filter."""

    title: str
    rows: Sequence[tuple[Any, Any]]
    total: int
    filters: dict[str, str]


OF_OTHERS = {
    N_("On my unit's desk"): N_("On the unit's desk"),
    N_("Open problems I brought home"): N_("Open problems brought home"),
}
Wanted = tuple[P, str, sa.ColumnElement[bool], dict[str, str]]


def _decisions(actor: Actor) -> list[Wanted]:
    """What units and leaders ask for and the actor decides."""
    waiting = asked.extensions_for(actor), asked.suspensions_for(actor), asked.rulings_for(actor)
    return [
        (P.ISSUES_RULE, N_("Extensions to decide"), waiting[0], {"asked": "extension"}),
        (P.ISSUES_RULE, N_("Suspensions to decide"), waiting[1], {"asked": "suspension"}),
        (P.ISSUES_SUPERVISE, N_("Rulings to confirm"), waiting[2], {"asked": "ruling"}),
    ]


def _callbacks() -> list[Wanted]:
    """What whoever rings up enterprises asks them about."""
    withdrawn, right = Issue.withdrawal_asked.is_(True), P.ISSUES_EVALUATE
    return [
        (right, N_("To be rung up"), Issue.state == State.EVALUATING, {"state": "evaluating"}),
        (right, N_("Withdrawals to confirm"), withdrawn, {"asked": "withdrawal"}),
    ]


def _contradicted(actor: Actor) -> list[Wanted]:
    """What is closed as solved and said otherwise at a visit, for those who see to it."""
    right = P.ISSUES_REOPEN if may(actor, P.ISSUES_REOPEN) else P.ISSUES_ACCEPT
    filters = {"board": "contradicted", "state": "all"}
    return [(right, N_("Closed as solved, said otherwise on site"), contradicted(), filters)]


def _sections(actor: Actor) -> list[Wanted]:
    """What each right means for one's day: permission, heading, which problems, the list's filter."""
    return [
        (
            P.ISSUES_ACCEPT,
            N_("To accept and assign"),
            Issue.state == State.REGISTERED,
            {"state": "registered"},
        ),
        (
            P.ISSUES_RULE,
            N_("Returned, to be ruled on"),
            Issue.state == State.RETURNED,
            {"state": "returned"},
        ),
        *_decisions(actor),
        (
            P.ISSUES_REVIEW,
            N_("Reported, to be reviewed"),
            Issue.state == State.REPORTED,
            {"state": "reported"},
        ),
        (
            P.ISSUES_HANDLE,
            N_("On my unit's desk"),
            issues.on_desk(actor),
            {"mine": "desk"},
        ),
        *_callbacks(),
    ]


def _followed(actor: Actor) -> list[Wanted]:
    """What presses less: what enterprises said otherwise, and what becomes of problems brought home."""
    return [
        *_contradicted(actor),
        (
            P.OUTREACH_RECORD,
            N_("Open problems I brought home"),
            sa.and_(Issue.state.in_(OPEN), issues.authored(actor)),
            {"mine": "authored", "state": "open"},
        ),
    ]


def _wanted(actor: Actor) -> list[Wanted]:
    """The sections to which the actor has a right; who neither handles nor rings up sees what is late."""
    wanted = [row for row in _sections(actor) if may(actor, row[0])]
    if not any(row[0] in (P.ISSUES_HANDLE, P.ISSUES_EVALUATE) for row in wanted) and may(
        actor, P.ISSUES_READ
    ):
        wanted.append((P.ISSUES_READ, N_("Overdue"), overdue(today()), {"overdue": "1"}))
    return wanted + [row for row in _followed(actor) if may(actor, row[0])]


def _wanted_of(absent: Actor, actor: Actor) -> list[Wanted]:
    """Of an absent person's sections what the actor has a right to, and not on the own desk already."""
    own = {title: which for _, title, which, _ in _wanted(actor)}
    found = []
    for right, title, which, filters in _wanted(absent):
        if not may(actor, right) or (title in own and which.compare(own[title])):
            continue
        rest = sa.and_(which, ~sa.func.coalesce(own[title], sa.false())) if title in own else which
        found.append((right, OF_OTHERS.get(title, title), rest, filters))
    return found


def my_day(actor: Actor, stand_ins: Sequence[StandIn] = ()) -> dict[int | None, list[Section]]:
    """What waits for a person, in the order in which it presses, under the person's id; one statement.

    Beside it what waits for those for whom the person stands in, as far as the person may read it.
    Sections without rows are left out.
    """
    calendar = load_calendar()
    wanted = [(actor.person_id, row) for row in _wanted(actor)]
    wanted += [(s.absent.person_id, row) for s in stand_ins for row in _wanted_of(s.absent, actor)]
    if not wanted:
        return {}
    asked_for = [_rows_of(actor, number, row[2]) for number, (_, row) in enumerate(wanted)]
    every = sa.union_all(*asked_for)
    rows = db.session.execute(every.order_by(*(every.selected_columns[k] for k in ("part", "place")))).all()
    found: dict[int | None, list[Section]] = {}
    for number, (whose, (_, title, _, filters)) in enumerate(wanted):
        lit = [
            (row, issues.light_of(row, calendar, answer_due=row.answer_due))
            for row in rows
            if row.part == number
        ]
        if lit:
            found.setdefault(whose, []).append(Section(title, lit, lit[0][0].total, filters))
    return found


def _rows_of(actor: Actor, number: int, which: sa.ColumnElement[bool]) -> Any:
    """The most urgent rows of one section, and how many it has in all."""
    order = (Issue.due_on.is_(None), Issue.due_on, Issue.registered_on, Issue.id)
    first = (  # without their names: a section may have thousands, of which few are shown
        sa.select(
            Issue.id,
            sa.func.count().over().label("total"),
            sa.func.row_number().over(order_by=order).label("place"),
        )
        .where(which, issues.visible_to(actor))
        .order_by(*order)
        .limit(SHOWN)
        .subquery()
    )
    named = issues.rows(actor).join(first, first.c.id == Issue.id)
    return named.add_columns(
        first.c.total,
        first.c.place,
        issues.answer_due(actor),
        issues.contact_due(actor),
        sa.literal(number).label("part"),
    )


@dataclass(frozen=True)
class StoodIn:
    """What waits for somebody absent, as far as the deputy may read it and has not got it anyway."""

    who: StandIn
    sections: Sequence[Section]
    plans: Sequence[Any]
    promises: tuple[Sequence[Any], int]
    firms: tuple[Sequence[Any], int]

    def __bool__(self) -> bool:
        return bool(self.sections or self.plans or self.promises[1] or self.firms[1])


def my_stood_in(
    actor: Actor,
    stand_ins: Sequence[StandIn],
    problems: Mapping[int | None, Sequence[Section]],
    beside: Beside,
) -> list[StoodIn]:
    """What waits for each of those for whom a person stands in, with the visits still owed.

    That an enterprise still lacks a visit is told to whoever looks after coverage at all: the register is
    open to them, and of the visits made nothing is said.
    """
    absent = [s.absent for s in stand_ins] if may(actor, P.COVERAGE_READ) else []
    firms = still_to_visit(absent, load_calendar(), SHOWN)
    return [
        StoodIn(
            one,
            problems.get(one.absent.person_id, []),
            beside.plans.get(one.absent.person_id, []),
            beside.promises.get(one.absent.person_id, NO_ROWS),
            firms.get(one.absent.person_id, NO_ROWS),
        )
        for one in stand_ins
    ]


def my_stand_ins(actor: Actor, present: Mapping[str, int]) -> Sequence[StandIn]:
    """For whom a person stands in today."""
    if "stand_ins" not in present:
        return ()
    return accounts.stand_ins_of(actor.person_id, lambda who: programmes.group_ids_of(who, today()))


@dataclass(frozen=True)
class EnterpriseFile:
    """Everything one page says about an enterprise (一企一档); `sees_all_…` is said of the reader."""

    enterprise: Enterprise
    profile: Profile
    may_reveal: bool
    link: Any
    problems: Sequence[tuple[Any, Any]]
    sees_all_problems: bool
    visits: Sequence[Any]
    sees_all_visits: bool
    promises: Sequence[Any]
    heard: Mapping[str, Heard]
    plans: Sequence[Any]


def enterprise_file(actor: Actor, enterprise: Enterprise, *, to_take_along: bool = False) -> EnterpriseFile:
    """Gather an enterprise's file; phones come masked, to be revealed only on its page."""
    profile, calendar = profile_of(enterprise.id), load_calendar()
    problems, promises = (
        issues.open_for_enterprise(actor, enterprise.id),
        outreach.promises_open(actor, enterprise.id),
    )
    return EnterpriseFile(
        enterprise=enterprise,
        profile=profile,
        may_reveal=not to_take_along
        and bool(profile.contacts)
        and can(actor, P.ENTERPRISES_REVEAL, enterprise),
        link=programmes.link_of(enterprise.id, today()),
        problems=[(row, issues.light_of(row, calendar)) for row in problems],
        sees_all_problems=reaches_all(actor, P.ISSUES_READ),
        visits=outreach.last_visits(actor, enterprise.id) if may(actor, P.OUTREACH_READ) else [],
        sees_all_visits=reaches_all(actor, P.OUTREACH_READ),
        promises=promises,
        heard=outreach.latest_heard([enterprise.id]) if problems or promises else {},
        plans=outreach.plans_coming(actor, enterprise.id, SHOWN) if may(actor, P.OUTREACH_READ) else [],
    )
