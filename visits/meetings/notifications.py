"""Who is told of a coordination meeting: the units it invites, and the leaders of its group."""

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.accounts.queries import holding, speaking_for
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.i18n import N_
from visits.core.permissions import Role
from visits.inbox.models import NoticeKind
from visits.inbox.operations import Telling, post_notices
from visits.inbox.queries import people_told
from visits.meetings.models import Meeting, MeetingUnit
from visits.programmes.models import GroupMember
from visits.programmes.queries import on_day

INVITED = N_("You are invited to the meeting “%(title)s”: %(meets_on)s at %(starts)s, %(place)s.")
TOLD = {
    "change": N_("The meeting “%(title)s” was changed: %(meets_on)s at %(starts)s, %(place)s."),
    "cancel": N_("The meeting “%(title)s” of %(meets_on)s is cancelled."),
    "hold": N_("The meeting “%(title)s” of %(meets_on)s was held; its record can be read."),
}


def notify_invited(actor: Actor, meeting: Meeting) -> None:
    """Tell whom a meeting to come invites, once each however often its agenda changes."""
    if meeting.meets_on >= today():
        telling = _telling(meeting, _call(meeting), INVITED)
        post_notices(actor, [(_invited(meeting), telling)])


def notify_moved(actor: Actor, meeting: Meeting, move: str) -> None:
    """Tell those who were invited what became of the meeting."""
    event = f"meetings:{meeting.id}:{move}:{meeting.revision}"
    audience = _invited(meeting).where(Person.id.in_(people_told(_call(meeting))))
    post_notices(actor, [(audience, _telling(meeting, event, TOLD[move]))])


def _call(meeting: Meeting) -> str:
    return f"meetings:{meeting.id}:call"


def _invited(meeting: Meeting) -> sa.Select[int]:
    units = sa.select(MeetingUnit.unit_id).where(MeetingUnit.meeting_id == meeting.id)
    leading = sa.select(GroupMember.person_id).where(
        GroupMember.group_id == meeting.group_id,
        on_day(GroupMember, today()),
        GroupMember.person_id.in_(holding(Role.GROUP_LEADER)),
    )
    return sa.select(Person.id).where(sa.or_(Person.id.in_(speaking_for(units)), Person.id.in_(leading)))


def _telling(meeting: Meeting, event: str, said: str) -> Telling:
    values = {
        "title": meeting.title,
        "meets_on": meeting.meets_on.isoformat(),
        "starts": meeting.starts_at.strftime("%H:%M"),
        "place": meeting.place,
    }
    return Telling(NoticeKind.MEETING, event, said, meeting, values)
