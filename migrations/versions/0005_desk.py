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


def downgrade() -> None:
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_review_set_aside_id_statement"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_review_set_aside_id"))
        batch_op.drop_column("set_aside_id")
        batch_op.drop_column("suspicion")
    op.execute(f"DELETE FROM case_file WHERE kind NOT IN ({KINDS})")  # noqa: S608 (our own words)
    _allow(KINDS)
