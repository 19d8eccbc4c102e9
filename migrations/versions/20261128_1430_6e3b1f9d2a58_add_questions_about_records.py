"""Add questions about records."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "6e3b1f9d2a58"
down_revision = "3c9f7ab24d10"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "record_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=True),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=30), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing", sa.String(length=30), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_record_questions_answered_with_moment"),
        ),
        sa.CheckConstraint(
            "(closing IS NULL) = (closed_at IS NULL)", name=op.f("ck_record_questions_closed_with_moment")
        ),
        sa.CheckConstraint(
            "(kind = 'denied') = (issue_id IS NOT NULL)", name=op.f("ck_record_questions_denied_by_link")
        ),
        sa.ForeignKeyConstraint(["asked_id"], ["people.id"], name=op.f("fk_record_questions_asked_id")),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["people.id"], name=op.f("fk_record_questions_closed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_record_questions_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_record_questions_issue_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_record_questions_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_questions")),
        sa.UniqueConstraint("key", name=op.f("uq_record_questions_key")),
    )
    with op.batch_alter_table("record_questions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_record_questions_asked", ["asked_id", "closed_at", "answered_at"], unique=False
        )
        batch_op.create_index("ix_record_questions_open", ["closed_at", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_questions_raised_on"), ["raised_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_questions_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "question_visits",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["record_questions.id"], name=op.f("fk_question_visits_question_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_question_visits_visit_id")),
        sa.PrimaryKeyConstraint("question_id", "visit_id", name=op.f("pk_question_visits")),
    )
    with op.batch_alter_table("question_visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_visits_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "visit_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("has_come", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_visit_answers_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_visit_answers_issue_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_answers_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_answers")),
        sa.UniqueConstraint(
            "visit_id", "enterprise_id", "turn", name=op.f("uq_visit_answers_visit_id_enterprise_id_turn")
        ),
    )
    with op.batch_alter_table("visit_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_answers_enterprise_id"), ["enterprise_id"], unique=False)


def downgrade():
    op.drop_table("visit_answers")
    op.drop_table("question_visits")
    op.drop_table("record_questions")
