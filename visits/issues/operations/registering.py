"""How a problem comes in: registered, closed on the spot, completed, corrected, rejected, restored."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from visits.core import audit
from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import db, lock_name
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.periods import local_date
from visits.enterprises.queries import hold_living
from visits.issues import queries
from visits.issues.models import (
    Category,
    Channel,
    Evaluation,
    Issue,
    IssueCounter,
    IssueMove,
    IssueProgramme,
    IssueSource,
    RedFlag,
)
from visits.issues.operations.limits import begin_acceptance
from visits.issues.operations.linking import hold_links, require_none_merged, require_unlinked
from visits.issues.operations.moving import _move, first_step, open_step
from visits.issues.rules import Complexity, Level, Outcome, Solved, Urgency
from visits.programmes.queries import group_of_enterprise

TITLE_MOST = 80


@dataclass(frozen=True)
class IssueEntry:
    """What is entered about a problem; without complexity the category's, without group the linked one."""

    enterprise_id: int
    title: str
    description: str
    category_id: int
    urgency: Urgency = Urgency.NORMAL
    complexity: Complexity | None = None
    wish: str = ""
    reporter_name: str = ""
    reporter_phone: str = ""
    source: IssueSource = IssueSource.VISIT
    visit_id: int | None = None
    group_id: int | None = None
    programme_ids: Iterable[int] = ()
    external_no: str = ""
    client_id: str | None = None
    confidential: bool = False
    red_flag: RedFlag | None = None


@dataclass(frozen=True)
class CorrectionEntry:
    """The particulars of a problem that may be corrected."""

    enterprise_id: int
    title: str
    description: str
    category_id: int
    complexity: Complexity
    wish: str = ""


def register_issue(actor: Actor, entry: IssueEntry, happened_at: datetime | None = None) -> Issue:
    """Register a problem under a number for life; the same client id again returns the stored one."""
    if known := _known(actor, entry):
        return known
    at = happened_at or now()
    issue = _new_issue(actor, entry, at)
    step = first_step(actor, issue, "register", at)
    _number(issue)
    begin_acceptance(issue, at)
    _move(step, source=entry.source.value, **_marks(entry))
    _add_programmes(issue, entry)
    return issue


def close_on_spot(
    actor: Actor,
    entry: IssueEntry,
    how: str,
    level: Level | None = None,
    happened_at: datetime | None = None,
) -> Issue:
    """Register a problem that was solved while it was heard: closed at once, outcome A, never assigned.

    The answer counts as 已解决 and as typed by the office; without a level it stays unrated.
    """
    if known := _known(actor, entry):
        return known
    _require_text(how, "how", N_("Write how the problem was solved."))
    at = happened_at or now()
    issue = _new_issue(actor, entry, at)
    step = first_step(actor, issue, "close_on_spot", at)
    _number(issue)
    issue.on_spot, issue.outcome = True, Outcome.SOLVED
    issue.closed_at, issue.closed_on = at, local_date(at)
    _move(step, how, source=entry.source.value, outcome=Outcome.SOLVED.value, level=level, **_marks(entry))
    _add_programmes(issue, entry)
    db.session.add(_answer_on_spot(actor, issue, level, at))
    return issue


def _answer_on_spot(actor: Actor, issue: Issue, level: Level | None, at: datetime) -> Evaluation:
    return Evaluation(
        issue_id=issue.id,
        round=1,
        solved=Solved.SOLVED,
        level=level,
        channel=Channel.ON_SPOT,
        recorded_by_id=actor.person_id,
        recorded_unit_id=min(actor.unit_ids, default=None),
        is_proxy=True,
        at=at,
        answered_on=local_date(at),
    )


def _known(actor: Actor, entry: IssueEntry) -> Issue | None:
    known = queries.get_by_client_id(entry.client_id) if entry.client_id else None
    if known is not None and known.registered_by_id != actor.person_id:
        raise Refused(N_("This form was sent by somebody else already. Open a new one."))
    return known


def _new_issue(actor: Actor, entry: IssueEntry, at: datetime) -> Issue:
    category = _checked_category(entry.enterprise_id, entry.category_id, entry.title)
    if at > now():
        raise Refused(N_("A problem cannot be registered in the future. Correct the day."))
    day = local_date(at)
    return Issue(
        client_id=entry.client_id or None,
        enterprise_id=entry.enterprise_id,
        source=entry.source,
        visit_id=entry.visit_id,
        external_no=entry.external_no,
        title=entry.title,
        description=entry.description or entry.title,
        wish=entry.wish,
        category_id=category.id,
        urgency=entry.urgency,
        complexity=entry.complexity or category.complexity,
        reporter_name=entry.reporter_name,
        reporter_phone=entry.reporter_phone,
        registered_by_id=actor.person_id,
        registered_at=at,
        registered_on=day,
        group_id=entry.group_id or group_of_enterprise(entry.enterprise_id, day),
        round=1,
        confidential=entry.confidential,
        red_flag=entry.red_flag,
    )


def _marks(entry: IssueEntry) -> dict[str, Any]:
    """What the first row of the log says of the marks a problem is born with."""
    marks = {"confidential": entry.confidential, "red_flag": entry.red_flag}
    return {name: value for name, value in marks.items() if value}


def _checked_category(enterprise_id: int, category_id: int, title: str) -> Category:
    if not hold_living([enterprise_id]):
        raise Refused(N_("Choose an enterprise of the register."), field="enterprise_id")
    _require_text(title, "title", N_("Write what the problem is in one line."))
    if len(title) > TITLE_MOST:
        raise Refused(N_("The title may have at most %(most)d characters."), field="title", most=TITLE_MOST)
    category = queries.get_category(category_id)
    if category is None:
        raise Refused(N_("Choose a category."), field="category_id")
    return category


def _require_text(text: str, field: str, sentence: str) -> None:
    if not text.strip():
        raise Refused(sentence, field=field)


def _number(issue: Issue) -> None:
    """Give the next number of the day, from a counter row that is locked until the transaction ends."""
    day = issue.registered_on
    lock_name(f"issue-number {day}")
    counter = db.session.get(IssueCounter, day, with_for_update=True, populate_existing=True)
    if counter is None:
        counter = IssueCounter(day=day, last=0)
        db.session.add(counter)
    counter.last += 1
    issue.number = f"WT{day:%Y%m%d}-{counter.last:03d}"
    db.session.flush()


def _add_programmes(issue: Issue, entry: IssueEntry) -> None:
    db.session.add_all(
        IssueProgramme(issue_id=issue.id, programme_id=p) for p in sorted(set(entry.programme_ids))
    )


def request_info(actor: Actor, issue: Issue, missing: str, revision: int | None = None) -> IssueMove:
    """Ask the author for what is missing; the problem stays registered."""
    step = open_step(actor, issue, "request_info", revision)
    _require_text(missing, "note", N_("Write what is missing."))
    issue.needs_info = True
    return _move(step, missing)


def complete_info(actor: Actor, issue: Issue, answer: str, revision: int | None = None) -> IssueMove:
    """Answer what was asked; the answer is added to the description."""
    step = open_step(actor, issue, "complete_info", revision)
    _require_text(answer, "note", N_("Write the information asked for."))
    issue.needs_info = False
    issue.description = f"{issue.description}\n\n{answer}"
    return _move(step, answer)


def correct(
    actor: Actor, issue: Issue, entry: CorrectionEntry, why: str, revision: int | None = None
) -> IssueMove:
    """Correct a problem's particulars; state and due dates stay, the former words are in the log."""
    hold_links(issue)
    step = open_step(actor, issue, "correct", revision)
    _require_text(why, "note", N_("Write why the entry is corrected."))
    _checked_category(entry.enterprise_id, entry.category_id, entry.title)
    after = asdict(entry)
    changes = audit.difference({key: getattr(issue, key) for key in after}, after)
    if not changes:
        raise Refused(N_("Nothing is different. Change what is wrong, or go back."))
    if entry.enterprise_id != issue.enterprise_id:
        require_unlinked(issue)
    for key, value in after.items():
        setattr(issue, key, value)
    return _move(step, why, **changes)


def reject(actor: Actor, issue: Issue, reason: str, told: str, revision: int | None = None) -> IssueMove:
    """Do not accept a problem; `told` is what the enterprise was told."""
    hold_links(issue)
    step = open_step(actor, issue, "reject", revision)
    require_none_merged(issue)
    _require_text(reason, "reason", N_("Write why the problem is not accepted."))
    _require_text(told, "told", N_("Write what the enterprise was told, and whom it can turn to."))
    issue.needs_info = False
    return _move(step, reason, told=told)


def restore(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Take a rejected problem up again."""
    step = open_step(actor, issue, "restore", revision)
    _require_text(why, "note", N_("Write why the problem is taken up again."))
    begin_acceptance(issue, step.at)
    return _move(step, why)
