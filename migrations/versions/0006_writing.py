"""Writing a review: drafts, consents, photos, invitations, proofs of a visit, forms sent twice."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_form")),
        sa.UniqueConstraint("actor", "key", name="uq_sent_form_actor_key"),
    )
    op.create_index(op.f("ix_sent_form_at"), "sent_form", ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("sent_form")
