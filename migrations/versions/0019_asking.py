"""Photos in a question to clinics, who looked at them, drafts of questions, appointments called off late."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _sent_when(rule: str) -> None:
    with op.batch_alter_table("inquiry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_inquiry_sent_by_somebody"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_inquiry_sent_by_somebody"), rule)


def upgrade() -> None:
    _sent_when("user_id IS NOT NULL OR sent_at IS NULL")
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "question_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("consent_version", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("place BETWEEN 1 AND 3", name=op.f("ck_question_photo_place")),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiry.id"], name=op.f("fk_question_photo_inquiry_id_inquiry"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_photo")),
        sa.UniqueConstraint("inquiry_id", "place", name="uq_question_photo_inquiry_id_place"),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_photo_public_id")),
    )
    op.create_table(
        "question_photo_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"],
            ["question_photo.id"],
            name=op.f("fk_question_photo_look_photo_id_question_photo"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_question_photo_look_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_question_photo_look_by_id_user_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_photo_look")),
    )
    with op.batch_alter_table("question_photo_look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_photo_look_photo_id"), ["photo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_photo_look_consultation_id"), ["consultation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_photo_look_by_id"), ["by_id"], unique=False)


def downgrade() -> None:
    op.drop_table("question_photo_look")
    op.drop_table("question_photo")
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.drop_column("late")
    op.execute("DELETE FROM inquiry WHERE user_id IS NOT NULL AND sent_at IS NULL")
    _sent_when("(user_id IS NULL) = (sent_at IS NULL)")
