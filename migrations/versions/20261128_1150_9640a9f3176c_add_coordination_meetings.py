"""Add coordination meetings."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "9640a9f3176c"
down_revision = "c5e81f3a07d4"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "meeting_counters",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_meeting_counters")),
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("meets_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("chair", sa.String(length=60), nullable=False),
        sa.Column("recorder", sa.String(length=60), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("called_by_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=200), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("demands", sa.Text(), nullable=False),
        sa.Column("distribution", sa.String(length=300), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancel_reason = '')", name=op.f("ck_meetings_cancelled_with_reason")
        ),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL)",
            name=op.f("ck_meetings_cancelled_with_moment"),
        ),
        sa.CheckConstraint(
            "(state = 'held') = (held_at IS NOT NULL)", name=op.f("ck_meetings_held_with_moment")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_meetings_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["called_by_id"], ["people.id"], name=op.f("fk_meetings_called_by_id")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_meetings_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("number", name=op.f("uq_meetings_number")),
    )
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meetings_called_by_id"), ["called_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meetings_group_id"), ["group_id"], unique=False)
        batch_op.create_index("ix_meetings_meets_on", ["meets_on", "id"], unique=False)

    op.create_table(
        "meeting_attendees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("presence", sa.String(length=30), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_attendees_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendees")),
    )
    with op.batch_alter_table("meeting_attendees", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_attendees_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "meeting_firms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_meeting_firms_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_firms_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_firms")),
        sa.UniqueConstraint(
            "meeting_id", "enterprise_id", name=op.f("uq_meeting_firms_meeting_id_enterprise_id")
        ),
    )
    with op.batch_alter_table("meeting_firms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_firms_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "meeting_units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_units_meeting_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_meeting_units_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_units")),
        sa.UniqueConstraint("meeting_id", "unit_id", name=op.f("uq_meeting_units_meeting_id_unit_id")),
    )
    with op.batch_alter_table("meeting_units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_units_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "agenda_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=30), nullable=True),
        sa.Column("lead_unit_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("duty_id", sa.Integer(), nullable=True),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_by_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "verdict IS NULL OR verdict <> 'settled' OR (lead_unit_id IS NOT NULL AND due_on IS NOT NULL)",
            name=op.f("ck_agenda_items_settled_with_unit_and_day"),
        ),
        sa.CheckConstraint(
            "(duty_id IS NULL) OR (verdict IS NOT NULL)", name=op.f("ck_agenda_items_duty_of_a_conclusion")
        ),
        sa.CheckConstraint(
            "(verdict IS NULL) = (concluded_at IS NULL)", name=op.f("ck_agenda_items_verdict_with_moment")
        ),
        sa.ForeignKeyConstraint(
            ["concluded_by_id"], ["people.id"], name=op.f("fk_agenda_items_concluded_by_id")
        ),
        sa.ForeignKeyConstraint(["duty_id"], ["issue_duties.id"], name=op.f("fk_agenda_items_duty_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_agenda_items_issue_id")),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["units.id"], name=op.f("fk_agenda_items_lead_unit_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_agenda_items_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
        sa.UniqueConstraint("meeting_id", "issue_id", name=op.f("uq_agenda_items_meeting_id_issue_id")),
    )
    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_items_duty_id"), ["duty_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agenda_items_issue_id"), ["issue_id"], unique=False)


def downgrade():
    with op.batch_alter_table("agenda_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_items_issue_id"))
        batch_op.drop_index(batch_op.f("ix_agenda_items_duty_id"))

    op.drop_table("agenda_items")
    with op.batch_alter_table("meeting_units", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_units_unit_id"))

    op.drop_table("meeting_units")
    with op.batch_alter_table("meeting_firms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_firms_enterprise_id"))

    op.drop_table("meeting_firms")
    with op.batch_alter_table("meeting_attendees", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_attendees_meeting_id"))

    op.drop_table("meeting_attendees")
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_index("ix_meetings_meets_on")
        batch_op.drop_index(batch_op.f("ix_meetings_group_id"))
        batch_op.drop_index(batch_op.f("ix_meetings_called_by_id"))

    op.drop_table("meetings")
    op.drop_table("meeting_counters")
