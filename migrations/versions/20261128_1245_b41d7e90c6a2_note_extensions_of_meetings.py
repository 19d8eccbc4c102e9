"""Note extensions that meetings grant."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "b41d7e90c6a2"
down_revision = "7c4d19ab52e8"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("agenda_items", sa.Column("extended_to", sa.Date(), nullable=True))


def downgrade():
    op.drop_column("agenda_items", "extended_to")
