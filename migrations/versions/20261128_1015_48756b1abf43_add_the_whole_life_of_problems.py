"""Add the whole life of problems."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "48756b1abf43"
down_revision = "9d2c7a51e6b3"
branch_labels = None
depends_on = None

FILLED = {
    "categories": ("hint",),
    "dispatches": ("extended", "paused"),
    "issues": (
        "confidential",
        "escalation",
        "supervised",
        "extension_asked",
        "suspension_asked",
        "withdrawal_asked",
        "ruling_asked",
    ),
}
BEFORE_REPORT = "'registered', 'rejected', 'assigned', 'returned', 'in_progress'"
CHECKS = {
    "merged_when_so": "(state = 'merged') = (merged_into_id IS NOT NULL)",
    "merged_into_other": "merged_into_id IS NULL OR merged_into_id <> id",
    "review_when_suspended": "(state = 'suspended') = (review_on IS NOT NULL)",
    "asked_while_handled": "NOT (extension_asked OR suspension_asked) OR state = 'in_progress'",
    "ruling_asked_after_rating": "NOT ruling_asked OR state IN ('in_progress', 'reported', 'evaluating')",
    "withdrawal_asked_while_open": (
        "NOT withdrawal_asked OR state IN ('registered', 'assigned', 'returned', 'in_progress',"
        " 'suspended', 'reported', 'evaluating')"
    ),
    "escalation_level": "escalation BETWEEN 0 AND 3",
}
ON_SPOT = "NOT on_spot OR (lead_unit_id IS NULL AND state IN ('closed', 'void'))"


def upgrade():
    op.create_table(
        "limit_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("urgency", sa.String(length=30), nullable=True),
        sa.Column("complexity", sa.String(length=30), nullable=True),
        sa.Column("accept", sa.Integer(), nullable=False),
        sa.Column("sign", sa.Integer(), nullable=False),
        sa.Column("contact", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=True),
        sa.Column("closing", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "accept >= 0 AND sign >= 0 AND contact >= 0 AND (stage IS NULL OR stage > 0) AND closing > 0",
            name=op.f("ck_limit_rules_days"),
        ),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at >= valid_from",
            name=op.f("ck_limit_rules_ends_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_limit_rules_category_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_limit_rules_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_rules")),
    )
    op.create_table(
        "response_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("move", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_response_templates_category_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_templates")),
    )
    with op.batch_alter_table("response_templates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_response_templates_move"), ["move"], unique=False)

    op.create_table(
        "issue_duties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_note", sa.Text(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "done_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_issue_duties_ends_once")
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["people.id"], name=op.f("fk_issue_duties_done_by_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_issue_duties_issue_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_issue_duties_made_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_issue_duties_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_duties")),
    )
    with op.batch_alter_table("issue_duties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_duties_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issue_duties_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index("ix_issue_duties_unit", ["unit_id", "done_at", "due_on"], unique=False)

    op.create_table(
        "issue_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("told_enterprise", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(length=30), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_issue_requests_decided_with_moment")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_issue_requests_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_issue_requests_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_issue_requests_issue_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_issue_requests_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_requests")),
    )
    with op.batch_alter_table("issue_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_requests_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index(
            "ix_issue_requests_pending",
            ["issue_id", "kind"],
            unique=True,
            sqlite_where=sa.text("decision IS NULL"),
            postgresql_where=sa.text("decision IS NULL"),
        )

    op.create_table(
        "issue_watchers",
        sa.Column("issue_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_issue_watchers_issue_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_issue_watchers_person_id")),
        sa.PrimaryKeyConstraint("issue_id", "person_id", name=op.f("pk_issue_watchers")),
    )
    with op.batch_alter_table("issue_watchers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_watchers_person_id"), ["person_id"], unique=False)

    op.create_table(
        "progress_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_progress_links_issue_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_progress_links_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_links")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_progress_links_code_hash")),
    )
    with op.batch_alter_table("progress_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_progress_links_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "rating_rights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_rating_rights_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_rights")),
        sa.UniqueConstraint("issue_id", "round", "turn", name=op.f("uq_rating_rights_issue_id_round_turn")),
    )
    with op.batch_alter_table("categories", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hint", sa.String(length=300), nullable=False, server_default=""))

    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage_due", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("staged_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("sent_back_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("extended", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("paused", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("accept_due", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("confidential", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("red_flag", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("escalation", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column("supervised", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("extension_asked", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("suspension_asked", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("withdrawal_asked", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("ruling_asked", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("review_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("remaining", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("split_from_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("repeat_of_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_issues_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issues_repeat_of_id"), ["repeat_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issues_review_on"), ["review_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_issues_split_from_id"), ["split_from_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_issues_merged_into_id"), "issues", ["merged_into_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_issues_split_from_id"), "issues", ["split_from_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_issues_repeat_of_id"), "issues", ["repeat_of_id"], ["id"]
        )

    for table, columns in FILLED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_issues_on_spot_never_assigned"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_issues_no_outcome_before_report"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_issues_no_outcome_before_report"),
            f"state NOT IN ({BEFORE_REPORT}, 'suspended') OR outcome IS NULL",
        )
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_issues_{name}"), condition)


def downgrade():
    op.execute(
        "UPDATE issues SET on_spot = FALSE WHERE lead_unit_id IS NOT NULL OR state NOT IN ('closed', 'void')"
    )
    with op.batch_alter_table("issues", schema=None) as batch_op:
        for name in (*CHECKS, "no_outcome_before_report"):
            batch_op.drop_constraint(batch_op.f(f"ck_issues_{name}"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_issues_no_outcome_before_report"),
            f"state NOT IN ({BEFORE_REPORT}) OR outcome IS NULL",
        )
        batch_op.create_check_constraint(batch_op.f("ck_issues_on_spot_never_assigned"), ON_SPOT)
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_issues_repeat_of_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_issues_split_from_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_issues_merged_into_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_issues_split_from_id"))
        batch_op.drop_index(batch_op.f("ix_issues_review_on"))
        batch_op.drop_index(batch_op.f("ix_issues_repeat_of_id"))
        batch_op.drop_index(batch_op.f("ix_issues_merged_into_id"))
        batch_op.drop_column("worked_at")
        batch_op.drop_column("repeat_of_id")
        batch_op.drop_column("split_from_id")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("remaining")
        batch_op.drop_column("review_on")
        batch_op.drop_column("ruling_asked")
        batch_op.drop_column("withdrawal_asked")
        batch_op.drop_column("suspension_asked")
        batch_op.drop_column("extension_asked")
        batch_op.drop_column("supervised")
        batch_op.drop_column("escalation")
        batch_op.drop_column("red_flag")
        batch_op.drop_column("confidential")
        batch_op.drop_column("accept_due")

    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.drop_column("paused")
        batch_op.drop_column("extended")
        batch_op.drop_column("sent_back_at")
        batch_op.drop_column("staged_at")
        batch_op.drop_column("stage_due")

    with op.batch_alter_table("categories", schema=None) as batch_op:
        batch_op.drop_column("hint")

    op.drop_table("rating_rights")
    with op.batch_alter_table("progress_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_progress_links_issue_id"))

    op.drop_table("progress_links")
    with op.batch_alter_table("issue_watchers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_watchers_person_id"))

    op.drop_table("issue_watchers")
    with op.batch_alter_table("issue_requests", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_issue_requests_pending",
            sqlite_where=sa.text("decision IS NULL"),
            postgresql_where=sa.text("decision IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_issue_requests_issue_id"))

    op.drop_table("issue_requests")
    with op.batch_alter_table("issue_duties", schema=None) as batch_op:
        batch_op.drop_index("ix_issue_duties_unit")
        batch_op.drop_index(batch_op.f("ix_issue_duties_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_issue_duties_issue_id"))

    op.drop_table("issue_duties")
    with op.batch_alter_table("response_templates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_response_templates_move"))

    op.drop_table("response_templates")
    op.drop_table("limit_rules")
