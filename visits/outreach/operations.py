"""Every change to visits."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import Refused, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.enterprises import operations as register
from visits.enterprises import queries as enterprises
from visits.issues import operations as issues
from visits.issues.models import IssueSource
from visits.issues.operations import IssueEntry
from visits.outreach import queries, rules
from visits.outreach.entries import NEW_FIRM, NewFirm, ProblemEntry, VisitEntry
from visits.outreach.models import Attendance, PairProgramme, Promise, Visit, VisitPair
from visits.programmes import queries as programmes
from visits.programmes.models import GROUP_LINKED


@dataclass(frozen=True)
class _Ground:
    """What a visit's rows hang on: enterprise by the id entered, group and programmes by enterprise."""

    firms: dict[int, int]
    groups: dict[int, int]
    programmes: dict[int, list[int]]
    group_id: int | None


def record_visit(actor: Actor, entry: VisitEntry) -> Visit:
    """Record a visit with all that was heard and promised, in one transaction.

    The same `client_id` once more gives its author the stored visit, and anybody else a refusal.
    """
    require(actor, Permission.OUTREACH_RECORD)
    if (stored := queries.get_by_client_id(entry.client_id)) is not None:
        return _own_copy(actor, stored)
    if fault := rules.fault_of(entry, today()):
        raise fault
    _require_answers(entry)
    ground = _prepare(actor, entry)
    visit = _add_visit(actor, entry, ground.group_id)
    _add_pairs(visit, entry, ground)
    _add_people(visit, entry)
    _add_promises(visit, entry, ground)
    firms = sorted(ground.firms.values())
    audit.record(actor, "visit.recorded", visit, enterprises=firms, visited_on=visit.visited_on.isoformat())
    for problem in entry.problems:
        _register_problem(actor, problem, visit, ground)
    return visit


def _own_copy(actor: Actor, stored: Visit) -> Visit:
    if stored.author_id != actor.person_id:
        raise Refused(
            N_("Somebody else recorded a visit by this form. Open an empty form and enter it again.")
        )
    return stored


def _name(entry: VisitEntry, firm: int) -> str:
    if firm == NEW_FIRM and entry.new_firm:
        return entry.new_firm.name
    return enterprises.names_of([firm]).get(firm, "–")


def _require_answers(entry: VisitEntry) -> None:
    """Of every enterprise, and only of those visited, either a problem or the tick that it has none."""
    if rules.strangers(entry):
        raise Refused(
            N_("A problem or promise names an enterprise that this visit does not name. Choose again.")
        )
    if firms := rules.unanswered(entry):
        raise Refused(
            N_("Of %(name)s: enter a problem, or tick that it says it has none."),
            field="no_issue_ids",
            name=_name(entry, firms[0]),
        )
    if firms := rules.contradicted(entry):
        raise Refused(
            N_("Of %(name)s there is a problem and also the tick that it has none. Take one of them away."),
            field="no_issue_ids",
            name=_name(entry, firms[0]),
        )


def _prepare(actor: Actor, entry: VisitEntry) -> _Ground:
    by_code = programmes.programme_ids_by_code()
    if set(entry.programme_ids) - set(by_code.values()):
        raise Refused(N_("This programme does not exist."), field="programme_ids")
    firms = _register_firms(actor, entry)
    groups = programmes.groups_of_enterprises(firms.values(), entry.visited_on)
    linked = by_code.get(GROUP_LINKED)
    chosen = {
        firm: rules.programmes_of_pair(entry.programme_ids, linked, firm in groups)
        for firm in firms.values()
    }
    for given, firm in firms.items():
        if not chosen[firm]:
            raise Refused(
                N_("No group answers for %(name)s on that day: tick another programme as well."),
                field="programme_ids",
                name=_name(entry, given),
            )
    return _Ground(firms, groups, chosen, _group_of(entry, groups if linked in entry.programme_ids else {}))


def _register_firms(actor: Actor, entry: VisitEntry) -> dict[int, int]:
    """The ids of the enterprises visited, by the ids in the entry; a new one is registered as 暂存."""
    known = enterprises.names_of(entry.enterprise_ids)
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
        found = set(groups.values())
        return found.pop() if len(found) == 1 else None
    if programmes.get_group(entry.group_id) is None:
        raise Refused(N_("This group does not exist. Choose another."), field="group_id")
    return entry.group_id


def _add_visit(actor: Actor, entry: VisitEntry, group_id: int | None) -> Visit:
    plain = ("client_id", "visited_on", "mode", "kind", "start_time", "end_time", "place", "summary")
    visit = Visit(
        **{key: getattr(entry, key) for key in plain},
        group_id=group_id,
        author_id=actor.person_id,
        timely_until=rules.last_timely_day(entry.visited_on, load_calendar()),
    )
    db.session.add(visit)
    db.session.flush()  # everything else of the visit needs its id
    return visit


def _of_visit(visit: Visit) -> dict[str, Any]:
    """What the rows that figures count repeat of their visit."""
    return {
        "visit_id": visit.id,
        "visited_on": visit.visited_on,
        "mode": visit.mode,
        "group_id": visit.group_id,
        "recorded_at": visit.recorded_at,
    }


def _add_pairs(visit: Visit, entry: VisitEntry, ground: _Ground) -> None:
    pairs = [
        VisitPair(
            enterprise_id=firm,
            has_no_issues=given in entry.no_issue_ids,
            is_late=rules.is_late_entry(visit.recorded_on, visit.timely_until),
            **_of_visit(visit),
        )
        for given, firm in ground.firms.items()
    ]
    db.session.add_all(pairs)
    db.session.flush()  # their programmes need the pairs' ids
    db.session.add_all(
        PairProgramme(pair_id=pair.id, programme_id=programme)
        for pair in pairs
        for programme in ground.programmes[pair.enterprise_id]
    )


def _add_people(visit: Visit, entry: VisitEntry) -> None:
    """Store the participants, each with the unit of that day."""
    people = queries.people_on(entry.participant_ids, visit.visited_on)
    if set(entry.participant_ids) - people.keys():
        raise Refused(
            N_("A participant chosen has no account here. Choose again."), field="participant_ids"
        )
    for person_id in dict.fromkeys(entry.participant_ids):
        name, unit_id, unit_name = people[person_id]
        db.session.add(
            Attendance(
                person_id=person_id, name=name, unit_id=unit_id, unit_name=unit_name, **_of_visit(visit)
            )
        )
    db.session.add_all(
        Attendance(name=outsider.name, unit_name=outsider.unit_name, **_of_visit(visit))
        for outsider in entry.outsiders
    )


def _add_promises(visit: Visit, entry: VisitEntry, ground: _Ground) -> None:
    db.session.add_all(
        Promise(
            visit_id=visit.id,
            enterprise_id=ground.firms[promise.enterprise_id],
            text=promise.text,
            owner=promise.owner,
            due_on=promise.due_on,
        )
        for promise in entry.promises
    )


def _register_problem(actor: Actor, problem: ProblemEntry, visit: Visit, ground: _Ground) -> None:
    """Register a problem under the visit's group, else the enterprise's, and the programmes of its pair."""
    firm = ground.firms[problem.enterprise_id]
    heard = IssueEntry(
        enterprise_id=firm,
        title=problem.title,
        description=problem.description or problem.title,
        category_id=problem.category_id,
        urgency=problem.urgency,
        wish=problem.wish,
        reporter_name=problem.reporter_name,
        reporter_phone=problem.reporter_phone,
        source=IssueSource.VISIT,
        visit_id=visit.id,
        group_id=visit.group_id or ground.groups.get(firm),
        programme_ids=ground.programmes[firm],
    )
    if problem.how:
        issues.close_on_spot(actor, heard, problem.how, problem.level)
    else:
        issues.register_issue(actor, heard)


def keep_promise(actor: Actor, visit: Visit, promise: Promise, kept_on: date) -> None:
    """Note on which day a promise was kept."""
    require(actor, Permission.OUTREACH_RECORD)
    if promise.kept_on is not None:
        raise WrongState(N_("This promise is marked as kept already."))
    if not visit.visited_on <= kept_on <= today():
        raise Refused(N_("The day lies before the visit or in the future. Correct it."), field="kept_on")
    promise.kept_on, promise.kept_by_id = kept_on, actor.person_id
    audit.record(actor, "promise.kept", promise, visit=visit.id, kept_on=kept_on.isoformat())
