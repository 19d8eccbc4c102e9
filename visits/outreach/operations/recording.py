"""How a visit is recorded: with all that was heard and promised, in one transaction."""

from collections.abc import Iterable

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.issues import operations as issues
from visits.issues.models import IssueSource
from visits.issues.operations import IssueEntry
from visits.outreach import queries, rules
from visits.outreach.entries import NEW_FIRM, ProblemEntry, VisitEntry
from visits.outreach.models import Promise, Visit
from visits.outreach.operations.checking import state_checks
from visits.outreach.operations.drafting import finish_draft
from visits.outreach.operations.facts import PairFact, state_facts
from visits.outreach.operations.following import tell_followers
from visits.outreach.operations.grounds import Ground, name_of, people_of, prepare
from visits.outreach.operations.planning import carry_out_plans
from visits.outreach.operations.promising import require_people


def record_visit(actor: Actor, entry: VisitEntry) -> Visit:
    """Record a visit with all that was heard and promised, in one transaction.

    The same `client_id` once more gives its author the stored visit, and anybody else a refusal.
    """
    require(actor, Permission.OUTREACH_RECORD)
    finish_draft(actor, entry.client_id)
    if (stored := queries.get_by_client_id(entry.client_id)) is not None:
        return _own_copy(actor, stored)
    if fault := rules.fault_of(entry, today()):
        raise fault
    _require_answers(entry)
    ground = prepare(actor, entry)
    visit = _add_visit(actor, entry, ground.group_id, _reason_for(actor, entry))
    state_facts(visit, _pairs_of(entry, ground), people_of(entry), visit.recorded_at)
    firms = sorted(ground.firms.values())
    state_checks(actor, visit, entry.checks, firms, visit.recorded_at)
    _add_promises(visit, entry, ground)
    carry_out_plans(actor, visit, entry.plan_ids, firms)
    audit.record(actor, "visit.recorded", visit, enterprises=firms, visited_on=visit.visited_on.isoformat())
    for problem in entry.problems:
        _register_problem(actor, problem, visit, ground)
    tell_followers(visit)
    return visit


def _own_copy(actor: Actor, stored: Visit) -> Visit:
    if stored.author_id != actor.person_id:
        raise Refused(
            N_("Somebody else recorded a visit by this form. Open an empty form and enter it again.")
        )
    return stored


def _require_answers(entry: VisitEntry) -> None:
    """Of every enterprise, and only of those visited, either a problem or the tick that it has none."""
    if rules.strangers(entry):
        raise Refused(
            N_("A problem or promise names an enterprise that this visit does not name. Choose again.")
        )
    if firms := rules.unanswered(entry):
        raise Refused(
            N_("Enter a problem of %(name)s, or tick that there is none."),
            field="no_issue_ids",
            name=_names_of(entry, firms),
        )
    if firms := rules.contradicted(entry):
        raise Refused(
            N_("Of %(name)s there is a problem and also the tick that it has none. Take one of them away."),
            field="no_issue_ids",
            name=_names_of(entry, firms),
        )


def _names_of(entry: VisitEntry, firms: Iterable[int]) -> str:
    return "、".join(name_of(entry, firm) for firm in firms)


def _reason_for(actor: Actor, entry: VisitEntry) -> str:
    """Why the visit is above the cap; nothing where it is not, and refused where nobody says why."""
    if rules.is_exempt(entry.mode, entry.kind):
        return ""
    known = [firm for firm in entry.firm_ids if firm != NEW_FIRM]
    full = [firm for firm in queries.frequency_of(actor, known, entry.visited_on) if firm.is_full_for_visit]
    if full and not entry.frequency_reason.strip():
        raise Refused(
            N_(
                "%(name)s has %(count)d visits within %(days)d days already; %(most)d is the limit. "
                "Say in a few words why this one was made, and save again."
            ),
            field="frequency_reason",
            name=full[0].name,
            count=full[0].others_for_visit,
            days=full[0].cap.days,
            most=full[0].cap.visits,
        )
    return entry.frequency_reason.strip() if full else ""


def _add_visit(actor: Actor, entry: VisitEntry, group_id: int | None, reason: str) -> Visit:
    plain = ("client_id", "visited_on", "mode", "kind", "start_time", "end_time", "place", "summary")
    visit = Visit(
        **{key: getattr(entry, key) for key in plain},
        group_id=group_id,
        author_id=actor.person_id,
        timely_until=rules.last_timely_day(entry.visited_on, load_calendar()),
        frequency_reason=reason,
    )
    db.session.add(visit)
    db.session.flush()  # everything else of the visit needs its id
    return visit


def _pairs_of(entry: VisitEntry, ground: Ground) -> list[PairFact]:
    return [
        PairFact(firm, given in entry.no_issue_ids, ground.programmes[firm])
        for given, firm in ground.firms.items()
    ]


def _add_promises(visit: Visit, entry: VisitEntry, ground: Ground) -> None:
    require_people(promise.owner_id for promise in entry.promises)
    db.session.add_all(
        Promise(
            visit_id=visit.id,
            enterprise_id=ground.firms[promise.enterprise_id],
            text=promise.text,
            owner=promise.owner,
            owner_id=promise.owner_id,
            due_on=promise.due_on,
        )
        for promise in entry.promises
    )


def _register_problem(actor: Actor, problem: ProblemEntry, visit: Visit, ground: Ground) -> None:
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
        red_flag=problem.red_flag,
        confidential=problem.confidential,
    )
    if problem.how:
        issues.close_on_spot(actor, heard, problem.how, problem.level)
    else:
        issues.register_issue(actor, heard)
