"""Add superiors' forms: workbooks, what stands in their cells, and how they were filled."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "e5a9c31f7b40"
down_revision = "c41e8b7a2d56"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "superior_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("superior", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superior_forms")),
    )
    op.create_table(
        "superior_form_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.Column("lost", sa.JSON(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["superior_forms.id"], name=op.f("fk_superior_form_versions_form_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_superior_form_versions_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["people.id"], name=op.f("fk_superior_form_versions_released_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superior_form_versions")),
        sa.UniqueConstraint("form_id", "number", name=op.f("uq_superior_form_versions_form_id_number")),
    )
    with op.batch_alter_table("superior_form_versions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_superior_form_versions_draft",
            ["form_id"],
            unique=True,
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        )

    op.create_table(
        "superior_form_cells",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=31), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("part", sa.String(length=30), nullable=True),
        sa.Column("period", sa.String(length=30), nullable=False),
        sa.Column("narrowed", sa.JSON(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["superior_form_versions.id"], name=op.f("fk_superior_form_cells_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superior_form_cells")),
        sa.UniqueConstraint(
            "version_id",
            "sheet",
            "row",
            "column",
            name=op.f("uq_superior_form_cells_version_id_sheet_row_column"),
        ),
    )
    op.create_table(
        "superior_form_fillings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_superior_form_fillings_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["superior_form_versions.id"], name=op.f("fk_superior_form_fillings_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superior_form_fillings")),
    )
    with op.batch_alter_table("superior_form_fillings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_superior_form_fillings_version_id"), ["version_id"], unique=False
        )

    op.create_table(
        "superior_form_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=31), nullable=False),
        sa.Column("first_row", sa.Integer(), nullable=False),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("list_of", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=30), nullable=False),
        sa.CheckConstraint("first_row <= last_row", name=op.f("ck_superior_form_rows_in_order")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["superior_form_versions.id"], name=op.f("fk_superior_form_rows_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superior_form_rows")),
        sa.UniqueConstraint("version_id", "sheet", name=op.f("uq_superior_form_rows_version_id_sheet")),
    )


def downgrade():
    op.drop_table("superior_form_rows")
    with op.batch_alter_table("superior_form_fillings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_superior_form_fillings_version_id"))

    op.drop_table("superior_form_fillings")
    op.drop_table("superior_form_cells")
    with op.batch_alter_table("superior_form_versions", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_superior_form_versions_draft",
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        )

    op.drop_table("superior_form_versions")
    op.drop_table("superior_forms")
