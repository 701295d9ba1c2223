"""What the desk needs: kinds of cases, declared ties, saved replies; a review that was set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = "'review', 'stage', 'photo', 'reply', 'report', 'legal_notice', 'appeal', 'suspicion', 'dispute', 'duplicate'"
MORE_KINDS = "'review', 'stage', 'photo', 'reply', 'report', 'legal_notice', 'appeal', 'suspicion', 'dispute', 'duplicate', 'credential', 'register_load', 'register_change', 'claim'"


def _allow(kinds: str) -> None:
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_case_file_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_case_file_kind"), f"kind IN ({kinds})")


def upgrade() -> None:
    _allow(MORE_KINDS)
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suspicion", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("set_aside_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_review_set_aside_id"), ["set_aside_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_review_set_aside_id_statement"), "statement", ["set_aside_id"], ["id"]
        )

    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index("ix_case_file_kind_queue", ["state", "kind", "rank", "due_at", "id"], unique=False)
    op.create_table(
        "declared_tie",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_declared_tie_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_declared_tie_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_tie")),
        sa.UniqueConstraint("user_id", "clinic_id", name="uq_declared_tie_user_id_clinic_id"),
    )
    with op.batch_alter_table("declared_tie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declared_tie_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declared_tie_user_id"), ["user_id"], unique=False)
    op.create_table(
        "saved_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_saved_reply_by_id_user_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reply")),
    )
    with op.batch_alter_table("saved_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_reply_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_saved_reply_rule"), ["rule"], unique=False)


def downgrade() -> None:
    op.drop_table("saved_reply")
    op.drop_table("declared_tie")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index("ix_case_file_kind_queue")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_review_set_aside_id_statement"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_review_set_aside_id"))
        batch_op.drop_column("set_aside_id")
        batch_op.drop_column("suspicion")
    op.execute(f"DELETE FROM case_file WHERE kind NOT IN ({KINDS})")  # noqa: S608 (our own words)
    _allow(KINDS)
