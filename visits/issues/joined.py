"""Readings of problems that belong together: merged, split, repeated, alike, and who follows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.folding import bigrams, folded_lines
from visits.issues.confidence import is_kept_from
from visits.issues.models import Issue, IssueMove, Watcher
from visits.issues.queries import visible_to
from visits.issues.states import OPEN, State

ALIKE_DAYS = 90
ALIKE = 0.30
OFFERED, HINTED = 20, 5
COMPARED = 400  # characters of a description that are compared
UP = ("merged_into", "split_from", "repeat_of")
OTHER = (
    Issue.id,
    Issue.number,
    Issue.title,
    Issue.description,
    Issue.state,
    Issue.registered_on,
    Issue.closed_on,
)


def merged_into(issue_id: int) -> list[Issue]:
    """The problems merged into this one, to be changed."""
    return list(db.session.scalars(sa.select(Issue).where(Issue.merged_into_id == issue_id)))


def linked_numbers(issue: Issue) -> Sequence[str]:
    """The numbers of all problems with which one is merged, of which it was parted, that repeat it."""
    above = [issue.merged_into_id, issue.split_from_id, issue.repeat_of_id]
    below = (Issue.merged_into_id, Issue.split_from_id, Issue.repeat_of_id)
    linked = sa.or_(Issue.id.in_([key for key in above if key]), *(column == issue.id for column in below))
    return db.session.scalars(sa.select(Issue.number).where(linked).order_by(Issue.number)).all()


def last_merge(issue_id: int) -> IssueMove:
    """The move by which a merged problem was merged."""
    of_issue = (IssueMove.issue_id == issue_id, IssueMove.move == "merge")
    stmt = sa.select(IssueMove).where(*of_issue).order_by(IssueMove.seq.desc()).limit(1)
    return db.session.scalars(stmt).one()


def led_to(issue_ids: Sequence[int]) -> dict[int, int]:
    """Into which problem each of these merged ones was merged itself, whatever became of that since."""
    rows = db.session.execute(
        sa.select(IssueMove.issue_id, IssueMove.details)
        .where(IssueMove.issue_id.in_(issue_ids), IssueMove.move == "merge")
        .order_by(IssueMove.seq)
    )
    return {issue_id: details["into_id"] for issue_id, details in rows}


def follower_ids(issue_id: int) -> Sequence[int]:
    """The people who follow a problem."""
    return db.session.scalars(sa.select(Watcher.person_id).where(Watcher.issue_id == issue_id)).all()


@dataclass(frozen=True)
class Relations:
    """What a problem has to do with others that its reader may read, each as (id, number, title, state)."""

    merged_into: Any = None
    split_from: Any = None
    repeat_of: Any = None
    merged: Sequence[Any] = ()
    parts: Sequence[Any] = ()
    repeats: Sequence[Any] = ()


@dataclass(frozen=True)
class Alike:
    """A problem of the same enterprise, how alike its words are (0 to 1), and how it stands."""

    id: int
    number: str
    title: str
    state: State
    registered_on: date
    closed_on: date | None
    score: float


def others_of(actor: Actor, issue: Issue, *, related: bool, alike: bool) -> tuple[Relations, list[Alike]]:
    """The other problems that a page names: those related, those that may be the same; in one statement.

    What the reader may not read is left out.
    """
    if not related and not alike:
        return Relations(), []
    links = _links_with(issue) if related else {}
    near = sa.and_(_near_to(issue.enterprise_id, issue.id), _unrelated(issue)) if alike else sa.false()
    rows = db.session.execute(
        sa.select(
            *OTHER,
            *(sa.func.coalesce(condition, sa.false()).label(name) for name, condition in links.items()),
            sa.func.coalesce(near, sa.false()).label("is_near"),
        )
        .where(sa.or_(*links.values(), near), visible_to(actor), ~is_kept_from(actor))
        .order_by(Issue.id)
    ).all()
    found: dict[str, list[Any]] = {name: [row for row in rows if getattr(row, name)] for name in links}
    above: dict[str, Any] = {name: next(iter(found.pop(name, ())), None) for name in UP}
    return Relations(**above, **found), _likely(
        [row for row in rows if row.is_near], issue.title, issue.description
    )


def _links_with(issue: Issue) -> dict[str, sa.ColumnElement[bool]]:
    up = {name: getattr(issue, f"{name}_id") for name in UP}
    return {name: Issue.id == issue_id for name, issue_id in up.items() if issue_id is not None} | {
        "merged": Issue.merged_into_id == issue.id,
        "parts": Issue.split_from_id == issue.id,
        "repeats": Issue.repeat_of_id == issue.id,
    }


def similarity(one: str, other: str) -> float:
    """Say how alike two texts are, from 0 to 1: the share of the pairs of characters in common."""
    first, second = (set(bigrams(text).split()) for text in (one, other))
    if not first or not second:
        return float(one == other)
    return 2 * len(first & second) / (len(first) + len(second))


def likeness(title: str, description: str, row: Any) -> float:
    """How alike two problems are: by their titles, or by all their words, whichever says more."""
    own, its = folded_lines([title]), folded_lines([row.title])
    whole, its_whole = (
        folded_lines([head, text[:COMPARED]])
        for head, text in ((title, description), (row.title, row.description))
    )
    return max(similarity(own, its), similarity(whole, its_whole))


def is_near() -> sa.ColumnElement[bool]:
    """Whether a problem is open, or was closed within the last 90 days."""
    since = today() - timedelta(days=ALIKE_DAYS)
    return sa.or_(Issue.state.in_(OPEN), sa.and_(Issue.state == State.CLOSED, Issue.closed_on >= since))


def _near_to(enterprise_id: int | None, but: int | None) -> sa.ColumnElement[bool]:
    return sa.and_(Issue.enterprise_id == enterprise_id, Issue.id != (but or 0), is_near())


def _near(actor: Actor, enterprise_id: int | None, but: int | None) -> Any:
    """Problems of an enterprise that are open, or were closed within the last 90 days, for this reader."""
    return sa.select(*OTHER).where(_near_to(enterprise_id, but), visible_to(actor), ~is_kept_from(actor))


def _ranked(rows: Sequence[Any], title: str, description: str) -> list[Alike]:
    found = [
        Alike(
            row.id,
            row.number,
            row.title,
            row.state,
            row.registered_on,
            row.closed_on,
            likeness(title, description, row),
        )
        for row in rows
    ]
    return sorted(found, key=lambda alike: (-alike.score, alike.id))


def near_ones(actor: Actor, issue: Issue) -> list[Alike]:
    """The problems with which one may be merged, of which one may be a repeat; the most alike first.

    Of those about equally alike the open ones come first, then the latest; what has nothing in common is
    left out.
    """
    rows = db.session.execute(_near(actor, issue.enterprise_id, issue.id)).all()
    alike = [near for near in _ranked(rows, issue.title, issue.description) if round(near.score, 2)]
    alike.sort(key=lambda near: (-round(near.score, 1), near.closed_on is not None, -near.id))
    return alike[:OFFERED]


def alike_ones(actor: Actor, enterprise_id: int | None, title: str, description: str) -> list[Alike]:
    """The problems of an enterprise that may be the same as one with these words."""
    rows = db.session.execute(_near(actor, enterprise_id, None)).all()
    return _likely(rows, title, description)


def _unrelated(issue: Issue) -> sa.ColumnElement[bool]:
    """Not what a problem was parted from or repeats, nor its parts, their like, or its repeats."""
    above = [key for key in (issue.split_from_id, issue.repeat_of_id) if key]
    parted_from = [key for key in (issue.id, issue.split_from_id) if key]
    return sa.and_(
        Issue.id.not_in(above),
        sa.func.coalesce(Issue.split_from_id, 0).not_in(parted_from),
        sa.func.coalesce(Issue.repeat_of_id, 0) != issue.id,
    )


def _likely(rows: Sequence[Any], title: str, description: str) -> list[Alike]:
    return [row for row in _ranked(rows, title, description) if row.score >= ALIKE][:HINTED]


def alike_among(problems: Sequence[Any], near: Sequence[Any]) -> dict[int, list[Alike]]:
    """Which of the near problems may be the same as each of these, as far as they wait unlinked."""
    found = {}
    for row in problems:
        if row.state is not State.REGISTERED or row.repeat_of_id is not None:
            continue
        others = [
            other for other in near if other.enterprise_id == row.enterprise_id and other.id != row.id
        ]
        if alike := _likely(others, row.title, row.description):
            found[row.id] = alike
    return found


def by_number(actor: Actor, issue: Issue, number: str) -> Issue | None:
    """The problem of the same enterprise with this number, if the reader may read it."""
    return db.session.scalar(
        sa.select(Issue).where(
            Issue.number == number.strip().upper(),
            Issue.enterprise_id == issue.enterprise_id,
            visible_to(actor),
            ~is_kept_from(actor),
        )
    )


def by_id(actor: Actor, issue_id: int | None) -> Issue | None:
    """The problem of this id, if the reader may read it."""
    return db.session.scalar(sa.select(Issue).where(Issue.id == issue_id, visible_to(actor)))


def merged_target(actor: Actor, issue: Issue) -> Issue | None:
    """Where a merged problem leads its reader; nowhere if that one is not the reader's to read."""
    return by_id(actor, issue.merged_into_id) if issue.state is State.MERGED else None
