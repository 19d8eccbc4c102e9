"""How a visit is corrected: its former wording is kept, figures asked as of before stay what they were."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from visits.core import audit
from visits.core.authz import Actor, permitted, reaches
from visits.core.calendar import load_calendar
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission, Reach
from visits.issues import operations as issues
from visits.issues import queries as problems
from visits.issues.operations import CorrectionEntry
from visits.outreach import history, queries, rules
from visits.outreach.entries import PromiseEntry, VisitEntry
from visits.outreach.models import Promise, Visit, VisitVersion
from visits.outreach.operations.checking import state_checks
from visits.outreach.operations.closing import is_closed
from visits.outreach.operations.facts import PairFact, PersonFact, state_facts
from visits.outreach.operations.following import tell_followers
from visits.outreach.operations.grounds import Ground, name_of, people_of, prepare
from visits.outreach.operations.planning import release_plans
from visits.outreach.operations.promising import require_people
from visits.programmes import queries as programmes

PLAIN = ("visited_on", "mode", "kind", "start_time", "end_time", "place", "summary")


@dataclass(frozen=True)
class Amendment:
    """A visit as it should read, why, and to which enterprise (by the id entered) which problem goes.

    `note` is what the log of a problem that goes to another enterprise says of it.
    """

    entry: VisitEntry
    reason: str = ""
    moves: Mapping[int, int] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Rights:
    """What one person may do with one visit now; `is_free`: without saying why."""

    may_amend: bool = False
    may_void: bool = False
    is_free: bool = False


def rights_over(actor: Actor, visit: Visit, held: Set[Permission] | None = None) -> Rights:
    """Say what this person may do with this visit: the author in the free period, the office always.

    `held` are the permissions this person has for it, where they are known already.
    """
    if held is None:
        held = permitted(actor, (Permission.OUTREACH_AMEND,), visit)
    if visit.voided_at is not None or Permission.OUTREACH_AMEND not in held:
        return Rights()
    is_free = visit.author_id == actor.person_id and _is_in_free_period(visit)
    is_office = Reach.ALL in reaches(actor.roles, Permission.OUTREACH_AMEND)
    return Rights(may_amend=True, may_void=is_free or is_office, is_free=is_free)


def _is_in_free_period(visit: Visit) -> bool:
    last = rules.last_free_day(visit.recorded_on, load_calendar())
    return today() <= last and not is_closed(visit.visited_on)


def require_amendable(actor: Actor, visit: Visit) -> Rights:
    """Raise NotAllowed or WrongState where this person cannot amend this visit now."""
    if visit.voided_at is not None:
        raise WrongState(N_("This visit is void. It can be read, but not changed any more."))
    rights = rights_over(actor, visit)
    if not rights.may_amend:
        raise NotAllowed()
    return rights


def amend_visit(actor: Actor, visit: Visit, amendment: Amendment, revision: int | None = None) -> None:
    """Let a visit read otherwise; what it said before is kept with who changed it when and why.

    Its author needs no reason until the end of the third working day after recording, and never once the
    month of the visit is closed.
    """
    visit.require_revision(revision)
    rights = require_amendable(actor, visit)
    if not amendment.reason.strip() and (not rights.is_free or is_closed(amendment.entry.visited_on)):
        raise Refused(N_("Write why the visit is corrected."), field="reason")
    if fault := rules.fault_of(amendment.entry, today()):
        raise fault
    before, ids_before = history.content_of(visit), history.ids_of(visit)
    at = now()
    ground = _ground_of(actor, visit, amendment.entry)
    moved = _move_problems(actor, visit, amendment, ground)
    _require_answers(actor, visit, amendment.entry, ground, moved)
    _write(actor, visit, amendment.entry, ground, at)
    release_plans(actor, visit, ground.firms.values())
    changes = audit.difference(history.texts_of(before), history.texts_of(history.content_of(visit)))
    if not changes:
        raise Refused(N_("Nothing is different. Change what is wrong, or go back."))
    version = VisitVersion(
        visit_id=visit.id,
        seq=queries.count_versions(visit.id) + 1,
        made_at=at,
        made_by_id=actor.person_id,
        reason=amendment.reason.strip(),
        content=before,
        changes=changes,
    )
    db.session.add(version)
    changed_ids = audit.difference(ids_before, history.ids_of(visit))
    audit.record(actor, "visit.amended", visit, reason=version.reason, **changes, **changed_ids)
    tell_followers(visit)


def _ground_of(actor: Actor, visit: Visit, entry: VisitEntry) -> Ground:
    """What the visit hangs on now; what neither changed nor hangs on a change stays as it was."""
    ground = prepare(actor, entry)
    stored = {pair.enterprise_id: ids for pair, ids in queries.pairs_of(visit.id)}
    chosen = {programme_id for ids in stored.values() for programme_id in ids}
    if visit.visited_on == entry.visited_on and chosen == set(entry.programme_ids):
        kept = {firm: ids for firm, ids in stored.items() if firm in ground.programmes}
        ground = replace(ground, programmes=ground.programmes | kept)
    if set(stored) == set(ground.firms.values()) or entry.group_id != visit.group_id:
        return replace(ground, group_id=entry.group_id)
    usual = set(programmes.groups_of_enterprises(stored, visit.visited_on).values())
    if visit.group_id is not None and usual != {visit.group_id}:
        return replace(ground, group_id=entry.group_id)
    now_usual = set(ground.groups.values())
    return replace(ground, group_id=now_usual.pop() if len(now_usual) == 1 else None)


def _move_problems(actor: Actor, visit: Visit, amendment: Amendment, ground: Ground) -> dict[int, int]:
    """Correct the enterprise of the problems that go with the visit; return enterprise by problem."""
    heard = {problem.issue_id for problem in queries.heard_on(actor, visit.id)}
    moved: dict[int, int] = {}
    for issue_id, given in amendment.moves.items():
        if issue_id not in heard or given not in ground.firms:
            raise Refused(N_("This problem or enterprise is not of this visit. Choose again."))
        issue = problems.get_visible(actor, issue_id)
        names = ("title", "description", "category_id", "complexity", "wish")
        kept = {name: getattr(issue, name) for name in names}
        moved[issue_id] = ground.firms[given]
        issues.correct(actor, issue, CorrectionEntry(enterprise_id=moved[issue_id], **kept), amendment.note)
    return moved


def _require_answers(
    actor: Actor, visit: Visit, entry: VisitEntry, ground: Ground, moved: Mapping[int, int]
) -> None:
    """Of every enterprise either a problem heard on this visit or the tick that it has none, not both."""
    if rules.strangers(entry):
        raise Refused(
            N_("A problem or promise names an enterprise that this visit does not name. Choose again.")
        )
    heard = queries.heard_on(actor, visit.id)
    with_problem = queries.firms_heard(visit.id)
    left = {problem.enterprise_id for problem in heard if problem.issue_id in moved}
    before = {pair.enterprise_id for pair, _ in queries.pairs_of(visit.id) if not pair.has_no_issues}
    spoken = with_problem | (before - left)
    for given, firm in ground.firms.items():
        ticked = given in entry.no_issue_ids
        if not ticked and firm not in spoken:
            raise Refused(
                N_("Of %(name)s no problem was heard on this visit: tick that it says it has none."),
                field="no_issue_ids",
                name=name_of(entry, given),
            )
        if ticked and firm in with_problem:
            raise Refused(
                N_("Of %(name)s a problem is registered from this visit: take the tick away."),
                field="no_issue_ids",
                name=name_of(entry, given),
            )


def _write(actor: Actor, visit: Visit, entry: VisitEntry, ground: Ground, at: datetime) -> None:
    people = _people_of(visit, entry)
    is_other_day = visit.visited_on != entry.visited_on
    if is_other_day and visit.import_run_id is None:
        visit.timely_until = rules.last_timely_day(entry.visited_on, load_calendar())
    for name in PLAIN:
        setattr(visit, name, getattr(entry, name))
    visit.group_id = ground.group_id
    flag_modified(visit, "summary")  # a change to its promises alone makes a new revision too
    pairs = [
        PairFact(firm, given in entry.no_issue_ids, ground.programmes[firm])
        for given, firm in ground.firms.items()
    ]
    state_facts(visit, pairs, people, at)
    firms = frozenset(ground.firms.values())
    state_checks(actor, visit, entry.checks, firms, at, is_other_day=is_other_day)
    _write_promises(visit, entry, ground)
    db.session.flush()


def _people_of(visit: Visit, entry: VisitEntry) -> list[PersonFact]:
    """The participants; who took part already keeps the unit stored, unless the day is another.

    Where none is stored, that of the day is filled in: it may have been entered since.
    """
    people = people_of(entry)
    if visit.visited_on != entry.visited_on:
        return people
    stored = {
        row.person_id: PersonFact(row.person_id, row.name, row.unit_id, row.unit_name)
        for row in queries.attendances_of(visit.id)
        if row.person_id is not None
    }
    return [
        _as_stored(stored[fact.person_id], fact) if fact.person_id in stored else fact for fact in people
    ]


def _as_stored(stored: PersonFact, fact: PersonFact) -> PersonFact:
    return stored if stored.unit_name else fact._replace(name=stored.name)


def _write_promises(visit: Visit, entry: VisitEntry, ground: Ground) -> None:
    """Add, correct and take away promises; those that were kept stay as they are."""
    require_people(promise.owner_id for promise in entry.promises)
    open_ones = queries.open_promises_of(visit.id)
    for promise in entry.promises:
        values = _columns_of(promise, ground)
        if promise.promise_id is None:
            db.session.add(Promise(visit_id=visit.id, **values))
            continue
        if (stored := open_ones.pop(promise.promise_id, None)) is None:
            raise Refused(
                N_("A promise was marked as kept or withdrawn meanwhile. Open the visit again and look.")
            )
        if promise.owner_id is None and promise.owner == stored.owner:
            values["owner_id"] = stored.owner_id  # the name stayed, so it means who it meant
        for name, value in values.items():
            setattr(stored, name, value)
    for stored in open_ones.values():
        if queries.has_past(stored.id):
            raise Refused(
                N_(
                    "\u201c%(text)s\u201d has been asked about or changed since it was promised."
                    " Leave it here, and withdraw it on its own page."
                ),
                field="promises",
                text=stored.text,
            )
        db.session.delete(stored)


def _columns_of(promise: PromiseEntry, ground: Ground) -> dict[str, object]:
    return {
        "enterprise_id": ground.firms[promise.enterprise_id],
        "text": promise.text,
        "owner": promise.owner,
        "owner_id": promise.owner_id,
        "due_on": promise.due_on,
    }
