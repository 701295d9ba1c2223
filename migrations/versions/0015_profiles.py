"""A clinic's own account of itself: revisions, drafts, hours."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clinic_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=12), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "section IN ('identity', 'address', 'treatments', 'prices', 'hours', 'languages', 'policies', 'materials')",
            name=op.f("ck_clinic_revision_section"),
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"],
            ["user_account.id"],
            name=op.f("fk_clinic_revision_by_user_id_user_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_revision_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_revision")),
        sa.UniqueConstraint("clinic_id", "number", name="uq_clinic_revision_clinic_id_number"),
    )
    op.create_index("ix_clinic_revision_clinic_id_section", "clinic_revision", ["clinic_id", "section", "number"])
    op.create_index(op.f("ix_clinic_revision_by_user_id"), "clinic_revision", ["by_user_id"])
    op.create_table(
        "clinic_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=12), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("seen", sa.String(length=32), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_draft_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_clinic_draft_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_draft")),
        sa.UniqueConstraint("user_id", "clinic_id", "section", name="uq_clinic_draft_user_id_clinic_id_section"),
    )
    op.create_index(op.f("ix_clinic_draft_clinic_id"), "clinic_draft", ["clinic_id"])
    op.create_index(op.f("ix_clinic_draft_saved_at"), "clinic_draft", ["saved_at"])


def downgrade() -> None:
    op.drop_table("clinic_draft")
    op.drop_table("clinic_revision")
