"""The monthly samples: drawn, checked, and what follows from a record found not true."""

from dataclasses import dataclass
from datetime import date
from secrets import randbelow

from visits.core import audit
from visits.core.authz import SYSTEM, Actor, may, require
from visits.core.clock import now, today
from visits.core.db import db, lock_name
from visits.core.errors import NotAllowed, Refused, WrongState
from visits.core.i18n import N_
from visits.core.periods import Month
from visits.core.permissions import Permission
from visits.issues import operations as issues
from visits.issues.models import Issue
from visits.issues.states import State
from visits.outreach.models import Visit
from visits.supervision import queries, rules
from visits.supervision.models import How, Result, Sample, SampleItem
from visits.supervision.operations.moving import require_text
from visits.supervision.rules import Drawable, Kind

SEEDS = 10**9


@dataclass(frozen=True)
class CheckEntry:
    """What a check found, how and on which day."""

    result: Result
    how: How
    checked_on: date
    note: str = ""


def draw_samples(actor: Actor, month: Month, seed: int | None = None) -> Sample:
    """Draw the sample of a month that is over: once, by a seed that is kept and shown."""
    require(actor, Permission.SUPERVISION_CHECK)
    if month >= Month.of(today()):
        raise Refused(N_("The sample of a month is drawn when the month is over."), field="month")
    lock_name("samples")
    if queries.get_sample(month) is not None:
        raise WrongState(N_("The sample of %(month)s is drawn already."), month=str(month))
    population = queries.drawable_records(month)
    if not population:
        raise Refused(
            N_("In %(month)s no problem was closed and no visit recorded, so there is nothing to draw."),
            month=str(month),
            field="month",
        )
    sample = Sample(
        month=str(month),
        seed=randbelow(SEEDS) if seed is None else seed,
        population=[[one.kind.value, one.key, one.weight] for one in population],
        drawn_by_id=actor.person_id,
    )
    db.session.add(sample)
    db.session.flush()
    chosen = [one for kind in Kind for one in rules.drawn(_of_kind(population, kind), sample.seed)]
    db.session.add_all(_item(sample, one) for one in chosen)
    audit.record(actor, "sample.drawn", sample, month=str(month), seed=sample.seed, size=len(chosen))
    return sample


def _of_kind(population: list[Drawable], kind: Kind) -> list[Drawable]:
    return [one for one in population if one.kind is kind]


def _item(sample: Sample, one: Drawable) -> SampleItem:
    is_issue = one.kind is Kind.ISSUE
    return SampleItem(
        sample_id=sample.id,
        kind=one.kind,
        issue_id=one.key if is_issue else None,
        visit_id=None if is_issue else one.key,
        on_spot=is_issue and one.weight > 1,
    )


def pass_on_visit(actor: Actor, visit_id: int) -> SampleItem:
    """Have a visit checked though it was not drawn: it is of no sample and counts in no rate.

    One that is to be checked or was checked already stays as it is.
    """
    if not (may(actor, Permission.SUPERVISION_CHECK) or may(actor, Permission.SUPERVISION_SETTLE)):
        raise NotAllowed()
    lock_name("samples")
    if (known := queries.item_of_visit(visit_id)) is not None:
        return known
    item = SampleItem(kind=Kind.VISIT, visit_id=visit_id)
    db.session.add(item)
    audit.record(actor, "sample.passed_on", item, visit=visit_id)
    return item


def check_item(actor: Actor, item: SampleItem, entry: CheckEntry, revision: int | None = None) -> None:
    """Write down what a check found; a closed problem found not true is taken up again."""
    require(actor, Permission.SUPERVISION_CHECK)
    item.require_revision(revision, is_open=item.result is None)
    if item.result is not None:
        raise WrongState(N_("This record is checked already. Look at the list again."))
    if queries.is_concerned(actor, item):
        raise Refused(
            N_("This is work of your own or of your unit. Somebody else of the supervision checks it.")
        )
    _require_sound(item, entry)
    item.result, item.how, item.note = entry.result, entry.how, entry.note
    item.checked_on, item.checked_by_id, item.checked_at = entry.checked_on, actor.person_id, now()
    db.session.flush()
    audit.record(
        actor, "sample.checked", item, result=entry.result.value, how=entry.how.value, note=entry.note
    )
    if item.kind is Kind.ISSUE and entry.result is Result.UNTRUE:
        _take_up_again(item, entry.note)


def _require_sound(item: SampleItem, entry: CheckEntry) -> None:
    if not _first_day(item) <= entry.checked_on <= today():
        raise Refused(
            N_("A check lies between the month it is about and today. Correct the day."), field="checked_on"
        )
    if entry.result is Result.UNTRUE:
        require_text(entry.note, "note", N_("Write what is not true, and how you learnt it."))


def _first_day(item: SampleItem) -> date:
    """The first day on which a record can have been checked: of its month, or that of the visit itself."""
    sample = db.session.get(Sample, item.sample_id) if item.sample_id else None
    if sample is not None:
        return Month.parse(sample.month).first_on
    visit = db.session.get(Visit, item.visit_id)
    return visit.visited_on if visit else today()


def _take_up_again(item: SampleItem, why: str) -> None:
    issue = db.session.get(Issue, item.issue_id)
    if issue is not None and issue.state is State.CLOSED:
        issues.reopen(SYSTEM, issue, why)


def settle_visit(actor: Actor, item: SampleItem, words: str, revision: int | None = None) -> None:
    """Write down what became of a visit that a check found not true: corrected, voided, talked over."""
    require(actor, Permission.SUPERVISION_SETTLE)
    is_marked = item.kind is Kind.VISIT and item.result is Result.UNTRUE and item.settled_at is None
    item.require_revision(revision, is_open=is_marked)
    if not is_marked:
        raise WrongState(N_("Nothing is to be settled here any more. Look at the list again."))
    require_text(words, "note", N_("Write what became of the visit."))
    item.settled_at, item.settled_by_id, item.settlement = now(), actor.person_id, words
    audit.record(actor, "sample.settled", item, note=words)
