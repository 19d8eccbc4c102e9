"""The minutes of a meeting (会议纪要) as content: the body; head, number and seal are the office's own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import get_locale, gettext

from visits.core.documents import Block, Heading, Labelled, Note, Sheet, Signed, Text
from visits.core.i18n import N_
from visits.core.markup import WEEKDAYS
from visits.issues.models import CONCLUSION_LABELS, Conclusion
from visits.meetings.models import KIND_LABELS, Attendee, Meeting, Presence
from visits.meetings.queries import Agenda, Item
from visits.meetings.rules import chinese_number

LISTS = (
    (Presence.PRESENT, N_("Present")),
    (Presence.OBSERVER, N_("Observers")),
    (Presence.LEAVE, N_("Excused")),
)


@dataclass(frozen=True)
class MinutesFacts:
    """What stands in the minutes; the agenda is as the reader may see it."""

    meeting: Meeting
    invited: dict[str, list[tuple[int, str]]]
    people: Sequence[Attendee]
    agenda: Agenda
    zone: str


def minutes_of(facts: MinutesFacts) -> Sheet:
    """Write the minutes: facts, opening, each conclusion with unit and day, distribution list."""
    meeting = facts.meeting
    kind = gettext(KIND_LABELS[meeting.kind])
    title = gettext("%(zone)s:\nminutes of the %(kind)s", zone=facts.zone, kind=kind)
    return Sheet(title, list(_blocks(facts)))


def _blocks(facts: MinutesFacts) -> Iterator[Block]:
    meeting = facts.meeting
    yield Labelled(gettext("Subject"), meeting.title)
    yield Labelled(gettext("Time"), _time(meeting))
    yield Labelled(gettext("Place"), meeting.place)
    yield Labelled(gettext("Chair"), meeting.chair)
    yield from _people(facts.people)
    if facts.invited["firm"]:
        yield Labelled(gettext("Enterprises"), "、".join(name for _, name in facts.invited["firm"]))
    if meeting.recorder:
        yield Labelled(gettext("Recorder"), meeting.recorder)
    if meeting.opening:
        yield Text(meeting.opening)
    if facts.agenda.items:
        yield Text(gettext("The meeting concluded as follows."))
    for item in facts.agenda.items:
        yield from _conclusion(item)
    if meeting.demands:
        yield Heading(gettext("Demands"))
        yield Text(meeting.demands)
    if meeting.distribution:
        yield Labelled(gettext("Distribution"), meeting.distribution)
    yield Signed((facts.zone, _day(meeting)))
    yield Note(gettext("Number of the meeting: %(number)s", number=meeting.number))


def _day(meeting: Meeting) -> str:
    return _dated(meeting.meets_on)


def _dated(day: date) -> str:
    return gettext("%(year)d-%(month)d-%(day)d", year=day.year, month=day.month, day=day.day)


def _time(meeting: Meeting) -> str:
    start = f"{meeting.starts_at:%H:%M}"
    hours = f"{start}–{meeting.ends_at:%H:%M}" if meeting.ends_at else start
    weekday = gettext(WEEKDAYS[meeting.meets_on.weekday()])
    return gettext("%(day)s (%(weekday)s) %(hours)s", day=_day(meeting), weekday=weekday, hours=hours)


def _people(people: Sequence[Attendee]) -> Iterator[Block]:
    for presence, label in LISTS:
        by_unit: dict[str, list[str]] = {}
        for person in people:
            if person.presence is presence:
                named = gettext("%(name)s (%(post)s)", name=person.name, post=person.post)
                by_unit.setdefault(person.unit, []).append(named if person.post else person.name)
        if by_unit:
            said = (f"{unit} {'、'.join(names)}" for unit, names in by_unit.items())
            yield Labelled(gettext(label), gettext("; ").join(said))


def _conclusion(item: Item) -> Iterator[Block]:
    if not item.is_open:
        yield Heading(_numbered(item.place, gettext("Not yours to read")))
        return
    yield Heading(_numbered(item.place, item.row.title))
    yield Text(item.item.conclusion or gettext("Nothing was concluded."))
    if tail := _tail(item):
        yield Text(tail)


def _numbered(place: int, title: str) -> str:
    locale = get_locale()
    is_chinese = locale is not None and locale.language == "zh"
    return gettext(
        "%(place)s. %(title)s", place=chinese_number(place) if is_chinese else place, title=title
    )


def _tail(item: Item) -> str:
    """Who does it by when; of what is not settled, how it goes on."""
    said: list[Any] = []
    verdict = item.item.verdict
    if verdict not in {None, Conclusion.SETTLED}:
        said.append(gettext(CONCLUSION_LABELS[verdict]))
    if item.row.unit:
        said.append(gettext("Responsible unit: %(unit)s", unit=item.row.unit))
    if item.item.due_on:
        said.append(gettext("To be done by: %(day)s", day=_dated(item.item.due_on)))
    if item.item.extended_to:
        said.append(gettext("Due date moved to: %(day)s", day=_dated(item.item.extended_to)))
    return gettext("(%(said)s)", said=gettext("; ").join(said)) if said else ""
