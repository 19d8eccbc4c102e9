"""Index the visits of an enterprise by day."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

from alembic import op

revision = "a8d31c6f05b2"
down_revision = "f2b6d09c4e17"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_visit_pairs_firm_day", "visit_pairs", ["enterprise_id", "visited_on"], unique=False)


def downgrade():
    op.drop_index("ix_visit_pairs_firm_day", table_name="visit_pairs")
