"""Add handovers, and who looks after a problem since one."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "a93c5d7be410"
down_revision = "b7f2c4e81d93"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name=op.f("ck_handovers_ends")),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_handovers_two_parties")),
        sa.ForeignKeyConstraint(["from_id"], ["people.id"], name=op.f("fk_handovers_from_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["people.id"], name=op.f("fk_handovers_opened_by_id")),
        sa.ForeignKeyConstraint(["to_id"], ["people.id"], name=op.f("fk_handovers_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handovers_from_id"), ["from_id"], unique=False)
        batch_op.create_index(
            "ix_handovers_running",
            ["from_id"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "handover_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'declined' OR reason <> ''", name=op.f("ck_handover_items_declined_with_reason")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (done_on IS NOT NULL)", name=op.f("ck_handover_items_done_on_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_handover_items_enterprise_id")
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_handover_items_handover_id")
        ),
        sa.ForeignKeyConstraint(["receiver_id"], ["people.id"], name=op.f("fk_handover_items_receiver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_items")),
        sa.UniqueConstraint(
            "handover_id", "kind", "record_id", name=op.f("uq_handover_items_handover_id_kind_record_id")
        ),
    )
    with op.batch_alter_table("handover_items", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_handover_items_enterprise_id"), ["enterprise_id"], unique=False
        )
        batch_op.create_index("ix_handover_items_receiver", ["receiver_id", "state"], unique=False)

    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("carried_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_issues_carried_by_id"), ["carried_by_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_issues_carried_by_id"), "people", ["carried_by_id"], ["id"]
        )


def downgrade():
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_issues_carried_by_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_issues_carried_by_id"))
        batch_op.drop_column("carried_by_id")

    with op.batch_alter_table("handover_items", schema=None) as batch_op:
        batch_op.drop_index("ix_handover_items_receiver")
        batch_op.drop_index(batch_op.f("ix_handover_items_enterprise_id"))

    op.drop_table("handover_items")
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_handovers_running",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index(batch_op.f("ix_handovers_from_id"))

    op.drop_table("handovers")
