"""How a problem ends: reported, reviewed, evaluated, closed or sent round again; or void."""

from dataclasses import dataclass
from datetime import date

from visits.core.authz import ENTERPRISE, Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.periods import local_date
from visits.issues import rules
from visits.issues.models import (
    CallbackAttempt,
    Channel,
    Evaluation,
    Issue,
    IssueMove,
)
from visits.issues.operations.handling import end_dispatches, require_text
from visits.issues.operations.linking import hold_links, require_none_merged
from visits.issues.operations.moving import Step, _move, open_step, system_step
from visits.issues.operations.rights import open_right, settle_right
from visits.issues.operations.rounds import begin_round
from visits.issues.rules import Level, Outcome, Solved, Verdict

NOT_CONTENT = N_("The enterprise is not content. Speak with it, and mend what is lacking.")
PROXY_CHANNELS = frozenset({Channel.PHONE, Channel.ON_SPOT})


@dataclass(frozen=True)
class ReportEntry:
    """A unit's report: outcome, what was done, what the enterprise was told; for B also by when."""

    outcome: Outcome
    done: str
    told: str
    commitment_due: date | None = None


@dataclass(frozen=True)
class EvaluationEntry:
    """The enterprise's answers and how they came; `accepts` is asked for the outcomes B, C and D.

    `to_unit` are the office's own words for what the unit must mend: it reads neither the answers nor the
    enterprise's words.
    """

    solved: Solved | None
    level: Level | None
    channel: Channel = Channel.PHONE
    accepts: bool | None = None
    evaluator: str = ""
    comment: str = ""
    answered_on: date | None = None
    to_unit: str = ""
    original_kept: bool = False


def report(actor: Actor, issue: Issue, entry: ReportEntry, revision: int | None = None) -> IssueMove:
    """Report the result to the office; only outcome B has a day, after today, by which it will be done."""
    step = open_step(actor, issue, "report", revision)
    require_text(entry.done, "done", N_("Write what was done."))
    require_text(entry.told, "told", N_("Write what the enterprise was told."))
    promised = entry.commitment_due
    if promised and entry.outcome is not Outcome.PLANNED:
        raise Refused(
            N_("Only outcome B has a day by which it will be done. Choose outcome B, or clear the day."),
            field="commitment_due",
        )
    if entry.outcome is Outcome.PLANNED and (promised is None or promised <= today()):
        raise Refused(
            N_("For outcome B choose the day after today by which it will be done."), field="commitment_due"
        )
    step.lead.answered_at = step.at
    issue.outcome, issue.commitment_due = entry.outcome, promised
    return _move(
        step,
        entry.done,
        outcome=entry.outcome.value,
        told=entry.told,
        **({"commitment_due": promised.isoformat()} if promised else {}),
    )


def send_back(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Send a report back as not sufficient: same round, same due date, counted as not delivered."""
    step = open_step(actor, issue, "send_back", revision)
    require_text(why, "note", N_("Write what the report lacks."))
    step.lead.answered_at = None
    issue.outcome = issue.commitment_due = None
    return _move(step, why)


def pass_review(actor: Actor, issue: Issue, note: str = "", revision: int | None = None) -> IssueMove:
    """Accept a report; the enterprise is asked next."""
    step = open_step(actor, issue, "pass_review", revision)
    row = _move(step, note)
    open_right(issue, step.at)
    return row


def log_attempt(actor: Actor, issue: Issue, result: str, revision: int | None = None) -> IssueMove:
    """Note a callback that reached nobody."""
    step = open_step(actor, issue, "log_attempt", revision)
    require_text(result, "note", N_("Write whom you tried to reach and what happened."))
    db.session.add(
        CallbackAttempt(
            issue_id=issue.id,
            round=issue.round,
            at=step.at,
            attempted_on=local_date(step.at),
            by_id=actor.person_id,
            result=result[:200],
        )
    )
    return _move(step, result)


def record_evaluation(
    actor: Actor, issue: Issue, entry: EvaluationEntry, revision: int | None = None
) -> Evaluation:
    """Record the enterprise's answers; the system closes the problem or sends it round again at once."""
    step = open_step(actor, issue, "record_evaluation", revision)
    evaluation, verdict = keep_answers(step, entry)
    follow = system_step(issue, verdict.value, step)
    if verdict is Verdict.CLOSE:
        _close(follow)
    else:
        begin_round(follow, entry.to_unit or NOT_CONTENT)
    return evaluation


def keep_answers(step: Step, entry: EvaluationEntry) -> tuple[Evaluation, Verdict]:
    """Write the answers down with the move by which they came, and say what they lead to."""
    outcome, level = _require_answers(step, entry)
    verdict = rules.verdict_of(outcome, entry.solved, level)
    if verdict is Verdict.REWORK and not step.actor.is_system:
        require_text(
            entry.to_unit,
            "to_unit",
            N_("Write what the unit must mend; it does not see the enterprise's answers."),
        )
    evaluation = _evaluation(step, entry)
    db.session.add(evaluation)
    settle_right(step.issue, step.at)
    _move(
        step,
        entry.comment,
        solved=entry.solved,
        level=entry.level,
        accepts=entry.accepts,
        channel=entry.channel,
        evaluator=entry.evaluator,
        answered_on=evaluation.answered_on.isoformat(),
    )
    return evaluation, verdict


def _require_answers(step: Step, entry: EvaluationEntry) -> tuple[Outcome, Level]:
    outcome = step.issue.outcome or Outcome.SOLVED  # the database lets no problem come this far without
    if entry.solved is None:
        raise Refused(N_("Ask whether the problem is solved, and choose the answer."), field="solved")
    if entry.level is None:
        raise Refused(N_("Ask how satisfied the enterprise is, and choose the answer."), field="level")
    if outcome is not Outcome.SOLVED and entry.accepts is None:
        raise Refused(N_("Ask whether the enterprise accepts the plan or explanation."), field="accepts")
    _require_way(step, entry)
    if entry.answered_on and not local_date(step.issue.state_since) <= entry.answered_on <= today():
        raise Refused(
            N_("The answer lies before the review or in the future. Correct the day."), field="answered_on"
        )
    return outcome, entry.level


def _require_way(step: Step, entry: EvaluationEntry) -> None:
    """Only an enterprise itself answers by its link; of the others it is known who answered, or on what."""
    if (entry.channel is Channel.LINK) is not (
        step.actor is ENTERPRISE
    ) or entry.channel is Channel.ON_SPOT:
        raise Refused(N_("Choose the callback by phone or the signed paper."), field="channel")
    if entry.channel is Channel.PHONE:
        require_text(entry.evaluator, "evaluator", N_("Write who answered at the enterprise."))
    if entry.channel is Channel.PAPER and not entry.original_kept:
        raise Refused(
            N_("Confirm that the signed original is kept, or add a scan of it and tick here."),
            field="original_kept",
        )


def _evaluation(step: Step, entry: EvaluationEntry) -> Evaluation:
    return Evaluation(
        issue_id=step.issue.id,
        round=step.issue.round,
        solved=entry.solved,
        level=entry.level,
        accepts=entry.accepts,
        comment=entry.comment,
        channel=entry.channel,
        evaluator=entry.evaluator,
        recorded_by_id=step.actor.person_id,
        recorded_unit_id=min(step.actor.unit_ids, default=None),
        is_proxy=entry.channel in PROXY_CHANNELS,
        at=step.at,
        answered_on=entry.answered_on or local_date(step.at),
    )


def _close(step: Step, note: str = "") -> IssueMove:
    issue = step.issue
    end_dispatches(step)
    issue.closed_at, issue.closed_on = step.at, local_date(step.at)
    row = _move(step, note, outcome=issue.outcome)
    if step.move.name != "rule_closed":  # a ruling stands whatever is rated later
        open_right(issue, step.at)
    return row


def close_unreached(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Close a problem whose enterprise could not be reached; it stays unrated."""
    step = open_step(actor, issue, "close_unreached", revision)
    require_text(why, "note", N_("Write how the enterprise was sought."))
    return _close(step, why)


def void(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Void a problem that should never have been entered; it leaves every figure."""
    hold_links(issue)
    step = open_step(actor, issue, "void", revision)
    require_none_merged(issue)
    require_text(why, "note", N_("Write why the problem is void."))
    end_dispatches(step)
    issue.needs_info = False
    issue.closed_at = issue.closed_on = None
    return _move(step, why)
