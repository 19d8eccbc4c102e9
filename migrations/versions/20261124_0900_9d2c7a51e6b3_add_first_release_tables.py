"""Add first release tables."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

from visits.core.db import append_only_statements
from visits.core.folding import folded_lines
from visits.core.search import index_statements, no_index_statements

revision = "9d2c7a51e6b3"
down_revision = "4b1e6c2f9a70"
branch_labels = None
depends_on = None

LOGS = ("calendar_changes", "visit_versions")

SEARCHED = (
    ("issues", "issue_texts", "issue_id", ("number", "external_no", "title", "description", "wish")),
    ("visits", "visit_texts", "visit_id", ("place", "summary")),
)


def upgrade():
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("code", name=op.f("uq_tags_code")),
        sa.UniqueConstraint("name", name=op.f("uq_tags_name")),
    )
    op.create_table(
        "calendar_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_calendar_changes_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_changes")),
    )
    with op.batch_alter_table("calendar_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_changes_year"), ["year"], unique=False)

    op.create_table(
        "distinct_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_distinct_pairs_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["first_id"], ["enterprises.id"], name=op.f("fk_distinct_pairs_first_id")),
        sa.ForeignKeyConstraint(
            ["second_id"], ["enterprises.id"], name=op.f("fk_distinct_pairs_second_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinct_pairs")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_distinct_pairs_first_id_second_id")),
        info={"merge": "stays"},
    )
    with op.batch_alter_table("distinct_pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_distinct_pairs_second_id"), ["second_id"], unique=False)

    op.create_table(
        "enterprise_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Numeric(precision=16, scale=4), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_enterprise_facts_enterprise_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["people.id"], name=op.f("fk_enterprise_facts_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_facts")),
        info={"merge": "moves unless known", "like": ("year", "measure", "superseded_at")},
    )
    with op.batch_alter_table("enterprise_facts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_enterprise_facts_enterprise", ["enterprise_id", "year", "measure"], unique=False
        )
        batch_op.create_index("ix_enterprise_facts_measure", ["measure", "year", "value"], unique=False)

    op.create_table(
        "enterprise_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loser_id", sa.Integer(), nullable=False),
        sa.Column("winner_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undo_reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["loser_id"], ["enterprises.id"], name=op.f("fk_enterprise_merges_loser_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_by_id"], ["people.id"], name=op.f("fk_enterprise_merges_merged_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["people.id"], name=op.f("fk_enterprise_merges_undone_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["winner_id"], ["enterprises.id"], name=op.f("fk_enterprise_merges_winner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_merges")),
        info={"merge": "stays"},
    )
    with op.batch_alter_table("enterprise_merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprise_merges_loser_id"), ["loser_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprise_merges_winner_id"), ["winner_id"], unique=False)

    op.create_table(
        "import_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undo_reason", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_import_runs_person_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["people.id"], name=op.f("fk_import_runs_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
    )
    op.create_table(
        "open_forms",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(length=80), nullable=False),
        sa.Column("person_name", sa.String(length=60), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_open_forms_person_id")),
        sa.PrimaryKeyConstraint("person_id", "record", name=op.f("pk_open_forms")),
    )
    with op.batch_alter_table("open_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_open_forms_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "password_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_password_links_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_password_links_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_links")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_password_links_code_hash")),
    )
    with op.batch_alter_table("password_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_links_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("street", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_sites_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        info={"merge": "moves unless known", "like": ("name", "address", "ended_on")},
    )
    with op.batch_alter_table("sites", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sites_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "tag_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=30), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removal_reason", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_tag_grants_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_tag_grants_tag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_grants")),
        info={
            "merge": "moves unless known",
            "like": ("tag_id", "level", "granted_on", "expires_on", "removed_at"),
        },
    )
    with op.batch_alter_table("tag_grants", schema=None) as batch_op:
        batch_op.create_index("ix_tag_grants_enterprise", ["enterprise_id", "tag_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tag_grants_tag_id"), ["tag_id"], unique=False)

    op.create_table(
        "visit_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("excerpt", sa.String(length=60), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_visit_drafts_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_drafts")),
        sa.UniqueConstraint("author_id", "client_id", name=op.f("uq_visit_drafts_author_id_client_id")),
    )
    op.create_table(
        "import_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_import_changes_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["import_runs.id"], name=op.f("fk_import_changes_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_changes")),
        info={"merge": "stays"},
    )
    with op.batch_alter_table("import_changes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_changes_enterprise_id"), ["enterprise_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_import_changes_run_id"), ["run_id"], unique=False)

    op.create_table(
        "visit_texts",
        sa.Column("visit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_texts_visit_id")),
        sa.PrimaryKeyConstraint("visit_id", name=op.f("pk_visit_texts")),
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
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_visit_versions_made_by_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_versions_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_versions")),
        sa.UniqueConstraint("visit_id", "seq", name=op.f("uq_visit_versions_visit_id_seq")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=32), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("has_thumbnail", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_reason", sa.String(length=200), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_reason = '')", name=op.f("ck_attachments_removed_with_reason")
        ),
        sa.CheckConstraint(
            "(visit_id IS NULL) <> (issue_id IS NULL)", name=op.f("ck_attachments_one_parent")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_attachments_issue_id")),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["people.id"], name=op.f("fk_attachments_removed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["people.id"], name=op.f("fk_attachments_uploaded_by_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_attachments_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_attachments_storage_key")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_uploaded_by_id"), ["uploaded_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "issue_texts",
        sa.Column("issue_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_issue_texts_issue_id")),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_issue_texts")),
    )
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.add_column(sa.Column("visited_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("mode", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_attendances_person_id"))
        batch_op.drop_index(batch_op.f("ix_attendances_unit_id"))
        batch_op.drop_constraint(batch_op.f("uq_attendances_visit_id_person_id"), type_="unique")
        batch_op.create_index(
            "ix_attendances_current",
            ["visit_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(
            "ix_attendances_outsiders",
            ["name", "superseded_at", "visit_id"],
            unique=False,
            sqlite_where=sa.text("person_id IS NULL"),
            postgresql_where=sa.text("person_id IS NULL"),
        )
        batch_op.create_index(
            "ix_attendances_person", ["person_id", "superseded_at", "visit_id"], unique=False
        )
        batch_op.create_index("ix_attendances_unit", ["unit_id", "superseded_at", "visit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendances_visited_on"), ["visited_on"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_attendances_group_id"), "groups", ["group_id"], ["id"])

    with op.batch_alter_table("calendar_days", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=200), nullable=True))

    with op.batch_alter_table("categories", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_categories_parent_id"), ["parent_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_categories_parent_id"), "categories", ["parent_id"], ["id"]
        )

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_verified_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("end_reason", sa.String(length=200), nullable=True))

    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispatches_unit"))
        batch_op.create_index("ix_dispatches_unit", ["unit_id", "ended_at", "issue_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispatches_contact_due"), ["contact_due"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispatches_due_on"), ["due_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_dispatches_original_due_on"), ["original_due_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_dispatches_sign_due"), ["sign_due"], unique=False)

    with op.batch_alter_table("enterprise_status_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprise_status_changes_enterprise_id"))
        batch_op.create_index(
            "ix_enterprise_status_changes_enterprise", ["enterprise_id", "from_on"], unique=False
        )

    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ownership", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            "ix_enterprises_merged",
            ["merged_into_id"],
            unique=False,
            sqlite_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_enterprises_merged_into_id"), "enterprises", ["merged_into_id"], ["id"]
        )

    with op.batch_alter_table("issue_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_moves_recorded_at"), ["recorded_at"], unique=False)

    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issues_category_id"))
        batch_op.drop_index(batch_op.f("ix_issues_registered_on"))
        batch_op.create_index("ix_issues_category", ["category_id", "state"], unique=False)
        batch_op.create_index("ix_issues_registered", ["registered_on", "state"], unique=False)
        batch_op.create_index("ix_issues_state_since", ["state_since", "registered_on"], unique=False)

    with op.batch_alter_table("settings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("changed_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_settings_changed_by_id"), "people", ["changed_by_id"], ["id"]
        )

    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("size", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("findings", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("sheet", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("heading_row", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("stage", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("problem", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("worker", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("done", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("total", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_uploads_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("visit_pairs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_late", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("visited_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("mode", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_visit_pairs_enterprise_id"))
        batch_op.drop_constraint(batch_op.f("uq_visit_pairs_visit_id_enterprise_id"), type_="unique")
        batch_op.create_index(
            "ix_visit_pairs_current",
            ["visit_id", "enterprise_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(
            "ix_visit_pairs_enterprise", ["enterprise_id", "superseded_at", "visit_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_visit_pairs_visit_id"), ["visit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_pairs_visited_on"), ["visited_on"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_visit_pairs_group_id"), "groups", ["group_id"], ["id"])

    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.add_column(sa.Column("voided_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            "ix_visits_late",
            ["visited_on"],
            unique=False,
            sqlite_where=sa.text("recorded_on > timely_until"),
            postgresql_where=sa.text("recorded_on > timely_until"),
        )
        batch_op.create_index("ix_visits_valid", ["voided_at", "visited_on", "id"], unique=False)
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
    for position, (code, name) in enumerate(
        (
            ("above_scale", "规上企业"),
            ("above_quota", "限上企业"),
            ("hundred_million_output", "亿元产值企业"),
            ("srdi", "专精特新中小企业"),
            ("little_giant", "专精特新“小巨人”企业"),
            ("innovative_sme", "创新型中小企业"),
            ("tech_sme", "科技型中小企业"),
            ("hitech", "高新技术企业"),
            ("chain_leader", "链主企业"),
            ("listed", "上市企业"),
            ("pre_listed", "拟上市企业"),
            ("key", "重点企业"),
        ),
        1,
    ):
        op.execute(
            sa.text("INSERT INTO tags (code, name, position) VALUES (:code, :name, :position)").bindparams(
                code=code, name=name, position=position * 10
            )
        )
    op.execute(
        "INSERT INTO tags (name, position) SELECT DISTINCT name, 1000 FROM enterprise_tags "
        "WHERE name NOT IN (SELECT name FROM tags)"
    )
    op.execute(
        "INSERT INTO tag_grants (enterprise_id, tag_id, document_no, removal_reason, created_at) "
        "SELECT g.enterprise_id, t.id, '', '', e.created_at FROM enterprise_tags g "
        "JOIN tags t ON t.name = g.name JOIN enterprises e ON e.id = g.enterprise_id"
    )
    op.execute("UPDATE contacts SET end_reason = ''")
    bind = op.get_bind()
    for table, texts, key, columns in SEARCHED:
        for statement in index_statements(texts, key, bind.dialect.name):
            bind.exec_driver_sql(statement)
        searched = sa.table(table, *map(sa.column, ("id", *columns)))
        found = [{key: row.id, "text": folded_lines(row[1:])} for row in bind.execute(sa.select(searched))]
        if found:
            bind.execute(sa.insert(sa.table(texts, sa.column(key), sa.column("text"))), found)
    op.execute(
        "UPDATE uploads SET stage = CASE WHEN committed_at IS NULL THEN 'read' ELSE 'written' END, "
        "size = 0, sheet = '', done = 0, total = 0, problem = '{}'"
    )
    op.execute("UPDATE calendar_days SET source = '' WHERE source IS NULL")

    op.drop_table("enterprise_tags")
    with op.batch_alter_table("attendances") as batch_op:
        batch_op.alter_column("visited_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("mode", existing_type=sa.String(length=30), nullable=False)
        batch_op.alter_column("recorded_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    with op.batch_alter_table("calendar_days") as batch_op:
        batch_op.alter_column("source", existing_type=sa.String(length=200), nullable=False)
    with op.batch_alter_table("contacts") as batch_op:
        batch_op.alter_column("end_reason", existing_type=sa.String(length=200), nullable=False)
    with op.batch_alter_table("uploads") as batch_op:
        batch_op.alter_column("size", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("sheet", existing_type=sa.String(length=120), nullable=False)
        batch_op.alter_column("stage", existing_type=sa.String(length=30), nullable=False)
        batch_op.alter_column("problem", existing_type=sa.JSON(), nullable=False)
        batch_op.alter_column("done", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("total", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("visit_pairs") as batch_op:
        batch_op.alter_column("is_late", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("visited_on", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("mode", existing_type=sa.String(length=30), nullable=False)
        batch_op.alter_column("recorded_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    for table in LOGS:
        for statement in append_only_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade():
    op.execute(
        "DELETE FROM pair_programmes WHERE pair_id IN "
        "(SELECT id FROM visit_pairs WHERE superseded_at IS NOT NULL)"
    )
    op.execute("DELETE FROM visit_pairs WHERE superseded_at IS NOT NULL")
    op.execute("DELETE FROM attendances WHERE superseded_at IS NOT NULL")
    bind = op.get_bind()
    for _, texts, _, _ in SEARCHED:
        for statement in no_index_statements(texts, bind.dialect.name):
            bind.exec_driver_sql(statement)
    if bind.dialect.name == "postgresql":
        op.execute("DROP FUNCTION bigrams(text)")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_visits_voided_by_id"), type_="foreignkey")
        batch_op.drop_index("ix_visits_valid")
        batch_op.drop_index(
            "ix_visits_late",
            sqlite_where=sa.text("recorded_on > timely_until"),
            postgresql_where=sa.text("recorded_on > timely_until"),
        )
        batch_op.drop_column("voided_by_id")

    with op.batch_alter_table("visit_pairs", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_visit_pairs_group_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_visit_pairs_visited_on"))
        batch_op.drop_index(batch_op.f("ix_visit_pairs_visit_id"))
        batch_op.drop_index("ix_visit_pairs_enterprise")
        batch_op.drop_index(
            "ix_visit_pairs_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_visit_pairs_visit_id_enterprise_id"), ["visit_id", "enterprise_id"]
        )
        batch_op.create_index(batch_op.f("ix_visit_pairs_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.drop_column("superseded_at")
        batch_op.drop_column("recorded_at")
        batch_op.drop_column("group_id")
        batch_op.drop_column("mode")
        batch_op.drop_column("visited_on")
        batch_op.drop_column("is_late")

    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_uploads_person_id"))
        batch_op.drop_column("total")
        batch_op.drop_column("done")
        batch_op.drop_column("beat_at")
        batch_op.drop_column("worker")
        batch_op.drop_column("problem")
        batch_op.drop_column("stage")
        batch_op.drop_column("heading_row")
        batch_op.drop_column("sheet")
        batch_op.drop_column("findings")
        batch_op.drop_column("size")
        batch_op.drop_column("content")

    with op.batch_alter_table("settings", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_settings_changed_by_id"), type_="foreignkey")
        batch_op.drop_column("changed_by_id")
        batch_op.drop_column("changed_at")

    with op.batch_alter_table("issues", schema=None) as batch_op:
        batch_op.drop_index("ix_issues_state_since")
        batch_op.drop_index("ix_issues_registered")
        batch_op.drop_index("ix_issues_category")
        batch_op.create_index(batch_op.f("ix_issues_registered_on"), ["registered_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_issues_category_id"), ["category_id"], unique=False)

    with op.batch_alter_table("issue_moves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_moves_recorded_at"))

    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_enterprises_merged_into_id"), type_="foreignkey")
        batch_op.drop_index(
            "ix_enterprises_merged",
            sqlite_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
        )
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("ownership")

    with op.batch_alter_table("enterprise_status_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprise_status_changes_enterprise")
        batch_op.create_index(
            batch_op.f("ix_enterprise_status_changes_enterprise_id"), ["enterprise_id"], unique=False
        )

    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispatches_sign_due"))
        batch_op.drop_index(batch_op.f("ix_dispatches_original_due_on"))
        batch_op.drop_index(batch_op.f("ix_dispatches_due_on"))
        batch_op.drop_index(batch_op.f("ix_dispatches_contact_due"))
        batch_op.drop_index("ix_dispatches_unit")
        batch_op.create_index(batch_op.f("ix_dispatches_unit"), ["unit_id", "ended_at"], unique=False)

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_column("end_reason")
        batch_op.drop_column("ended_on")
        batch_op.drop_column("last_verified_on")

    with op.batch_alter_table("categories", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_categories_parent_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_categories_parent_id"))
        batch_op.drop_column("parent_id")

    with op.batch_alter_table("calendar_days", schema=None) as batch_op:
        batch_op.drop_column("source")

    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_attendances_group_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_attendances_visited_on"))
        batch_op.drop_index("ix_attendances_unit")
        batch_op.drop_index("ix_attendances_person")
        batch_op.drop_index(
            "ix_attendances_outsiders",
            sqlite_where=sa.text("person_id IS NULL"),
            postgresql_where=sa.text("person_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_attendances_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_attendances_visit_id_person_id"), ["visit_id", "person_id"]
        )
        batch_op.create_index(batch_op.f("ix_attendances_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendances_person_id"), ["person_id"], unique=False)
        batch_op.drop_column("superseded_at")
        batch_op.drop_column("recorded_at")
        batch_op.drop_column("group_id")
        batch_op.drop_column("mode")
        batch_op.drop_column("visited_on")

    op.create_table(
        "enterprise_tags",
        sa.Column("enterprise_id", sa.INTEGER(), nullable=False),
        sa.Column("name", sa.VARCHAR(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_enterprise_tags_enterprise_id")
        ),
        sa.PrimaryKeyConstraint("enterprise_id", "name", name=op.f("pk_enterprise_tags")),
    )
    op.execute(
        "INSERT INTO enterprise_tags (enterprise_id, name) SELECT DISTINCT g.enterprise_id, t.name "
        "FROM tag_grants g JOIN tags t ON t.id = g.tag_id WHERE g.removed_at IS NULL"
    )
    op.drop_table("issue_texts")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_visit_id"))
        batch_op.drop_index(batch_op.f("ix_attachments_uploaded_by_id"))
        batch_op.drop_index(batch_op.f("ix_attachments_issue_id"))

    op.drop_table("attachments")
    op.drop_table("visit_versions")
    op.drop_table("visit_texts")
    with op.batch_alter_table("import_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_changes_run_id"))
        batch_op.drop_index(batch_op.f("ix_import_changes_enterprise_id"))

    op.drop_table("import_changes")
    op.drop_table("visit_drafts")
    with op.batch_alter_table("tag_grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tag_grants_tag_id"))
        batch_op.drop_index("ix_tag_grants_enterprise")

    op.drop_table("tag_grants")
    with op.batch_alter_table("sites", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sites_enterprise_id"))

    op.drop_table("sites")
    with op.batch_alter_table("password_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_password_links_person_id"))

    op.drop_table("password_links")
    with op.batch_alter_table("open_forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_open_forms_seen_at"))

    op.drop_table("open_forms")
    op.drop_table("import_runs")
    with op.batch_alter_table("enterprise_merges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprise_merges_winner_id"))
        batch_op.drop_index(batch_op.f("ix_enterprise_merges_loser_id"))

    op.drop_table("enterprise_merges")
    with op.batch_alter_table("enterprise_facts", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprise_facts_measure")
        batch_op.drop_index("ix_enterprise_facts_enterprise")

    op.drop_table("enterprise_facts")
    with op.batch_alter_table("distinct_pairs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_distinct_pairs_second_id"))

    op.drop_table("distinct_pairs")
    with op.batch_alter_table("calendar_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_changes_year"))

    op.drop_table("calendar_changes")
    op.drop_table("tags")
    if op.get_bind().dialect.name == "postgresql":
        for table in LOGS:
            for verb in ("update", "delete"):
                op.execute(f"DROP FUNCTION {table}_refuse_{verb}()")
