"""Add first release tables."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

from visits.core.db import append_only_statements

revision = "9d2c7a51e6b3"
down_revision = "4b1e6c2f9a70"
branch_labels = None
depends_on = None

LOGS = ("visit_versions",)


def upgrade():
    op.create_table(
        "visit_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_visit_drafts_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_drafts")),
        sa.UniqueConstraint("author_id", "client_id", name=op.f("uq_visit_drafts_author_id_client_id")),
    )
    op.create_table(
        "visit_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_visit_versions_made_by_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_versions_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_versions")),
        sa.UniqueConstraint("visit_id", "seq", name=op.f("uq_visit_versions_visit_id_seq")),
    )
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.add_column(sa.Column("visited_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("mode", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_attendances_visit_id_person_id"), type_="unique")
        batch_op.create_index(
            "ix_attendances_current",
            ["visit_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_attendances_visited_on"), ["visited_on"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_attendances_group_id"), "groups", ["group_id"], ["id"])

    with op.batch_alter_table("visit_pairs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_late", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("visited_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("mode", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_visit_pairs_visit_id_enterprise_id"), type_="unique")
        batch_op.create_index(
            "ix_visit_pairs_current",
            ["visit_id", "enterprise_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_visit_pairs_visit_id"), ["visit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_pairs_visited_on"), ["visited_on"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_visit_pairs_group_id"), "groups", ["group_id"], ["id"])

    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.add_column(sa.Column("voided_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_visits_voided_by_id"), "people", ["voided_by_id"], ["id"]
        )

    op.execute(
        "UPDATE visit_pairs SET (visited_on, mode, group_id, recorded_at, is_late) = "
        "(SELECT v.visited_on, v.mode, v.group_id, v.recorded_at, v.recorded_on > v.timely_until "
        "FROM visits v WHERE v.id = visit_pairs.visit_id)"
    )
    op.execute(
        "UPDATE attendances SET (visited_on, mode, group_id, recorded_at) = "
        "(SELECT v.visited_on, v.mode, v.group_id, v.recorded_at "
        "FROM visits v WHERE v.id = attendances.visit_id)"
    )
    with op.batch_alter_table("attendances") as batch_op:
        batch_op.alter_column("visited_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("mode", existing_type=sa.String(length=30), nullable=False)
        batch_op.alter_column("recorded_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    with op.batch_alter_table("visit_pairs") as batch_op:
        batch_op.alter_column("is_late", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("visited_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("mode", existing_type=sa.String(length=30), nullable=False)
        batch_op.alter_column("recorded_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    for table in LOGS:
        for statement in append_only_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade():
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_visits_voided_by_id"), type_="foreignkey")
        batch_op.drop_column("voided_by_id")

    with op.batch_alter_table("visit_pairs", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_visit_pairs_group_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_visit_pairs_visited_on"))
        batch_op.drop_index(batch_op.f("ix_visit_pairs_visit_id"))
        batch_op.drop_index(
            "ix_visit_pairs_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_visit_pairs_visit_id_enterprise_id"), ["visit_id", "enterprise_id"]
        )
        batch_op.drop_column("superseded_at")
        batch_op.drop_column("recorded_at")
        batch_op.drop_column("group_id")
        batch_op.drop_column("mode")
        batch_op.drop_column("visited_on")
        batch_op.drop_column("is_late")

    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_attendances_group_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_attendances_visited_on"))
        batch_op.drop_index(
            "ix_attendances_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_attendances_visit_id_person_id"), ["visit_id", "person_id"]
        )
        batch_op.drop_column("superseded_at")
        batch_op.drop_column("recorded_at")
        batch_op.drop_column("group_id")
        batch_op.drop_column("mode")
        batch_op.drop_column("visited_on")

    op.drop_table("visit_versions")
    op.drop_table("visit_drafts")
    if op.get_bind().dialect.name == "postgresql":
        for table in LOGS:
            for verb in ("update", "delete"):
                op.execute(f"DROP FUNCTION {table}_refuse_{verb}()")
