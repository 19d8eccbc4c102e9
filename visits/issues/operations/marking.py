"""What is marked and urged without moving a problem: name kept, red flags, reminders, levels, followers."""

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused
from visits.core.i18n import N_
from visits.inbox.operations import withhold
from visits.issues.models import Issue, IssueMove, RedFlag, Watcher
from visits.issues.operations.handling import require_text
from visits.issues.operations.moving import _move, open_step


def hide_enterprise(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Keep the enterprise's name, as it asked, also in messages about the problem that are not sent yet."""
    step = open_step(actor, issue, "hide_enterprise", revision)
    require_text(why, "note", N_("Write why the name is kept."))
    issue.confidential = True
    withhold(issue.number)
    return _move(step, why)


def show_enterprise(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Show the enterprise's name again; the enterprise must have agreed."""
    step = open_step(actor, issue, "show_enterprise", revision)
    require_text(why, "note", N_("Write who of the enterprise agreed."))
    issue.confidential = False
    return _move(step, why)


def raise_flag(
    actor: Actor, issue: Issue, flag: RedFlag | None, why: str, revision: int | None = None
) -> IssueMove:
    """Raise a red flag over what threatens the enterprise."""
    step = open_step(actor, issue, "raise_flag", revision)
    require_text(why, "note", N_("Write what was seen or heard."))
    if flag is None:
        raise Refused(N_("Choose what threatens the enterprise."), field="red_flag")
    issue.red_flag = flag
    return _move(step, why, red_flag=flag.value)


def lower_flag(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Take the red flag down once what threatened is over."""
    step = open_step(actor, issue, "lower_flag", revision)
    require_text(why, "note", N_("Write what became of the danger."))
    former = issue.red_flag
    issue.red_flag = None
    return _move(step, why, red_flag=former)


def remind(actor: Actor, issue: Issue, text: str, revision: int | None = None) -> IssueMove:
    """Remind whoever has the problem now."""
    step = open_step(actor, issue, "remind", revision)
    require_text(text, "note", N_("Write of what you remind."))
    return _move(step, text)


def escalate(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Lift a problem by one level: the office, a zone leader, a higher level."""
    step = open_step(actor, issue, "escalate", revision)
    require_text(why, "note", N_("Write why a higher level has to see to it."))
    issue.escalation += 1
    return _move(step, why, escalation=issue.escalation)


def instruct(actor: Actor, issue: Issue, text: str, revision: int | None = None) -> IssueMove:
    """Write a zone leader's instruction on a problem."""
    step = open_step(actor, issue, "instruct", revision)
    require_text(text, "note", N_("Write the instruction."))
    return _move(step, text)


def watch(actor: Actor, issue: Issue) -> None:
    """Follow a problem; no move, nothing of it changes."""
    if actor.person_id is None:
        raise NotAllowed()
    if db.session.get(Watcher, (issue.id, actor.person_id)) is None:
        db.session.add(Watcher(issue_id=issue.id, person_id=actor.person_id))
        db.session.flush()


def unwatch(actor: Actor, issue: Issue) -> None:
    """Follow a problem no longer."""
    db.session.execute(
        sa.delete(Watcher).where(Watcher.issue_id == issue.id, Watcher.person_id == actor.person_id)
    )
