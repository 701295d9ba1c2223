"""The words as they were when they were decided on, and what was decided being looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _gone_with(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "decided_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(stage_id IS NULL) <> (reply_id IS NULL)", name=op.f("ck_decided_text_of_one")),
        _gone_with("decided_text", "decision_id", "decision"),
        _gone_with("decided_text", "stage_id", "review_stage"),
        _gone_with("decided_text", "reply_id", "review_reply"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decided_text")),
    )
    with op.batch_alter_table("decided_text", schema=None) as batch_op:
        batch_op.create_index("ix_decided_text_at_id", ["at", "id"], unique=False)
        for column in ("decision_id", "stage_id", "reply_id"):
            batch_op.create_index(batch_op.f(f"ix_decided_text_{column}"), [column], unique=False)
    op.create_table(
        "case_again",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _gone_with("case_again", "case_id", "case_file"),
        _gone_with("case_again", "earlier_id", "case_file"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_again")),
    )
    with op.batch_alter_table("case_again", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_again_earlier_id"), ["earlier_id"], unique=False)


def downgrade() -> None:
    op.drop_table("case_again")
    op.drop_table("decided_text")
