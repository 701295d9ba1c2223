"""What the desk opened of an item before it decided; the queue puts the law's clocks and harm before all else."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_desk_look_case_id_case_file"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_desk_look_by_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_look")),
        sa.UniqueConstraint("case_id", "by_id", "what", name="uq_desk_look_case_id_by_id_what"),
    )
    with op.batch_alter_table("desk_look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_look_by_id"), ["by_id"], unique=False)
    op.execute("UPDATE case_file SET rank = CASE WHEN clock IN ('legal', 'urgent') THEN 0 ELSE rank + 1 END")


def downgrade() -> None:
    op.execute("UPDATE case_file SET rank = CASE priority WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END")
    with op.batch_alter_table("desk_look", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_look_by_id"))
    op.drop_table("desk_look")
