"""Add scopes, plans and checks of visits."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "1efa2044fea3"
down_revision = "b41d7e90c6a2"
branch_labels = None
depends_on = None

FILLED = {
    "import_runs": ("cargo",),
    "programmes": ("kind", "revision"),
    "uploads": ("cargo",),
    "visits": ("frequency_reason",),
}


def upgrade():
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calendar_feeds_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feeds_person_id"), ["person_id"], unique=False)

    op.create_table(
        "delegations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("person_id <> deputy_id", name=op.f("ck_delegations_somebody_else")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_delegations_ends_after_start")),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name=op.f("fk_delegations_deputy_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_delegations_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_delegations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegations_deputy_id"), ["deputy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegations_person_id"), ["person_id"], unique=False)

    op.create_table(
        "programme_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.CheckConstraint("until_on > from_on", name=op.f("ck_programme_rounds_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_programme_rounds_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_rounds")),
    )
    with op.batch_alter_table("programme_rounds", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_programme_rounds_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "scope_listings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("is_excluded", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_scope_listings_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_scope_listings_enterprise_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_scope_listings_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["people.id"], name=op.f("fk_scope_listings_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_listings")),
        info={
            "merge": "moves unless known",
            "like": ("programme_id", "is_excluded", "from_on", "until_on", "superseded_at"),
        },
    )
    with op.batch_alter_table("scope_listings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scope_listings_enterprise_id"), ["enterprise_id"], unique=False
        )
        batch_op.create_index(
            "ix_scope_listings_programme", ["programme_id", "enterprise_id"], unique=False
        )

    op.create_table(
        "scope_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_scope_versions_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["people.id"], name=op.f("fk_scope_versions_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_versions")),
    )
    with op.batch_alter_table("scope_versions", schema=None) as batch_op:
        batch_op.create_index("ix_scope_versions_programme", ["programme_id", "from_on"], unique=False)

    op.create_table(
        "scope_tiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=True),
        sa.Column("measure", sa.String(length=30), nullable=True),
        sa.Column("at_least", sa.Numeric(precision=16, scale=4), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=30), nullable=False),
        sa.CheckConstraint(
            "(measure IS NULL) = (at_least IS NULL)", name=op.f("ck_scope_tiers_measure_with_amount")
        ),
        sa.CheckConstraint("visits > 0", name=op.f("ck_scope_tiers_some_visits")),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_scope_tiers_tag_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["scope_versions.id"], name=op.f("fk_scope_tiers_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_tiers")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_scope_tiers_version_id_position")),
    )
    op.create_table(
        "visit_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=True),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("is_invited", sa.Boolean(), nullable=False),
        sa.Column("frequency_reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("end_reason", sa.String(length=200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("moved_to_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'done') = (visit_id IS NOT NULL)", name=op.f("ck_visit_plans_done_by_a_visit")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_visit_plans_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_visit_plans_group_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_visit_plans_made_by_id")),
        sa.ForeignKeyConstraint(
            ["moved_to_id"], ["visit_plans.id"], name=op.f("fk_visit_plans_moved_to_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_visit_plans_owner_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programmes.id"], name=op.f("fk_visit_plans_programme_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_plans_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_plans")),
    )
    with op.batch_alter_table("visit_plans", schema=None) as batch_op:
        batch_op.create_index("ix_visit_plans_day", ["planned_on", "id"], unique=False)
        batch_op.create_index("ix_visit_plans_enterprise", ["enterprise_id", "planned_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_plans_group_id"), ["group_id"], unique=False)
        batch_op.create_index("ix_visit_plans_owner", ["owner_id", "planned_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_plans_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_plans_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "plan_companions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_plan_companions_person_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["visit_plans.id"], name=op.f("fk_plan_companions_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_companions")),
    )
    with op.batch_alter_table("plan_companions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_plan_companions_current",
            ["plan_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_plan_companions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "visit_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=True),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("finding", sa.String(length=30), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(promise_id IS NULL) <> (issue_id IS NULL)", name=op.f("ck_visit_checks_of_one")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_visit_checks_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_visit_checks_issue_id")),
        sa.ForeignKeyConstraint(["promise_id"], ["promises.id"], name=op.f("fk_visit_checks_promise_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["people.id"], name=op.f("fk_visit_checks_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_checks_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_checks")),
    )
    with op.batch_alter_table("visit_checks", schema=None) as batch_op:
        batch_op.create_index("ix_visit_checks_enterprise", ["enterprise_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_checks_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_checks_promise_id"), ["promise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_checks_visit_id"), ["visit_id"], unique=False)

    with op.batch_alter_table("import_runs", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("cargo", sa.String(length=30), nullable=False, server_default="enterprises")
        )

    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=30), nullable=False, server_default="standing")
        )
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))

    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_promises_owner_id"), ["owner_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_promises_owner_id"), "people", ["owner_id"], ["id"])

    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("cargo", sa.String(length=30), nullable=False, server_default="enterprises")
        )

    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("frequency_reason", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("import_run_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_visits_import_run_id"), ["import_run_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_visits_import_run_id"), "import_runs", ["import_run_id"], ["id"]
        )

    op.execute("UPDATE programmes SET kind = 'campaign' WHERE code = 'enterprise_visit'")
    for table, columns in FILLED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)


def downgrade():
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_visits_import_run_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_visits_import_run_id"))
        batch_op.drop_column("import_run_id")
        batch_op.drop_column("frequency_reason")

    with op.batch_alter_table("uploads", schema=None) as batch_op:
        batch_op.drop_column("cargo")

    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_promises_owner_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_promises_owner_id"))
        batch_op.drop_column("owner_id")

    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.drop_column("revision")
        batch_op.drop_column("kind")

    with op.batch_alter_table("import_runs", schema=None) as batch_op:
        batch_op.drop_column("cargo")

    with op.batch_alter_table("visit_checks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_checks_visit_id"))
        batch_op.drop_index(batch_op.f("ix_visit_checks_promise_id"))
        batch_op.drop_index(batch_op.f("ix_visit_checks_issue_id"))
        batch_op.drop_index("ix_visit_checks_enterprise")

    op.drop_table("visit_checks")
    with op.batch_alter_table("plan_companions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_companions_person_id"))
        batch_op.drop_index(
            "ix_plan_companions_current",
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.drop_table("plan_companions")
    with op.batch_alter_table("visit_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_plans_visit_id"))
        batch_op.drop_index(batch_op.f("ix_visit_plans_programme_id"))
        batch_op.drop_index("ix_visit_plans_owner")
        batch_op.drop_index(batch_op.f("ix_visit_plans_group_id"))
        batch_op.drop_index("ix_visit_plans_enterprise")
        batch_op.drop_index("ix_visit_plans_day")

    op.drop_table("visit_plans")
    op.drop_table("scope_tiers")
    with op.batch_alter_table("scope_versions", schema=None) as batch_op:
        batch_op.drop_index("ix_scope_versions_programme")

    op.drop_table("scope_versions")
    with op.batch_alter_table("scope_listings", schema=None) as batch_op:
        batch_op.drop_index("ix_scope_listings_programme")
        batch_op.drop_index(batch_op.f("ix_scope_listings_enterprise_id"))

    op.drop_table("scope_listings")
    with op.batch_alter_table("programme_rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_rounds_programme_id"))

    op.drop_table("programme_rounds")
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegations_person_id"))
        batch_op.drop_index(batch_op.f("ix_delegations_deputy_id"))

    op.drop_table("delegations")
    with op.batch_alter_table("calendar_feeds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feeds_person_id"))

    op.drop_table("calendar_feeds")
