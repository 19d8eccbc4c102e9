"""Let visits be checked that were not drawn."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "b7f2c4e81d93"
down_revision = "7d0b5e3c91af"
branch_labels = None
depends_on = None

CHECK = "ck_sample_items_passed_on"


def upgrade():
    with op.batch_alter_table("sample_items", schema=None) as batch_op:
        batch_op.alter_column("sample_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(op.f(CHECK), "sample_id IS NOT NULL OR kind = 'visit'")


def downgrade():
    op.execute("DELETE FROM sample_items WHERE sample_id IS NULL")
    with op.batch_alter_table("sample_items", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.alter_column("sample_id", existing_type=sa.Integer(), nullable=False)
