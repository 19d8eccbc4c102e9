"""Add supervision."""

# Before releasing: does an ALTER here lock a large table for long? Is a new NOT NULL column added in two
# steps (nullable, filled, then NOT NULL)? A batch on SQLite makes the table anew: create its triggers again.

import sqlalchemy as sa
from alembic import op

revision = "2ae2b3d50db7"
down_revision = "9640a9f3176c"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "supervision_counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_supervision_counters")),
    )
    op.create_table(
        "samples",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("population", sa.JSON(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["people.id"], name=op.f("fk_samples_drawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("month", name=op.f("uq_samples_month")),
    )
    op.create_table(
        "supervision_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("original_due_on", sa.Date(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("end_note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('closed', 'withdrawn')) = (ended_at IS NOT NULL)",
            name=op.f("ck_supervision_orders_ends"),
        ),
        sa.CheckConstraint(
            "state <> 'issued' OR replied_at IS NULL",
            name=op.f("ck_supervision_orders_no_reply_when_issued"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('replied', 'sent_back', 'closed') OR replied_at IS NOT NULL",
            name=op.f("ck_supervision_orders_replied_first"),
        ),
        sa.CheckConstraint("due_on >= issued_on", name=op.f("ck_supervision_orders_due_after_issue")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["people.id"], name=op.f("fk_supervision_orders_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["people.id"], name=op.f("fk_supervision_orders_issued_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_supervision_orders_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_supervision_orders_number")),
    )
    with op.batch_alter_table("supervision_orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supervision_orders_issued_on"), ["issued_on"], unique=False)
        batch_op.create_index("ix_supervision_orders_state", ["state", "due_on"], unique=False)
        batch_op.create_index("ix_supervision_orders_unit", ["unit_id", "state"], unique=False)

    op.create_table(
        "supervision_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(length=30), nullable=True),
        sa.Column("judgement", sa.Text(), nullable=False),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(verdict IS NULL) = (judged_at IS NULL)",
            name=op.f("ck_supervision_replies_judged_with_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["judged_by_id"], ["people.id"], name=op.f("fk_supervision_replies_judged_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["supervision_orders.id"], name=op.f("fk_supervision_replies_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["replied_by_id"], ["people.id"], name=op.f("fk_supervision_replies_replied_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_replies")),
        sa.UniqueConstraint("order_id", "seq", name=op.f("uq_supervision_replies_order_id_seq")),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("lead_unit_id", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_topics_closed_with_day")
        ),
        sa.CheckConstraint("state <> 'closed' OR result <> ''", name=op.f("ck_topics_closed_with_result")),
        sa.CheckConstraint(
            "state <> 'running' OR started_on IS NOT NULL", name=op.f("ck_topics_running_since")
        ),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_topics_category_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name=op.f("fk_topics_closed_by_id")),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["units.id"], name=op.f("fk_topics_lead_unit_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["people.id"], name=op.f("fk_topics_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
    )
    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topics_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topics_lead_unit_id"), ["lead_unit_id"], unique=False)
        batch_op.create_index("ix_topics_state", ["state", "closed_on"], unique=False)

    op.create_table(
        "topic_measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("end_note", sa.Text(), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "done_on IS NULL OR dropped_on IS NULL", name=op.f("ck_topic_measures_ends_once")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name=op.f("fk_topic_measures_ended_by_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_topic_measures_topic_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_topic_measures_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_measures")),
    )
    with op.batch_alter_table("topic_measures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_measures_topic_id"), ["topic_id"], unique=False)
        batch_op.create_index("ix_topic_measures_unit", ["unit_id", "topic_id"], unique=False)

    op.create_table(
        "topic_outputs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("document_no", sa.String(length=60), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_topic_outputs_added_by_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_topic_outputs_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_outputs")),
    )
    with op.batch_alter_table("topic_outputs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_outputs_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "sample_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("on_spot", sa.Boolean(), nullable=False),
        sa.Column("result", sa.String(length=30), nullable=True),
        sa.Column("how", sa.String(length=30), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settlement", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'issue') = (issue_id IS NOT NULL)", name=op.f("ck_sample_items_kind_of_record")
        ),
        sa.CheckConstraint(
            "settled_at IS NULL OR (kind = 'visit' AND result = 'untrue')",
            name=op.f("ck_sample_items_settles_a_mark"),
        ),
        sa.CheckConstraint(
            "(issue_id IS NULL) <> (visit_id IS NULL)", name=op.f("ck_sample_items_one_record")
        ),
        sa.CheckConstraint(
            "(result IS NULL) = (checked_on IS NULL) AND (result IS NULL) = (how IS NULL)",
            name=op.f("ck_sample_items_checked"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["people.id"], name=op.f("fk_sample_items_checked_by_id")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_sample_items_issue_id")),
        sa.ForeignKeyConstraint(["sample_id"], ["samples.id"], name=op.f("fk_sample_items_sample_id")),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["people.id"], name=op.f("fk_sample_items_settled_by_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_sample_items_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_items")),
        sa.UniqueConstraint("issue_id", name=op.f("uq_sample_items_issue_id")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_sample_items_visit_id")),
    )
    with op.batch_alter_table("sample_items", schema=None) as batch_op:
        batch_op.create_index("ix_sample_items_open", ["result", "settled_at"], unique=False)
        batch_op.create_index("ix_sample_items_sample", ["sample_id", "result"], unique=False)

    op.create_table(
        "supervision_order_problems",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_supervision_order_problems_issue_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["supervision_orders.id"], name=op.f("fk_supervision_order_problems_order_id")
        ),
        sa.PrimaryKeyConstraint("order_id", "issue_id", name=op.f("pk_supervision_order_problems")),
    )
    with op.batch_alter_table("supervision_order_problems", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supervision_order_problems_issue_id"), ["issue_id"], unique=False
        )

    op.create_table(
        "supervision_reply_parts",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_supervision_reply_parts_issue_id")
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["supervision_replies.id"], name=op.f("fk_supervision_reply_parts_reply_id")
        ),
        sa.PrimaryKeyConstraint("reply_id", "issue_id", name=op.f("pk_supervision_reply_parts")),
    )
    with op.batch_alter_table("supervision_reply_parts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supervision_reply_parts_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "topic_problems",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_reason", sa.String(length=200), nullable=False),
        sa.Column("aftermath", sa.String(length=30), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_reason = '')",
            name=op.f("ck_topic_problems_removed_with_reason"),
        ),
        sa.CheckConstraint(
            "(aftermath IS NULL) = (asked_at IS NULL)", name=op.f("ck_topic_problems_asked_with_answer")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_topic_problems_added_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_topic_problems_asked_by_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_topic_problems_issue_id")),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["people.id"], name=op.f("fk_topic_problems_removed_by_id")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_topic_problems_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_problems")),
    )
    with op.batch_alter_table("topic_problems", schema=None) as batch_op:
        batch_op.create_index(
            "ix_topic_problems_current",
            ["topic_id", "issue_id"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_topic_problems_issue_id"), ["issue_id"], unique=False)


def downgrade():
    with op.batch_alter_table("topic_problems", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_problems_issue_id"))
        batch_op.drop_index(
            "ix_topic_problems_current",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )

    op.drop_table("topic_problems")
    with op.batch_alter_table("supervision_reply_parts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supervision_reply_parts_issue_id"))

    op.drop_table("supervision_reply_parts")
    with op.batch_alter_table("supervision_order_problems", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supervision_order_problems_issue_id"))

    op.drop_table("supervision_order_problems")
    with op.batch_alter_table("sample_items", schema=None) as batch_op:
        batch_op.drop_index("ix_sample_items_sample")
        batch_op.drop_index("ix_sample_items_open")

    op.drop_table("sample_items")
    with op.batch_alter_table("topic_outputs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_outputs_topic_id"))

    op.drop_table("topic_outputs")
    with op.batch_alter_table("topic_measures", schema=None) as batch_op:
        batch_op.drop_index("ix_topic_measures_unit")
        batch_op.drop_index(batch_op.f("ix_topic_measures_topic_id"))

    op.drop_table("topic_measures")
    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.drop_index("ix_topics_state")
        batch_op.drop_index(batch_op.f("ix_topics_lead_unit_id"))
        batch_op.drop_index(batch_op.f("ix_topics_category_id"))

    op.drop_table("topics")
    op.drop_table("supervision_replies")
    with op.batch_alter_table("supervision_orders", schema=None) as batch_op:
        batch_op.drop_index("ix_supervision_orders_unit")
        batch_op.drop_index("ix_supervision_orders_state")
        batch_op.drop_index(batch_op.f("ix_supervision_orders_issued_on"))

    op.drop_table("supervision_orders")
    op.drop_table("samples")
    op.drop_table("supervision_counters")
