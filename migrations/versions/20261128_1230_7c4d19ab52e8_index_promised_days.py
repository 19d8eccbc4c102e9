"""Index promised days."""

from alembic import op

revision = "7c4d19ab52e8"
down_revision = "2ae2b3d50db7"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_issues_commitment_due", "issues", ["commitment_due"])


def downgrade():
    op.drop_index("ix_issues_commitment_due", "issues")
