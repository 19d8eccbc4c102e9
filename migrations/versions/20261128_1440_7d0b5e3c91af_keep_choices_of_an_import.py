"""Keep what the sender of a spreadsheet chose besides its columns."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "7d0b5e3c91af"
down_revision = "5d2e8f41c7b0"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chosen", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.alter_column("chosen", server_default=None)


def downgrade():
    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.drop_column("chosen")
