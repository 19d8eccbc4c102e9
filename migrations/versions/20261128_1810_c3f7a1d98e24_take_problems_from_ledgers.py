"""Take problems over from older ledgers: name the import, let ended tasks be without due dates."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "c3f7a1d98e24"
down_revision = "e5a9c31f7b40"
branch_labels = None
depends_on = None

DUES = ("due_on", "original_due_on")
RUNNING = "ended_at IS NOT NULL OR (due_on IS NOT NULL AND original_due_on IS NOT NULL)"
DISPATCHES = sa.table("dispatches", sa.column("assigned_at"), *(sa.column(name) for name in DUES))


def upgrade():
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("import_run_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_issues_import_run_id"), ["import_run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issues_external_no"), ["external_no"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_issues_import_run_id"), "import_runs", ["import_run_id"], ["id"]
        )
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        for name in DUES:
            batch_op.alter_column(name, existing_type=sa.Date(), nullable=True)
        batch_op.create_check_constraint(op.f("ck_dispatches_due_while_running"), RUNNING)


def downgrade():
    # An older version cannot say that no due date is known: the day of the assignment stands for it.
    for name in DUES:
        empty = sa.update(DISPATCHES).where(DISPATCHES.c[name].is_(None))
        op.execute(empty.values({name: sa.func.date(DISPATCHES.c.assigned_at)}))
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_dispatches_due_while_running"), type_="check")
        for name in DUES:
            batch_op.alter_column(name, existing_type=sa.Date(), nullable=False)
    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_issues_import_run_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_issues_external_no"))
        batch_op.drop_index(batch_op.f("ix_issues_import_run_id"))
        batch_op.drop_column("import_run_id")
