"""What a meeting takes up: problems put on its agenda, their briefs, their order."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm.attributes import flag_modified

from visits.core import audit
from visits.core.authz import Actor
from visits.core.db import db
from visits.core.errors import NotFound, Refused
from visits.core.i18n import N_
from visits.issues.models import Issue
from visits.issues.operations import note_on_agenda
from visits.meetings import briefs, queries, rules
from visits.meetings.models import AgendaItem, Meeting, MeetingFirm, MeetingUnit
from visits.meetings.notifications import notify_invited
from visits.meetings.operations.course import make_move, name_of, open_move


def put_on_agenda(
    actor: Actor, meeting: Meeting, issue_ids: Iterable[int], *, invite: bool = True
) -> list[AgendaItem]:
    """Put problems on a planned meeting's agenda, each with a brief; those on it already stay as they are.

    With `invite` the units concerned and the enterprises are invited too, except where an enterprise wants
    its name kept. Raises NotFound for a problem the actor may not read, and what the move of each refuses.
    """
    move = open_move(actor, meeting, "arrange")
    listed = queries.agenda_issue_ids(meeting.id)
    wanted = [key for key in dict.fromkeys(issue_ids) if key not in listed]
    if len(wanted) + len(listed) > rules.MOST_AT_ONCE:
        raise Refused(N_("A meeting takes up at most %(most)d problems."), most=rules.MOST_AT_ONCE)
    issues = queries.readable_issues(actor, wanted)
    if len(issues) < len(wanted):
        raise NotFound()
    if not issues:
        return []
    for issue in issues:
        note_on_agenda(actor, issue, name_of(meeting))
    items = _items(meeting, issues, len(listed))
    if invite:
        _invite_concerned(meeting, [issue.id for issue in issues])
    make_move(actor, meeting, move, problems=[issue.number for issue in issues])
    if invite:
        notify_invited(actor, meeting)
    return items


def _items(meeting: Meeting, issues: Sequence[Issue], after: int) -> list[AgendaItem]:
    texts = briefs.briefs_of([issue.id for issue in issues])
    items = [
        AgendaItem(meeting_id=meeting.id, issue_id=issue.id, position=place, brief=texts[issue.id])
        for place, issue in enumerate(issues, start=after + 1)
    ]
    db.session.add_all(items)
    db.session.flush()
    return items


def _invite_concerned(meeting: Meeting, issue_ids: list[int]) -> None:
    invited, concerned = queries.invited_ids(meeting.id), queries.concerned_by(issue_ids)
    db.session.add_all(
        MeetingUnit(meeting_id=meeting.id, unit_id=key) for key in sorted(concerned.units - invited.units)
    )
    db.session.add_all(
        MeetingFirm(meeting_id=meeting.id, enterprise_id=key)
        for key in sorted(concerned.firms - invited.firms)
    )
    if concerned.units - invited.units or concerned.firms - invited.firms:
        flag_modified(meeting, "state")  # a change of guests alone makes a new revision too


def rewrite_brief(
    actor: Actor, meeting: Meeting, item: AgendaItem, brief: str, revision: int | None = None
) -> None:
    """Put other words for a problem before the meeting."""
    open_move(actor, meeting, "arrange")
    item.require_revision(revision)
    before, item.brief = item.brief, brief
    audit.record(actor, "meeting.brief_rewritten", meeting, item=item.id, brief=[before, brief])
    db.session.flush()


def move_item(actor: Actor, meeting: Meeting, item: AgendaItem, *, up: bool) -> None:
    """Change places with the neighbour; at the end of the agenda nothing happens."""
    open_move(actor, meeting, "arrange")
    items = queries.items_in_order(meeting.id)
    place = items.index(item)
    other = place + (-1 if up else 1)
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
        _count(items)


def take_off_agenda(actor: Actor, meeting: Meeting, item: AgendaItem) -> None:
    """Take a problem off the agenda of a planned meeting."""
    move = open_move(actor, meeting, "arrange")
    items = [each for each in queries.items_in_order(meeting.id) if each is not item]
    db.session.delete(item)
    _count(items)
    make_move(actor, meeting, move, taken_off=item.issue_id)


def _count(items: list[AgendaItem]) -> None:
    for place, item in enumerate(items, start=1):
        item.position = place
    db.session.flush()
