"""Keep with an order how its problems stood when it was issued."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "5d2e8f41c7b0"
down_revision = "6e3b1f9d2a58"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "supervision_order_problems", sa.Column("stood", sa.JSON(none_as_null=True), nullable=True)
    )


def downgrade():
    op.drop_column("supervision_order_problems", "stood")
