"""What a visit hangs on: its enterprises, their groups and programmes of the day, its participants."""

from dataclasses import dataclass

from visits.core.authz import Actor
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.enterprises import operations as register
from visits.enterprises import queries as enterprises
from visits.outreach import queries, rules
from visits.outreach.entries import NEW_FIRM, NewFirm, VisitEntry
from visits.outreach.operations.facts import PersonFact
from visits.programmes import queries as programmes
from visits.programmes.models import GROUP_LINKED


@dataclass(frozen=True)
class Ground:
    """Enterprise by the id entered, group and programmes by enterprise, and the visit's own group."""

    firms: dict[int, int]
    groups: dict[int, int]
    programmes: dict[int, tuple[int, ...]]
    group_id: int | None


def name_of(entry: VisitEntry, firm: int) -> str:
    """The name of an enterprise by the id entered."""
    if firm == NEW_FIRM and entry.new_firm:
        return entry.new_firm.name
    return enterprises.names_of([firm]).get(firm, "–")


def prepare(actor: Actor, entry: VisitEntry) -> Ground:
    """Find what the visit hangs on; register an enterprise that is new; refuse what does not exist."""
    by_code = programmes.programme_ids_by_code()
    if set(entry.programme_ids) - set(by_code.values()):
        raise Refused(N_("This programme does not exist."), field="programme_ids")
    firms = _register_firms(actor, entry)
    groups = programmes.groups_of_enterprises(firms.values(), entry.visited_on)
    linked = by_code.get(GROUP_LINKED)
    chosen = {
        firm: tuple(rules.programmes_of_pair(entry.programme_ids, linked, firm in groups))
        for firm in firms.values()
    }
    for given, firm in firms.items():
        if not chosen[firm]:
            raise Refused(
                N_("No group answers for %(name)s on that day: tick another programme as well."),
                field="programme_ids",
                name=name_of(entry, given),
            )
    return Ground(firms, groups, chosen, _group_of(entry, groups if linked in entry.programme_ids else {}))


def _register_firms(actor: Actor, entry: VisitEntry) -> dict[int, int]:
    """The ids of the enterprises visited, by the ids in the entry; a new one is registered as 暂存."""
    known = enterprises.hold_living(entry.enterprise_ids)
    if set(entry.enterprise_ids) - known.keys():
        raise Refused(N_("An enterprise chosen is not in the register any more."), field="enterprises")
    firms = {firm: firm for firm in entry.firm_ids if firm != NEW_FIRM}
    if entry.new_firm:
        firms[NEW_FIRM] = _provisional(actor, entry.new_firm)
    return firms


def _provisional(actor: Actor, firm: NewFirm) -> int:
    try:
        return register.register_provisional(actor, firm.name, firm.reason).id
    except Refused as refusal:
        raise Refused(
            N_("%(name)s stands in the register already. Choose it above instead."),
            field="new_name",
            name=refusal.params.get("name", firm.name),
        ) from refusal


def _group_of(entry: VisitEntry, groups: dict[int, int]) -> int | None:
    """The group chosen; else the one group that answers for the enterprises that day."""
    if entry.group_id is None:
        return rules.only_group(groups.values())
    if programmes.get_group(entry.group_id) is None:
        raise Refused(N_("This group does not exist. Choose another."), field="group_id")
    return entry.group_id


def people_of(entry: VisitEntry) -> list[PersonFact]:
    """The participants, each with the unit of that day."""
    people = queries.people_on(entry.participant_ids, entry.visited_on)
    if set(entry.participant_ids) - people.keys():
        raise Refused(
            N_("A participant chosen has no account here. Choose again."), field="participant_ids"
        )
    inside = [PersonFact(key, *people[key]) for key in dict.fromkeys(entry.participant_ids)]
    outside = [PersonFact(None, guest.name, None, guest.unit_name) for guest in entry.outsiders]
    return inside + outside
