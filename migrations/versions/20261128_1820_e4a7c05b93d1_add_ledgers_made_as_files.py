"""Add ledgers that are made as files apart from a request."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "e4a7c05b93d1"
down_revision = "c3f7a1d98e24"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "ledger_exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("book", sa.String(length=30), nullable=False),
        sa.Column("format", sa.String(length=4), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("is_office", sa.Boolean(), nullable=False),
        sa.Column("sort", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("reach", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("worker", sa.String(length=32), nullable=True),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_key", sa.String(length=32), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(stage = 'done') = (file_key IS NOT NULL)", name=op.f("ck_ledger_exports_file_when_done")
        ),
        sa.CheckConstraint(
            "(stage = 'done') = (made_at IS NOT NULL)", name=op.f("ck_ledger_exports_made_when_done")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_ledger_exports_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_exports")),
    )
    with op.batch_alter_table("ledger_exports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_exports_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_exports_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_ledger_exports_stage", ["stage", "id"], unique=False)


def downgrade():
    with op.batch_alter_table("ledger_exports", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_exports_stage")
        batch_op.drop_index(batch_op.f("ix_ledger_exports_person_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_exports_expires_at"))

    op.drop_table("ledger_exports")
