"""Lay the limit rules, which were constants before."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "5f1c8a2d7e40"
down_revision = "48756b1abf43"
branch_labels = None
depends_on = None

CLOSINGS = {"consultation": 3, "ordinary": 7, "complex": 15, "major": 30}
STAGE_FROM, STAGE = 7, 3
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
RULES = sa.table(
    "limit_rules",
    *(
        sa.column(name)
        for name in ("urgency", "complexity", "accept", "sign", "contact", "stage", "closing")
    ),
    sa.column("valid_from", sa.DateTime(timezone=True)),
    sa.column("reason"),
    sa.column("ended_reason"),
)


def upgrade():
    with op.batch_alter_table("limit_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("ended_reason", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_limit_rules_ended_by_id"), "people", ["ended_by_id"], ["id"]
        )
    with op.batch_alter_table("limit_rules", schema=None) as batch_op:
        batch_op.alter_column("ended_reason", server_default=None)
    lay_rules(op.get_bind())


def lay_rules(connection):
    """Write the former constants as rules into an installation that is in use and has none."""
    is_used = connection.scalar(sa.text("SELECT count(*) FROM categories"))
    if not is_used or connection.scalar(sa.text("SELECT count(*) FROM limit_rules")):
        return
    rows = [
        {
            "urgency": urgency,
            "complexity": complexity,
            "accept": 1,
            "sign": 1,
            "contact": 0 if urgency else 1,
            "stage": STAGE if closing >= STAGE_FROM else None,
            "closing": closing,
            "valid_from": BEGINNING,
            "reason": "",
            "ended_reason": "",
        }
        for complexity, closing in CLOSINGS.items()
        for urgency in (None, "urgent", "critical")
    ]
    op.bulk_insert(RULES, rows)


def downgrade():
    with op.batch_alter_table("limit_rules", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_limit_rules_ended_by_id"), type_="foreignkey")
        batch_op.drop_column("ended_reason")
        batch_op.drop_column("ended_by_id")
