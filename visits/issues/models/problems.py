"""Tables of problems: categories, issues, their moves and assignments."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, Revised, append_only
from visits.core.search import make_searchable
from visits.issues.models.words import DispatchKind, IssueSource, Origin, RedFlag
from visits.issues.rules import Complexity, Outcome, Urgency, beyond_title
from visits.issues.states import State


class Category(Revised, Model):
    """A kind of problem, with the unit and the complexity it usually means; with a parent, a finer kind."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(30), unique=True)
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("categories.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    complexity: Mapped[Complexity] = mapped_column(default=Complexity.ORDINARY)
    hint: Mapped[str] = mapped_column(sa.String(300), default="")
    position: Mapped[int] = mapped_column(default=0)
    closed_on: Mapped[date | None]


class Issue(Revised, Model):
    """One problem of one enterprise; its number holds for life.

    `state` is written by `operations.moving` only. `registered_on` and `closed_on` are days at the
    site. A void problem carries no closing; its former one is in the moves. `state_since` is when the
    state began, `moved_at` when the last move happened, one that stays in the state included, `worked_at`
    when a handling unit last did something. `remaining` are the working days a suspended problem had left.
    What somebody asked for and nobody has decided stands in the `…_asked` columns, the rest of it in the
    requests. `on_spot` says that it was closed where it was heard; re-opened, it goes the usual way.
    `import_run_id` names the import by which it came from an older ledger.
    """

    __tablename__ = "issues"
    __table_args__ = (
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_when_closed"),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_on IS NULL)", name="closed_on_with_closed_at"),
        sa.CheckConstraint(
            "state NOT IN ('reported', 'evaluating', 'closed') OR outcome IS NOT NULL",
            name="outcome_when_reported",
        ),
        sa.CheckConstraint(
            "state NOT IN ('registered', 'rejected', 'assigned', 'returned', 'in_progress', 'suspended')"
            " OR outcome IS NULL",
            name="no_outcome_before_report",
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome <> 'B' OR commitment_due IS NOT NULL", name="planned_with_date"
        ),
        sa.CheckConstraint(
            "state NOT IN ('assigned', 'returned', 'in_progress', 'suspended', 'reported', 'evaluating')"
            " OR lead_unit_id IS NOT NULL",
            name="lead_unit_when_assigned",
        ),
        sa.CheckConstraint(
            "state NOT IN ('assigned', 'returned', 'in_progress', 'reported', 'evaluating')"
            " OR (due_on IS NOT NULL AND original_due_on IS NOT NULL)",
            name="due_when_assigned",
        ),
        sa.CheckConstraint("NOT needs_info OR state = 'registered'", name="needs_info_when_registered"),
        sa.CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_when_so"),
        sa.CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="merged_into_other"),
        sa.CheckConstraint("(state = 'suspended') = (review_on IS NOT NULL)", name="review_when_suspended"),
        sa.CheckConstraint(
            "NOT (extension_asked OR suspension_asked) OR state = 'in_progress'", name="asked_while_handled"
        ),
        sa.CheckConstraint(
            "NOT ruling_asked OR state IN ('in_progress', 'reported', 'evaluating')",
            name="ruling_asked_after_rating",
        ),
        sa.CheckConstraint(
            "NOT withdrawal_asked OR state IN ('registered', 'assigned', 'returned', 'in_progress',"
            " 'suspended', 'reported', 'evaluating')",
            name="withdrawal_asked_while_open",
        ),
        sa.CheckConstraint("round >= 1 AND return_count >= 0", name="counts"),
        sa.CheckConstraint("escalation BETWEEN 0 AND 3", name="escalation_level"),
        sa.Index("ix_issues_state_due_on", "state", "due_on"),
        sa.Index("ix_issues_state_since", "state_since", "registered_on"),
        sa.Index("ix_issues_category", "category_id", "state"),
        sa.Index("ix_issues_registered", "registered_on", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    client_id: Mapped[str | None] = mapped_column(sa.String(36), unique=True)
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("enterprises.id"), index=True)
    source: Mapped[IssueSource] = mapped_column(default=IssueSource.VISIT)
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"), index=True)
    external_no: Mapped[str] = mapped_column(sa.String(60), default="", index=True)
    title: Mapped[str] = mapped_column(sa.String(80))
    description: Mapped[str] = mapped_column(sa.Text())
    wish: Mapped[str] = mapped_column(sa.Text(), default="")
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("categories.id"))
    urgency: Mapped[Urgency] = mapped_column(default=Urgency.NORMAL)
    complexity: Mapped[Complexity]
    state: Mapped[State]
    state_since: Mapped[datetime]
    round: Mapped[int] = mapped_column(default=1)
    needs_info: Mapped[bool] = mapped_column(default=False)
    no_return: Mapped[bool] = mapped_column(default=False)
    return_count: Mapped[int] = mapped_column(default=0)
    on_spot: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[Outcome | None]
    commitment_due: Mapped[date | None] = mapped_column(index=True)
    reporter_name: Mapped[str] = mapped_column(sa.String(60), default="")
    reporter_phone: Mapped[str] = mapped_column(sa.String(30), default="")
    registered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    carried_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    registered_at: Mapped[datetime]
    registered_on: Mapped[date]
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("groups.id"), index=True)
    accept_due: Mapped[date | None]
    confidential: Mapped[bool] = mapped_column(default=False)
    red_flag: Mapped[RedFlag | None]
    escalation: Mapped[int] = mapped_column(default=0)
    supervised: Mapped[bool] = mapped_column(default=False)
    extension_asked: Mapped[bool] = mapped_column(default=False)
    suspension_asked: Mapped[bool] = mapped_column(default=False)
    withdrawal_asked: Mapped[bool] = mapped_column(default=False)
    ruling_asked: Mapped[bool] = mapped_column(default=False)
    review_on: Mapped[date | None] = mapped_column(index=True)
    remaining: Mapped[int | None]
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    split_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    repeat_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    lead_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"), index=True)
    due_on: Mapped[date | None]
    original_due_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closed_on: Mapped[date | None] = mapped_column(index=True)
    moved_at: Mapped[datetime]
    worked_at: Mapped[datetime | None]
    import_run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_runs.id"), index=True)

    @property
    def details(self) -> str:
        """What the description says beyond the title."""
        return beyond_title(self.title, self.description)


class IssueText(Model):
    """The words of a problem by which it is searched; written by `core.search` with the problem itself."""

    __tablename__ = "issue_texts"

    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(sa.Text)


make_searchable(Issue, IssueText, "number", "external_no", "title", "description", "wish")


class IssueProgramme(Model):
    """A programme in whose visits a problem was heard."""

    __tablename__ = "issue_programmes"

    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programmes.id"), primary_key=True, index=True)


class IssueCounter(Model):
    """The last number given on one day; its row is locked while the next one is taken."""

    __tablename__ = "issue_counters"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class IssueMove(Model):
    """One thing that happened to a problem: who, as what, when, from which state to which, and why."""

    __tablename__ = "issue_moves"
    __table_args__ = (
        sa.UniqueConstraint("issue_id", "seq"),
        sa.Index("ix_issue_moves_to_state", "to_state", "happened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"))
    seq: Mapped[int]
    move: Mapped[str] = mapped_column(sa.String(40))
    from_state: Mapped[State | None]
    to_state: Mapped[State]
    round: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    acted_as: Mapped[str] = mapped_column(sa.String(120))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("units.id"))
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(default=now, index=True)
    note: Mapped[str] = mapped_column(sa.Text(), default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    origin: Mapped[Origin] = mapped_column(default=Origin.LIVE)


append_only(IssueMove)


class Dispatch(Model):
    """One unit's task with a problem in one round, with its limits and when it kept them.

    Only a first-round lead has limits for signing, contact and the interim report (阶段反馈), `staged_at`
    when it came. `paused` are the working days during which the problem was suspended, `extended` the times
    an extension was granted, `sent_back_at` when its report was last found wanting. `returned_at` stands
    while a return is pending or was granted; `answered_at` is the report of a lead (taken back when it is
    sent back) or the answer of a co-unit. Only a task that a ledger names as long ended may lack due dates.
    """

    __tablename__ = "dispatches"
    __table_args__ = (
        sa.Index("ix_dispatches_unit", "unit_id", "ended_at", "issue_id"),
        sa.Index(
            "ix_dispatches_one_lead",
            "issue_id",
            unique=True,
            sqlite_where=sa.text("kind = 'lead' AND ended_at IS NULL"),
            postgresql_where=sa.text("kind = 'lead' AND ended_at IS NULL"),
        ),
        sa.CheckConstraint(
            "ended_at IS NOT NULL OR (due_on IS NOT NULL AND original_due_on IS NOT NULL)",
            name="due_while_running",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    round: Mapped[int]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    kind: Mapped[DispatchKind]
    assigned_at: Mapped[datetime]
    sign_due: Mapped[date | None] = mapped_column(index=True)
    signed_at: Mapped[datetime | None]
    contact_due: Mapped[date | None] = mapped_column(index=True)
    contacted_at: Mapped[datetime | None]
    stage_due: Mapped[date | None]
    staged_at: Mapped[datetime | None]
    due_on: Mapped[date] = mapped_column(index=True, nullable=True)
    original_due_on: Mapped[date] = mapped_column(index=True, nullable=True)
    answered_at: Mapped[datetime | None]
    waived_at: Mapped[datetime | None]
    sent_back_at: Mapped[datetime | None]
    extended: Mapped[int] = mapped_column(default=0)
    paused: Mapped[int] = mapped_column(default=0)
    returned_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
