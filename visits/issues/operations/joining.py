"""How problems are joined and parted: merged and told apart again, split, linked as repeats."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.issues import joined, queries
from visits.issues.models import Dispatch, Issue, IssueMove, IssueProgramme, Watcher
from visits.issues.operations.handling import end_dispatches, require_text
from visits.issues.operations.linking import hold_links
from visits.issues.operations.moving import _move, open_step
from visits.issues.operations.registering import IssueEntry, register_issue
from visits.issues.rules import Complexity, Urgency
from visits.issues.states import EXCLUDED, State

MOST_PARTS = 5


@dataclass(frozen=True)
class PartEntry:
    """One of the problems into which another is split."""

    title: str
    description: str
    category_id: int
    urgency: Urgency = Urgency.NORMAL
    complexity: Complexity | None = None


def merge(
    actor: Actor, issue: Issue, target: Issue | None, why: str, revision: int | None = None
) -> IssueMove:
    """Merge a problem into another of the same enterprise; the number stays and leads to the other.

    What units had to do with it ends at this instant; who followed or wrote it follows the other. Whatever
    was merged into it before points to the other from now on: no pointer ever leads to a merged one.
    """
    hold_links(issue)
    step = open_step(actor, issue, "merge", revision)
    require_text(why, "note", N_("Write why the two are the same."))
    other = _require_target(issue, target)
    ended = [task.id for task in step.dispatches]
    needs_info = issue.needs_info
    end_dispatches(step)
    followers = _follow(issue, other)
    _point(joined.merged_into(issue.id), other.id)
    with db.session.no_autoflush:  # the database wants the state and where it leads to change at once
        issue.merged_into_id, issue.needs_info = other.id, False
        return _move(
            step,
            why,
            into_id=other.id,
            into=other.number,
            ended=ended,
            followers=followers,
            needed_info=needs_info,
        )


def _require_target(issue: Issue, target: Issue | None) -> Issue:
    """Refuse what a problem cannot be merged into; the other is held until the end of the request."""
    if target is None or target.enterprise_id != issue.enterprise_id or target.id == issue.id:
        raise Refused(N_("Choose another problem of the same enterprise."), field="target_id")
    db.session.refresh(target, with_for_update=True)
    if target.state is State.MERGED:
        raise Refused(
            N_("%(number)s is itself merged into another problem. Choose that one."),
            field="target_id",
            number=target.number,
        )
    if target.state in EXCLUDED:
        raise Refused(
            N_("%(number)s is not accepted, withdrawn or void. Choose a problem that counts."),
            field="target_id",
            number=target.number,
        )
    return target


def _follow(issue: Issue, other: Issue) -> list[int]:
    """Let the author and the followers of a problem follow the other; return those who did not before."""
    wanted = set(joined.follower_ids(issue.id))
    if issue.registered_by_id is not None:
        wanted.add(issue.registered_by_id)
    new = sorted(wanted - set(joined.follower_ids(other.id)))
    db.session.add_all(Watcher(issue_id=other.id, person_id=person_id) for person_id in new)
    db.session.flush()
    return new


def _point(issues: Iterable[Issue], target_id: int) -> None:
    for issue in issues:
        issue.merged_into_id = target_id
    db.session.flush()


def unmerge(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Undo a merge: back to the state before, with the units' tasks that ended with it.

    What was merged into this problem itself points to it again, and to nothing else.
    """
    hold_links(issue)
    step = open_step(actor, issue, "unmerge", revision)
    require_text(why, "note", N_("Write why the two are not the same."))
    merged = joined.last_merge(issue.id)
    _resume(merged.details["ended"])
    _unfollow(merged.details)
    beside = [other for other in joined.merged_into(issue.merged_into_id or 0) if other.id != issue.id]
    back = replace(step, back_to=merged.from_state)
    with db.session.no_autoflush:
        issue.merged_into_id, issue.needs_info = None, merged.details["needed_info"]
        row = _move(back, why, **{"from": merged.details["into"]})
    _point_again(issue.id, beside)
    return row


def _resume(task_ids: list[int]) -> None:
    """Let the tasks go on that a merge ended."""
    for task in db.session.scalars(sa.select(Dispatch).where(Dispatch.id.in_(task_ids))):
        task.ended_at = None
    db.session.flush()


def _unfollow(merged: dict[str, Any]) -> None:
    """Let those who followed the other problem because of the merge follow it no longer."""
    db.session.execute(
        sa.delete(Watcher).where(
            Watcher.issue_id == merged["into_id"], Watcher.person_id.in_(merged["followers"])
        )
    )


def _point_again(issue_id: int, beside: list[Issue]) -> None:
    """Point those whose own merges led by way of this problem to it; each merge says where it led."""
    led = joined.led_to([other.id for other in beside])
    for other in beside:
        place = other.id
        while place in led and place != issue_id:
            place = led[place]
        if place == issue_id:
            other.merged_into_id = issue_id
    db.session.flush()


def split(
    actor: Actor, issue: Issue, parts: Iterable[PartEntry], why: str, revision: int | None = None
) -> list[Issue]:
    """Register parts of a problem as problems of their own, by its author; the problem itself goes on."""
    hold_links(issue)
    step = open_step(actor, issue, "split", revision)
    entries = list(parts)
    require_text(why, "note", N_("Write why the problem is split."))
    if not 1 <= len(entries) <= MOST_PARTS:
        raise Refused(N_("Write one to %(most)d parts."), most=MOST_PARTS)
    programmes = list(
        db.session.scalars(
            sa.select(IssueProgramme.programme_id).where(IssueProgramme.issue_id == issue.id)
        )
    )
    made = [register_issue(actor, _part_of(issue, entry, programmes)) for entry in entries]
    for part in made:
        part.split_from_id, part.group_id = issue.id, issue.group_id
        part.registered_by_id = issue.registered_by_id  # who brought the problem follows its parts
        part.carried_by_id = issue.carried_by_id
    _move(step, why, parts=[part.number for part in made])
    return made


def _part_of(issue: Issue, entry: PartEntry, programme_ids: list[int]) -> IssueEntry:
    return IssueEntry(
        enterprise_id=issue.enterprise_id,
        title=entry.title,
        description=entry.description,
        category_id=entry.category_id,
        urgency=entry.urgency,
        complexity=entry.complexity,
        reporter_name=issue.reporter_name,
        reporter_phone=issue.reporter_phone,
        source=issue.source,
        visit_id=issue.visit_id,
        group_id=issue.group_id,
        programme_ids=programme_ids,
        external_no=issue.external_no,
        confidential=issue.confidential,
    )


def link_repeat(
    actor: Actor, issue: Issue, earlier: Issue | None, why: str = "", revision: int | None = None
) -> IssueMove:
    """Say that a problem is one the enterprise raised before; both go on as they are.

    `repeat_days` is how long before this registration the earlier one was last closed, if it was.
    """
    hold_links(issue)
    step = open_step(actor, issue, "link_repeat", revision)
    if earlier is None or earlier.enterprise_id != issue.enterprise_id or earlier.id == issue.id:
        raise Refused(N_("Choose another problem of the same enterprise."), field="target_id")
    if (earlier.registered_at, earlier.id) > (issue.registered_at, issue.id):
        raise Refused(N_("Choose a problem that was registered before this one."), field="target_id")
    if earlier.state is State.VOID:
        raise Refused(N_("%(number)s is void."), field="target_id", number=earlier.number)
    if issue.repeat_of_id == earlier.id:
        raise Refused(
            N_("It is linked as a repeat of %(number)s already."), field="target_id", number=earlier.number
        )
    closed_on = queries.last_closed_on(earlier.id, issue.registered_at)
    issue.repeat_of_id = earlier.id
    return _move(
        step,
        why,
        earlier_id=earlier.id,
        earlier=earlier.number,
        repeat_days=(issue.registered_on - closed_on).days if closed_on else None,
    )
