"""Inspections that official lists tell of, beside a licence."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

OUTCOMES = "'', 'passed', 'passed_with_conditions', 'failed', 'closed', 'unknown'"
TEXTS = (("outcome", 24), ("outcome_word", 120), ("inspection_url", 300))


def upgrade() -> None:
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("inspected_on", sa.Date(), nullable=True))
        for name, length in TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(length=length), server_default="", nullable=False))
        batch_op.create_check_constraint(batch_op.f("ck_register_entry_outcome"), f"outcome IN ({OUTCOMES})")
        batch_op.create_check_constraint(
            batch_op.f("ck_register_entry_inspection"), "(inspected_on IS NULL) = (outcome = '')"
        )


def downgrade() -> None:
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_register_entry_inspection"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_register_entry_outcome"), type_="check")
        for name, _length in reversed(TEXTS):
            batch_op.drop_column(name)
        batch_op.drop_column("inspected_on")
