"""Carry promises further: their end, their changes, and what was closed when it was asked about."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

from visits.core.db import append_only_statements

revision = "3c9f7ab24d10"
down_revision = "1efa2044fea3"
branch_labels = None
depends_on = None

FILLED = {"promises": ("revision", "withdraw_reason"), "visit_checks": ("of_closed",)}


def upgrade():
    op.create_table(
        "promise_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_promise_versions_made_by_id")),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promises.id"], name=op.f("fk_promise_versions_promise_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_versions")),
    )
    with op.batch_alter_table("promise_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_versions_promise_id"), ["promise_id"], unique=False)
    for statement in append_only_statements("promise_versions", op.get_bind().dialect.name):
        op.execute(statement)
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_at_visit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("withdraw_reason", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_index(batch_op.f("ix_promises_kept_at_visit_id"), ["kept_at_visit_id"])
        batch_op.create_index("ix_promises_due", ["kept_on", "withdrawn_on", "due_on"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_promises_kept_at_visit_id"), "visits", ["kept_at_visit_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_promises_withdrawn_by_id"), "people", ["withdrawn_by_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_promises_withdrawn_with_reason"),
            "(withdrawn_on IS NULL) = (withdraw_reason = '')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_promises_kept_or_withdrawn"), "withdrawn_on IS NULL OR kept_on IS NULL"
        )
    with op.batch_alter_table("visit_checks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("of_closed", sa.Boolean(), nullable=False, server_default=sa.false()))
    for table, columns in FILLED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)


def downgrade():
    with op.batch_alter_table("visit_checks", schema=None) as batch_op:
        batch_op.drop_column("of_closed")
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_promises_kept_or_withdrawn"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_promises_withdrawn_with_reason"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_promises_withdrawn_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_promises_kept_at_visit_id"), type_="foreignkey")
        batch_op.drop_index("ix_promises_due")
        batch_op.drop_index(batch_op.f("ix_promises_kept_at_visit_id"))
        for column in (
            "revision",
            "withdrawn_by_id",
            "withdraw_reason",
            "withdrawn_on",
            "kept_at_visit_id",
        ):
            batch_op.drop_column(column)
    with op.batch_alter_table("promise_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_versions_promise_id"))
    op.drop_table("promise_versions")
