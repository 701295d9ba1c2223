"""What signals of suspicion look at, and the alerts that follow."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rivals within some kilometres are asked for with each complaint.
    with op.batch_alter_table("clinic", schema=None) as batch_op:
        batch_op.create_index("ix_clinic_lat_lon", ["lat", "lon"], unique=False)
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device_mark", sa.String(length=64), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_user_session_network"), ["network"], unique=False)

    op.create_table(
        "review_trace",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.SmallInteger(), nullable=False),
        sa.Column("network", sa.String(length=32), nullable=False),
        sa.Column("network_before", sa.String(length=32), nullable=False),
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("device_before", sa.String(length=32), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_trace_review_id_review"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["review_stage.id"], name=op.f("fk_review_trace_stage_id_review_stage"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("stage_id", name=op.f("pk_review_trace")),
    )
    with op.batch_alter_table("review_trace", schema=None) as batch_op:
        for column in ("device", "device_before", "expires_at", "network", "network_before", "review_id"):
            batch_op.create_index(batch_op.f(f"ix_review_trace_{column}"), [column], unique=False)

    op.create_table(
        "review_sketch",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("band", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["review_stage.id"], name=op.f("fk_review_sketch_stage_id_review_stage"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("stage_id", "band", name=op.f("pk_review_sketch")),
    )
    with op.batch_alter_table("review_sketch", schema=None) as batch_op:
        batch_op.create_index("ix_review_sketch_value_stage_id", ["value", "stage_id"], unique=False)

    op.create_table(
        "signal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("strength", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(confirmed IS NULL) = (settled_at IS NULL)", name=op.f("ck_signal_settled")),
        sa.CheckConstraint(
            "kind IN ('burst', 'rise', 'near_copy', 'origin', 'tie', 'account', 'ring', 'context')",
            name=op.f("ck_signal_kind"),
        ),
        sa.CheckConstraint("strength IN ('low', 'medium', 'high')", name=op.f("ck_signal_strength")),
        sa.CheckConstraint("words <> ''", name=op.f("ck_signal_says_why")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_signal_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
    )
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.create_index("ix_signal_kind_strength", ["kind", "strength"], unique=False)
        batch_op.create_index("ix_signal_review_id_id", ["review_id", "id"], unique=False)
        batch_op.create_index(
            "uq_signal_open",
            ["review_id", "kind"],
            unique=True,
            sqlite_where=sa.text("confirmed IS NULL"),
            postgresql_where=sa.text("confirmed IS NULL"),
        )

    op.create_table(
        "clinic_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_clinic_alert_ends")),
        sa.CheckConstraint("kind IN ('activity', 'paid', 'threats', 'unusual')", name=op.f("ck_clinic_alert_kind")),
        sa.CheckConstraint("words <> ''", name=op.f("ck_clinic_alert_says_why")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_alert_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_clinic_alert_decision_id_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_alert")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_clinic_alert_decision_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_clinic_alert_public_id")),
    )
    with op.batch_alter_table("clinic_alert", schema=None) as batch_op:
        batch_op.create_index("ix_clinic_alert_clinic_id_ends_at", ["clinic_id", "ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_alert_ends_at"), ["ends_at"], unique=False)


def downgrade() -> None:
    op.drop_table("clinic_alert")
    op.drop_table("signal")
    op.drop_table("review_sketch")
    op.drop_table("review_trace")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_network"))
        batch_op.drop_column("device_mark")
    with op.batch_alter_table("clinic", schema=None) as batch_op:
        batch_op.drop_index("ix_clinic_lat_lon")
