"""Every change to groups and links, and the two programmes an office begins with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from visits.accounts import queries as accounts
from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound, Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.enterprises import queries as enterprises
from visits.programmes import queries, rules
from visits.programmes.models import (
    ENTERPRISE_VISIT,
    GROUP_LINKED,
    Group,
    GroupMember,
    GroupRole,
    Link,
    Programme,
    ProgrammeKind,
)
from visits.programmes.rules import Time

STANDARD = {
    ENTERPRISE_VISIT: ("企业大走访", ProgrammeKind.CAMPAIGN),
    GROUP_LINKED: ("组团联企", ProgrammeKind.STANDING),
}
DISORDER = N_("The last day lies before the first, or the first before the year 2000. Correct the dates.")


@dataclass
class GroupEntry:
    """What is entered about a group; `closed_on` is the first day on which it no longer works."""

    name: str
    lead_unit_id: int
    closed_on: date | None = None


@dataclass
class MemberEntry:
    """Who joins a group as what; `until_on` is the first day they no longer belong to it."""

    person_id: int
    role: GroupRole
    from_on: date = field(default_factory=today)
    until_on: date | None = None


@dataclass
class LinkEntry:
    """Who answers for an enterprise; `ends_present` ends the present cover where the new one begins."""

    enterprise_id: int
    programme_id: int
    group_id: int | None = None
    officer_id: int | None = None
    from_on: date = field(default_factory=today)
    until_on: date | None = None
    note: str = ""
    ends_present: bool = False


def create_standard_programmes(actor: Actor) -> None:
    """Create 企业大走访 and 组团联企 where they do not exist yet."""
    require(actor, Permission.PROGRAMMES_WRITE)
    present = queries.programme_ids_by_code()
    for code, (name, kind) in STANDARD.items():
        if code not in present:
            programme = Programme(code=code, name=name, kind=kind)
            db.session.add(programme)
            audit.record(actor, "programme.created", programme, code=code)
    db.session.flush()


def form_group(actor: Actor, entry: GroupEntry) -> Group:
    """Set up a group under its lead unit."""
    require(actor, Permission.PROGRAMMES_WRITE)
    _require_free_name(entry.name)
    group = Group(name=entry.name, lead_unit_id=_unit(entry.lead_unit_id))
    db.session.add(group)
    audit.record(actor, "group.formed", group, name=entry.name, lead_unit=entry.lead_unit_id)
    return group


def update_group(actor: Actor, group: Group, entry: GroupEntry, revision: int | None) -> None:
    """Rename a group, give it another lead unit, or close it once it answers for no enterprise."""
    require(actor, Permission.PROGRAMMES_WRITE)
    group.require_revision(revision)
    if entry.name != group.name:
        _require_free_name(entry.name)
    if entry.closed_on and (left := queries.count_links_from(group.id, entry.closed_on)):
        raise Refused(
            N_(
                "The group still answers for %(count)s enterprises from that day on. End those links first."
            ),
            field="closed_on",
            count=left,
        )
    before = _reading(group)
    group.name, group.lead_unit_id, group.closed_on = entry.name, _unit(entry.lead_unit_id), entry.closed_on
    audit.record(actor, "group.updated", group, **audit.difference(before, _reading(group)))


def _reading(group: Group) -> dict[str, object]:
    return {"name": group.name, "lead_unit_id": group.lead_unit_id, "closed_on": group.closed_on}


def _require_free_name(name: str) -> None:
    if queries.get_group_by_name(name):
        raise Refused(N_("There is a group of this name already. Choose another name."), field="name")


def _unit(unit_id: int) -> int:
    unit = accounts.get_unit(unit_id)
    if unit is None or unit.closed_on is not None:
        raise Refused(N_("This unit does not exist any more. Choose another."), field="lead_unit_id")
    return unit_id


def _require_person(person_id: int, field: str) -> None:
    person = accounts.get_person(person_id)
    if person is None or person.disabled_at is not None:
        raise Refused(N_("This account is disabled or does not exist. Choose somebody else."), field=field)


def _locked_group(group_id: int) -> Group:
    if (group := queries.lock_group(group_id)) is None:
        raise NotFound()
    return group


def add_member(actor: Actor, group: Group, entry: MemberEntry) -> GroupMember:
    """Let a person join a group for a time; one leader at any date, nobody twice at once."""
    require(actor, Permission.PROGRAMMES_WRITE)
    _require_person(entry.person_id, "person_id")
    wanted = Time(entry.from_on, entry.until_on)
    if not rules.is_orderly(wanted):
        raise Refused(DISORDER, field="from_on")
    _locked_group(group.id)
    if group.closed_on is not None:
        raise Refused(N_("This group is closed. Open it again before anybody joins it."))
    _require_free_place(group.id, entry, wanted)
    member = GroupMember(group_id=group.id, person_id=entry.person_id, role=entry.role, **wanted._asdict())
    db.session.add(member)
    audit.record(
        actor,
        "group.joined",
        group,
        person=entry.person_id,
        role=entry.role,
        from_on=entry.from_on.isoformat(),
    )
    return member


def _require_free_place(group_id: int, entry: MemberEntry, wanted: Time) -> None:
    taken = [
        m for m in queries.member_times(group_id) if rules.overlap(wanted, Time(m.from_on, m.until_on))
    ]
    if any(m.person_id == entry.person_id for m in taken):
        raise Refused(
            N_("This person belongs to the group in that time already. End that membership first."),
            field="person_id",
        )
    if entry.role == GroupRole.LEADER and any(m.role == GroupRole.LEADER for m in taken):
        raise Refused(
            N_("The group has a leader in that time already. End that membership first."), field="role"
        )


def end_membership(actor: Actor, group: Group, member: GroupMember, until_on: date) -> None:
    """End a person's time in a group; `until_on` is the first day they no longer belong to it."""
    require(actor, Permission.PROGRAMMES_WRITE)
    _locked_group(group.id)
    _require_end(Time(member.from_on, member.until_on), until_on)
    member.until_on = until_on
    audit.record(actor, "group.left", group, person=member.person_id, until_on=until_on.isoformat())


def _require_end(present: Time, until_on: date) -> None:
    if until_on < present.from_on or (present.until_on is not None and until_on > present.until_on):
        raise Refused(N_("The last day lies outside the time that is to be ended."), field="last_on")


def cover_enterprise(actor: Actor, entry: LinkEntry) -> Link:
    """Let a group or an officer answer for an enterprise; one at a time in each programme."""
    require(actor, Permission.PROGRAMMES_WRITE)
    wanted = _require_sound(entry)
    firm = enterprises.lock_enterprise(entry.enterprise_id)
    if firm is None or firm.merged_into_id is not None:
        raise Refused(N_("This enterprise is not in the register."), field="enterprise_id")
    taken = _overlapping(queries.links_of([entry.enterprise_id], entry.programme_id), wanted)
    if _in_the_way(entry, taken):
        raise Refused(
            N_("Somebody answers for this enterprise in that time. End that link, or tick to end it."),
            field="enterprise_id",
        )
    return _cover(actor, entry, wanted, taken)


def cover_enterprises(actor: Actor, entries: Sequence[LinkEntry]) -> int:
    """Let a group answer for several enterprises, all or none; returns how many it did not have so already.

    The entries are alike but for their enterprises.
    """
    require(actor, Permission.PROGRAMMES_WRITE)
    wanted = _require_sound(entries[0])
    ids = sorted(entry.enterprise_id for entry in entries)
    names = enterprises.lock_enterprises(ids)
    taken: dict[int, list[Link]] = {key: [] for key in ids}
    for link in _overlapping(queries.links_of(ids, entries[0].programme_id), wanted):
        taken[link.enterprise_id].append(link)
    new = [entry for entry in entries if not _is_so(entry, wanted, taken[entry.enterprise_id])]
    barred = [e.enterprise_id for e in new if _in_the_way(e, taken[e.enterprise_id])]
    if barred:
        raise Refused(
            N_(
                "Somebody answers for %(count)s of these enterprises in that time, first for %(name)s. "
                "End those links, or tick to end them."
            ),
            field="lines",
            count=len(barred),
            name=names[barred[0]],
        )
    for entry in new:
        _cover(actor, entry, wanted, taken[entry.enterprise_id])
    return len(new)


def _require_sound(entry: LinkEntry) -> Time:
    """Refuse what no enterprise could be linked by; returns the time wanted."""
    wanted = Time(entry.from_on, entry.until_on)
    if not rules.is_orderly(wanted):
        raise Refused(DISORDER, field="from_on")
    if entry.group_id is None and entry.officer_id is None:
        raise Refused(N_("Choose a group or an officer."), field="officer_id")
    if entry.officer_id is not None:
        _require_person(entry.officer_id, "officer_id")
    group = queries.get_group(entry.group_id) if entry.group_id is not None else None
    if entry.group_id is not None and (group is None or group.closed_on is not None):
        raise Refused(N_("This group is closed or does not exist. Choose another."), field="group_id")
    if queries.get_programme(entry.programme_id) is None:
        raise Refused(N_("This programme does not exist."), field="programme_id")
    return wanted


def _overlapping(links: Iterable[Link], wanted: Time) -> list[Link]:
    return [link for link in links if rules.overlap(wanted, Time(link.from_on, link.until_on))]


def _is_so(entry: LinkEntry, wanted: Time, taken: Sequence[Link]) -> bool:
    """Whether a link says already what is wanted, for all of the time."""
    return any(
        (link.group_id, link.officer_id) == (entry.group_id, entry.officer_id)
        and link.from_on <= wanted.from_on
        and (link.until_on is None or (wanted.until_on is not None and wanted.until_on <= link.until_on))
        for link in taken
    )


def _in_the_way(entry: LinkEntry, taken: Sequence[Link]) -> bool:
    """Whether present links bar a new one: they are not to end, or begin after it."""
    return any(not entry.ends_present or link.from_on > entry.from_on for link in taken)


def _cover(actor: Actor, entry: LinkEntry, wanted: Time, taken: Sequence[Link]) -> Link:
    """End what is in the way where the new link begins, and begin it."""
    for present in taken:
        present.until_on = entry.from_on
    link = Link(
        enterprise_id=entry.enterprise_id,
        programme_id=entry.programme_id,
        group_id=entry.group_id,
        officer_id=entry.officer_id,
        note=entry.note,
        **wanted._asdict(),
    )
    db.session.add(link)
    audit.record(
        actor,
        "link.begun",
        link,
        enterprise=entry.enterprise_id,
        programme=entry.programme_id,
        group=entry.group_id,
        officer=entry.officer_id,
        from_on=entry.from_on.isoformat(),
    )
    return link


def end_cover(actor: Actor, link: Link, until_on: date) -> None:
    """End a link; `until_on` is the first day on which nobody answers by it any more."""
    require(actor, Permission.PROGRAMMES_WRITE)
    enterprises.lock_enterprise(link.enterprise_id)
    _require_end(Time(link.from_on, link.until_on), until_on)
    link.until_on = until_on
    audit.record(actor, "link.ended", link, enterprise=link.enterprise_id, until_on=until_on.isoformat())


def name_officer(
    actor: Actor, group: Group, link_ids: Iterable[int], officer_id: int, from_on: date
) -> list[Link]:
    """Let somebody be primary officer of enterprises of a group from a day on; the past stays known."""
    require(actor, Permission.PROGRAMMES_WRITE)
    wanted = set(link_ids)
    links = [link for link in queries.links_by_id(wanted) if link.group_id == group.id]
    if not wanted or len(links) != len(wanted):
        raise Refused(N_("Tick the enterprises, from the list as it stands now."), field="link_ids")
    return [change_officer(actor, link, officer_id, from_on) for link in links]


def change_officer(actor: Actor, link: Link, officer_id: int, from_on: date) -> Link:
    """End a link on a day and go on with it under another primary officer, in the same group.

    The caller has looked at the right: the office names officers, a handover is agreed between two people.
    """
    _require_person(officer_id, "officer_id")
    enterprises.lock_enterprise(link.enterprise_id)
    start = max(from_on, link.from_on)
    if link.until_on is not None and link.until_on <= start:
        raise Refused(N_("A link ends before that day. Choose an earlier one."), field="from_on")
    if link.officer_id == officer_id:
        return link
    former, link.until_on, until_on = link.officer_id, start, link.until_on
    db.session.flush()  # first the old one ends, then the new one begins
    new = Link(
        enterprise_id=link.enterprise_id,
        programme_id=link.programme_id,
        group_id=link.group_id,
        officer_id=officer_id,
        note=link.note,
        from_on=start,
        until_on=until_on,
    )
    db.session.add(new)
    audit.record(
        actor,
        "link.officer_changed",
        new,
        enterprise=link.enterprise_id,
        officer=[former, officer_id],
        from_on=start.isoformat(),
    )
    return new


def pass_membership(actor: Actor, member: GroupMember, person_id: int, from_on: date) -> None:
    """Let somebody take another's place in a group from a day on, in the same role.

    Who belongs to the group already keeps that place if the one passed on is a plain member's, and changes
    it otherwise. The caller has looked at the right, as for `change_officer`.
    """
    _require_person(person_id, "person_id")
    group = _locked_group(member.group_id)
    start, until_on = max(from_on, member.from_on), member.until_on
    if until_on is not None and until_on <= start:
        raise Refused(N_("The membership ends before that day. Choose an earlier one."), field="from_on")
    wanted = Time(start, until_on)
    own = [
        m
        for m in queries.member_times(group.id)
        if m.person_id == person_id and rules.overlap(wanted, Time(m.from_on, m.until_on))
    ]
    former, member.until_on = member.person_id, start
    if not own or member.role != GroupRole.MEMBER:
        for place in own:
            place.until_on = max(start, place.from_on)
        db.session.add(
            GroupMember(group_id=group.id, person_id=person_id, role=member.role, **wanted._asdict())
        )
    audit.record(
        actor,
        "group.place_passed",
        group,
        person=[former, person_id],
        role=member.role,
        from_on=start.isoformat(),
    )
