"""Changes to the limit rules: made, superseded, ended; never rewritten."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product

import sqlalchemy as sa

from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.calendar import load_calendar
from visits.core.clock import now, today
from visits.core.db import db, lock_name
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.periods import local_date, start_of
from visits.core.permissions import Permission
from visits.issues import limits, queries, rules
from visits.issues.models import Issue, LimitRule
from visits.issues.rules import Complexity, Kind, Limits, Urgency

FROM_THE_BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
MOST = 250
CLOSINGS = {
    Complexity.CONSULTATION: 3,
    Complexity.ORDINARY: 7,
    Complexity.COMPLEX: 15,
    Complexity.MAJOR: 30,
}


@dataclass(frozen=True)
class RuleEntry:
    """What is entered about a rule: which kinds it names (empty fits all), its limits, since when."""

    limits: Limits
    reason: str
    category_id: int | None = None
    urgency: Urgency | None = None
    complexity: Complexity | None = None
    valid_on: date | None = None


def create_starter_limits(actor: Actor) -> None:
    """Make the rules an office begins with, where it has none; they hold for whatever is older too.

    An urgent problem is spoken about on the day of its assignment.
    """
    if db.session.scalar(sa.select(sa.func.count(LimitRule.id))):
        return
    for complexity, closing in CLOSINGS.items():
        stage = 3 if closing >= rules.STAGE_FROM else None
        for urgency in (None, Urgency.URGENT, Urgency.CRITICAL):
            db.session.add(
                LimitRule(
                    urgency=urgency,
                    complexity=complexity,
                    accept=1,
                    sign=1,
                    contact=0 if urgency else 1,
                    stage=stage,
                    closing=closing,
                    valid_from=FROM_THE_BEGINNING,
                )
            )
    db.session.flush()
    audit.record(actor, "limit_rules.started")


def make_rule(actor: Actor, entry: RuleEntry) -> LimitRule:
    """Make a rule; one that names the same and would hold at the same time ends where this one begins."""
    require(actor, Permission.ISSUES_LIMITS)
    lock_name("limit-rules")
    _require_sense(entry)
    row = _row(actor, entry)
    rivals = limits.rivals_of(row)
    _require_difference(row, rivals)
    for rival in rivals:
        rival.superseded_at = max(row.valid_from, rival.valid_from)
        rival.ended_by_id = actor.person_id
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "limit_rule.made", row, **_reading(row), reason=row.reason)
    return row


def _row(actor: Actor, entry: RuleEntry) -> LimitRule:
    is_later = entry.valid_on is not None and entry.valid_on > today()
    return LimitRule(
        category_id=entry.category_id,
        urgency=entry.urgency,
        complexity=entry.complexity,
        accept=entry.limits.accept,
        sign=entry.limits.sign,
        contact=entry.limits.contact,
        stage=entry.limits.stage,
        closing=entry.limits.close,
        valid_from=start_of(entry.valid_on) if is_later and entry.valid_on else now(),
        made_by_id=actor.person_id,
        reason=entry.reason,
    )


def _require_sense(entry: RuleEntry) -> None:
    """Refuse a category that is not in use, a start in the past, a rule nobody gives a reason for."""
    _require_order(entry.limits)
    if entry.category_id is not None:
        category = queries.get_category(entry.category_id)
        if category is None or category.closed_on is not None:
            raise Refused(N_("Choose a category that is in use."), field="category_id")
    if entry.valid_on is not None and entry.valid_on < today():
        raise Refused(
            N_("A rule cannot hold in the past: problems keep the rule they were born with."),
            field="valid_on",
        )
    if not entry.reason.strip():
        raise Refused(N_("Write by which decision or for what reason."), field="reason")


def _require_order(days: Limits) -> None:
    """Refuse limits that contradict each other."""
    for field, count in (("sign", days.sign), ("contact", days.contact)):
        if count > days.close:
            raise Refused(N_("This limit is longer than the one for the result. Shorten it."), field=field)
    if days.close >= rules.STAGE_FROM and days.stage is None:
        raise Refused(
            N_("From %(days)d working days on a limit needs an interim report. Say after how many days."),
            field="stage",
            days=rules.STAGE_FROM,
        )
    if days.stage is not None and days.stage >= days.close:
        raise Refused(N_("The interim report must be due before the result."), field="stage")


def _require_difference(row: LimitRule, rivals: list[LimitRule]) -> None:
    present = [rival for rival in rivals if rival.valid_from <= row.valid_from]
    if len(rivals) == len(present) == 1 and _reading(present[0]) == _reading(row):
        raise Refused(N_("The rule in force says the same. Change what is wrong, or go back."))


def end_rule(actor: Actor, row: LimitRule, reason: str) -> None:
    """End a rule: more general ones hold from now on; of a planned one, its predecessor goes on.

    Refused where some kind of problem would be left without limits.
    """
    require(actor, Permission.ISSUES_LIMITS)
    lock_name("limit-rules")
    db.session.refresh(row)
    if not reason.strip():
        raise Refused(N_("Write why the rule ends."), field="reason")
    moment = now()
    if row.superseded_at is not None and row.superseded_at <= max(moment, row.valid_from):
        raise Refused(N_("This rule has ended already. Look at the table again."))
    if row.valid_from > moment and (former := limits.predecessor_of(row)):
        former.superseded_at = former.ended_by_id = None
    row.superseded_at = max(moment, row.valid_from)
    row.ended_by_id, row.ended_reason = actor.person_id, reason
    db.session.flush()
    _require_cover()
    audit.record(actor, "limit_rule.ended", row, **_reading(row), reason=reason)


def _require_cover() -> None:
    """Refuse a state of the table in which some kind of problem has no rule, now or later."""
    known, moment = limits.all_rules(), now()
    later = {at for rule in known for at in (rule.valid_from, rule.superseded_at) if at and at > moment}
    for at, urgency, complexity in product({moment} | later, Urgency, Complexity):
        if rules.rule_for(known, Kind(None, None, urgency, complexity), at) is None:
            raise Refused(
                N_("Without this rule some problems would have no limits. Make the new one first.")
            )


def _reading(row: LimitRule) -> dict[str, object]:
    names = ("category_id", "urgency", "complexity", "accept", "sign", "contact", "stage", "closing")
    return {name: getattr(row, name) for name in names}


def begin_acceptance(issue: Issue, at: datetime) -> None:
    """Let the office's limit for accepting a problem begin: it is registered, or comes back.

    A problem that no rule fits is registered all the same; without limits it is only not assigned.
    """
    with db.session.no_autoflush:  # what else the move changes may not be whole yet
        rule, calendar = limits.rule_of(issue), load_calendar()
    issue.accept_due = rules.accept_due(rule.limits, local_date(at), calendar) if rule else None
