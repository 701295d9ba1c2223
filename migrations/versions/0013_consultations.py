"""Consultations: questions, times, bookings, plans; a key for each person; links that open an account."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PURPOSES = "'confirm', 'reset', 'move', 'undo', 'passkey-add', 'passkey-sign-in'"


def _allow(purposes: str) -> None:
    with op.batch_alter_table("account_token", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_account_token_purpose"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_account_token_purpose"), f"purpose IN ({purposes})")


def upgrade() -> None:
    _allow(f"{PURPOSES}, 'enter'")
    op.create_table(
        "personal_key",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_personal_key_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_personal_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_personal_key_public_id")),
    )
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reach", sa.String(length=8), nullable=False),
        sa.Column("timezone", sa.String(length=48), nullable=False),
        sa.Column("consent_version", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(user_id IS NULL) = (sent_at IS NULL)", name=op.f("ck_inquiry_sent_by_somebody")),
        sa.CheckConstraint("reach IN ('here', 'email', 'phone')", name=op.f("ck_inquiry_reach")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_inquiry_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_inquiry_public_id")),
    )
    with op.batch_alter_table("inquiry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiry_user_id"), ["user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inquiry_created_at"), ["created_at"], unique=False)
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.Column("declined_for", sa.String(length=12), nullable=False),
        sa.Column("booked_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booked_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("booked_way", sa.String(length=8), nullable=False),
        sa.Column("sequence", sa.SmallInteger(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proved", sa.Boolean(), nullable=False),
        sa.Column("seeker_says", sa.Boolean(), nullable=True),
        sa.Column("clinic_says", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'answered', 'declined', 'booked', 'cancelled', 'lapsed')",
            name=op.f("ck_consultation_state"),
        ),
        sa.CheckConstraint("(state = 'booked') = (booked_start IS NOT NULL)", name=op.f("ck_consultation_booked")),
        sa.CheckConstraint(
            "declined_for IN ('', 'full', 'not_offered', 'not_suitable', 'other')",
            name=op.f("ck_consultation_declined_for"),
        ),
        sa.CheckConstraint("state <> 'declined' OR declined_for <> ''", name=op.f("ck_consultation_declined_says_why")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_consultation_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiry.id"], name=op.f("fk_consultation_inquiry_id_inquiry"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("inquiry_id", "clinic_id", name="uq_consultation_inquiry_id_clinic_id"),
        sa.UniqueConstraint("public_id", name=op.f("uq_consultation_public_id")),
    )
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.create_index("ix_consultation_clinic_id_state_at", ["clinic_id", "state_at", "id"], unique=False)
        batch_op.create_index("ix_consultation_state_booked_start", ["state", "booked_start", "id"], unique=False)
        batch_op.create_index(
            "uq_consultation_booked",
            ["clinic_id", "booked_start"],
            unique=True,
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        )
    op.create_table(
        "offered_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 10 AND 240", name=op.f("ck_offered_time_minutes")),
        sa.CheckConstraint("way IN ('clinic', 'video', 'phone')", name=op.f("ck_offered_time_way")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_offered_time_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_time")),
        sa.UniqueConstraint("consultation_id", "starts_at", name="uq_offered_time_consultation_id_starts_at"),
    )
    op.create_table(
        "treatment_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'declined', 'superseded')", name=op.f("ck_treatment_plan_state")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_treatment_plan_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_plan")),
        sa.UniqueConstraint("consultation_id", "version", name="uq_treatment_plan_consultation_id_version"),
        sa.UniqueConstraint("public_id", name=op.f("uq_treatment_plan_public_id")),
    )


def downgrade() -> None:
    op.drop_table("treatment_plan")
    op.drop_table("offered_time")
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consultation_booked",
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        )
        batch_op.drop_index("ix_consultation_state_booked_start")
        batch_op.drop_index("ix_consultation_clinic_id_state_at")
    op.drop_table("consultation")
    with op.batch_alter_table("inquiry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inquiry_created_at"))
        batch_op.drop_index(batch_op.f("ix_inquiry_user_id"))
    op.drop_table("inquiry")
    op.drop_table("personal_key")
    op.execute("DELETE FROM account_token WHERE purpose = 'enter'")
    _allow(PURPOSES)
