"""Reports and notices by anybody, disputes and replies by a clinic."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("ground", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_clinic", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('notice', 'legal', 'dispute', 'threat')", name=op.f("ck_report_kind")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_report_case_id_case_file"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_report_by_id_user_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_report_public_id")),
        sa.UniqueConstraint("digest", name=op.f("uq_report_digest")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index("ix_report_case_id_id", ["case_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_by_id"), ["by_id"], unique=False)

    op.create_table(
        "notice_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IN ('', 'stand', 'change', 'withdraw')", name=op.f("ck_notice_contact_answer")),
        sa.CheckConstraint("(answer = '') = (answered_at IS NULL)", name=op.f("ck_notice_contact_answered")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_notice_contact_report_id_report"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_notice_contact_case_id_case_file"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notice_contact_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_contact")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notice_contact_public_id")),
        sa.UniqueConstraint("report_id", name=op.f("uq_notice_contact_report_id")),
    )
    with op.batch_alter_table("notice_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_contact_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_contact_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("review_reply", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposed_text", sa.Text(), nullable=False, server_default=""))

    op.create_table(
        "invitation_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 200", name=op.f("ck_invitation_batch_number")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_invitation_batch_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitation_batch_public_id")),
    )
    with op.batch_alter_table("invitation_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_batch_clinic_id"), ["clinic_id"], unique=False)

    op.create_table(
        "invitation_tally",
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_invitation_tally_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "month", name=op.f("pk_invitation_tally")),
    )

    op.create_table(
        "clinic_digest",
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_digest_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "week", name=op.f("pk_clinic_digest")),
    )

    op.create_table(
        "report_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=64), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("pages", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_evidence_report_id_report"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_evidence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_report_evidence_public_id")),
        sa.UniqueConstraint("report_id", name=op.f("uq_report_evidence_report_id")),
    )


def downgrade() -> None:
    op.drop_table("report_evidence")
    op.drop_table("clinic_digest")
    op.drop_table("invitation_tally")
    op.drop_table("invitation_batch")
    with op.batch_alter_table("review_reply", schema=None) as batch_op:
        batch_op.drop_column("proposed_text")
    op.drop_table("notice_contact")
    op.drop_table("report")
