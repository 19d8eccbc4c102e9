"""Every change of a monthly report: drafted, renewed, written, frozen, published, taken back."""

import json
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from visits.core import audit
from visits.core.authz import Actor, permitted, require
from visits.core.clock import now, today
from visits.core.db import begin_write, db, lock_name
from visits.core.errors import DomainError, NotFound, Refused
from visits.core.i18n import N_
from visits.core.periods import Month
from visits.core.permissions import Permission
from visits.core.states import Move
from visits.monthly import prose, queries, rules
from visits.monthly.assemble import content_of
from visits.monthly.content import Content
from visits.monthly.models import MonthlyReport, ReportText
from visits.monthly.notifications import notify_moved
from visits.monthly.rules import Section
from visits.monthly.states import LIFE, ReportFacts, ReportState

MOST_TEXT = 20_000


def _require_draftable(month: Month) -> None:
    """Raise Refused where there can be no new report of a month: to come, before all records, or there."""
    if month > Month.of(today()):
        raise Refused(N_("This month lies in the future. Choose one that has begun."), field="month")
    if month < rules.EARLIEST:
        raise Refused(N_("There are no figures of a month so long ago. Choose a later one."), field="month")
    if queries.in_force(month) is not None:
        raise Refused(
            N_("There is a report of %(month)s already. Open it in the list, or take it back first."),
            field="month",
            month=str(month),
        )


def draft_report(actor: Actor, month: Month) -> MonthlyReport:
    """Begin the report of a month with its figures of now; the texts of an issue taken back are kept.

    Like all that counts figures it reads first and takes the write lock then, so that nobody waits.
    """
    require(actor, Permission.MONTHLY_WRITE)
    _require_draftable(month)
    fresh = content_of(month)
    begin_write()
    lock_name(f"monthly-report {month}")
    _require_draftable(month)
    former = queries.issues_of_month(month)
    report = MonthlyReport(
        first_on=month.first_on,
        issue_no=former[0].issue_no + 1 if former else 1,
        drafted_by_id=actor.person_id,
    )
    _take_figures(report, fresh)
    db.session.add(report)
    db.session.flush()
    _generate(report, fresh)
    for text in queries.texts_of(former[0].id).values() if former else ():
        _carry_over(report, text)
    audit.record(actor, "monthly_report.drafted", report, month=str(month), issue_no=report.issue_no)
    return report


def _take_figures(report: MonthlyReport, fresh: Content) -> None:
    report.content = json.loads(json.dumps(fresh.as_json()))
    report.as_of = fresh.known_at
    flag_modified(report, "content")  # figures as before are news too: they hold until later


def _generate(report: MonthlyReport, content: Content) -> None:
    """Write the generated texts; what somebody wrote stays."""
    texts = queries.texts_of(report.id)
    for section, generated in prose.texts_for(content).items():
        if section in texts:
            texts[section].generated = generated
        else:
            db.session.add(ReportText(report_id=report.id, section=section.value, generated=generated))
    db.session.flush()


def _carry_over(report: MonthlyReport, text: ReportText) -> None:
    """Keep in a new issue what somebody wrote in the one taken back."""
    mine = queries.texts_of(report.id).get(Section(text.section))
    if mine is not None and text.written is not None:
        for name in ("written", "written_over", "written_by_id", "written_at"):
            setattr(mine, name, getattr(text, name))


def _checked(
    actor: Actor, report: MonthlyReport, name: str, revision: int | None, facts: ReportFacts | None = None
) -> Move:
    """Check that this person may make this move now; raise Stale, NotAllowed or what the table raises."""
    try:
        if actor.is_system:
            move = LIFE.check_state(name, report.state, facts or ReportFacts())
        else:
            held = permitted(actor, LIFE.permissions, report)
            move = LIFE.check(name, held, report.state, facts or ReportFacts())
    except DomainError:
        report.require_revision(revision, is_open=False)  # that it was overtaken says more
        raise
    report.require_revision(revision)
    return move


def facts_of(
    actor: Actor, report: MonthlyReport, content: Content, *, is_untouched: bool = True
) -> ReportFacts:
    """What the guards must know of a report with these figures, and of who acts on it."""
    return ReportFacts(
        is_month_over=rules.is_over(report.month, today()),
        is_balanced=rules.balance_of(content.figures).holds,
        has_frozen_it=actor.person_id is not None and report.frozen_by_id == actor.person_id,
        is_untouched=is_untouched,
    )


def _make(actor: Actor, report: MonthlyReport, move: Move, verb: str, **changes: Any) -> None:
    """Write state and audit row of one move; nothing else writes the state of a report."""
    report.state = ReportState(move.target or report.state)
    flag_modified(report, "state")
    db.session.flush()
    audit.record(actor, verb, report, month=str(report.month), **changes)
    notify_moved(actor, report, verb.partition(".")[2])


def renew_figures(
    actor: Actor, report: MonthlyReport, revision: int | None = None, *, ranks_units: bool = True
) -> None:
    """Give a draft the figures of now, and texts generated from them beside what was written."""
    require(actor, Permission.MONTHLY_WRITE)
    fresh = _counted(report, ranks_units=ranks_units)
    _renew(actor, report, fresh, _checked(actor, report, "renew", revision))


def _counted(report: MonthlyReport, *, ranks_units: bool) -> Content:
    """The figures of now; the report is read anew under the write lock that is taken then."""
    fresh = content_of(report.month, ranks_units=ranks_units)
    begin_write()
    db.session.refresh(report)
    return fresh


def _renew(actor: Actor, report: MonthlyReport, fresh: Content, move: Move) -> None:
    _take_figures(report, fresh)
    _make(actor, report, move, "monthly_report.renewed", ranks_units=fresh.ranks_units)
    _generate(report, fresh)


def write_text(
    actor: Actor, report: MonthlyReport, section: Section, words: str, revision: int | None = None
) -> None:
    """Put somebody's words in the place of a generated text; without words the generated one stands."""
    _checked(actor, report, "write", None)
    text = _text_of(report, section)
    text.require_revision(revision)
    if len(words) > MOST_TEXT:
        raise Refused(N_("At most %(most)d characters."), field="words", most=MOST_TEXT)
    before, text.written = text.written, (words if words != text.generated else None)
    text.written_over = text.generated if text.written is not None else None
    text.written_by_id = actor.person_id
    text.written_at = now()
    db.session.flush()
    changed = [before if before is not None else text.generated, words]
    audit.record(actor, "report_text.written", text, section=section.value, words=changed)


def take_generated(
    actor: Actor, report: MonthlyReport, section: Section, revision: int | None = None
) -> None:
    """Drop what somebody wrote: the generated text stands."""
    _checked(actor, report, "write", None)
    text = _text_of(report, section)
    write_text(actor, report, section, text.generated, revision)


def _text_of(report: MonthlyReport, section: Section) -> ReportText:
    text = queries.texts_of(report.id).get(section)
    if text is None:
        raise NotFound()
    return text


def freeze_report(actor: Actor, report: MonthlyReport, revision: int | None = None) -> bool:
    """Freeze a month: figures and texts as they are now, with their seal.

    Where figures moved since the draft was looked at they are only renewed, and False says so: nobody
    freezes what nobody has read.
    """
    require(actor, Permission.MONTHLY_WRITE)
    fresh = _counted(report, ranks_units=report.content["ranks_units"])
    move = _checked(actor, report, "freeze", revision, facts_of(actor, report, fresh))
    if not fresh.says_the_same(Content.from_json(report.content)):
        _renew(actor, report, fresh, LIFE["renew"])
        return False
    _take_figures(report, fresh)
    _generate(report, fresh)
    texts = {section.value: text.said for section, text in queries.texts_of(report.id).items()}
    report.digest = rules.seal_of(report.content, texts)
    report.frozen_at, report.frozen_by_id = now(), actor.person_id
    _make(actor, report, move, "monthly_report.frozen", digest=report.digest)
    return True


def publish_report(actor: Actor, report: MonthlyReport, revision: int | None = None) -> None:
    """Publish a frozen month; the person who froze it cannot."""
    reading = queries.read_report(report)
    facts = facts_of(actor, report, reading.content, is_untouched=reading.is_untouched)
    move = _checked(actor, report, "publish", revision, facts)
    report.published_at, report.published_by_id = now(), actor.person_id
    _make(actor, report, move, "monthly_report.published")


def withdraw_report(actor: Actor, report: MonthlyReport, reason: str, revision: int | None = None) -> None:
    """Take a frozen or published report back; it stays readable, and the month can be drafted again."""
    move = _checked(actor, report, "withdraw", revision)
    if not reason.strip():
        raise Refused(N_("Write why the report is taken back."), field="reason")
    report.withdrawn_at, report.withdrawn_by_id = now(), actor.person_id
    report.withdrawal_reason = reason.strip()
    _make(actor, report, move, "monthly_report.withdrawn", reason=report.withdrawal_reason)


def note_taken(actor: Actor, report: MonthlyReport, kind: str) -> None:
    """Log that somebody took a report home as a file."""
    audit.record(actor, "monthly_report.taken", report, month=str(report.month), format=kind)
