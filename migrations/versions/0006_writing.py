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
    op.create_table(
        "file_in_transit",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("going", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_file_in_transit")),
    )
    op.create_index(op.f("ix_file_in_transit_at"), "file_in_transit", ["at"], unique=False)
    op.create_table(
        "review_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.SmallInteger(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'waiting') = (destroyed_at IS NULL)", name=op.f("ck_review_proof_destroyed")),
        sa.CheckConstraint(
            "state IN ('waiting', 'accepted', 'refused', 'withdrawn')", name=op.f("ck_review_proof_state")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_proof_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_proof")),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_proof_public_id")),
        sa.UniqueConstraint("review_id", name=op.f("uq_review_proof_review_id")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("letter_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("code_digest", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("stays", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index("ix_review_letter_at_id", ["letter_at", "id"], unique=False)
    with op.batch_alter_table("review_stage", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False, server_default="2026-01-01 00:00:00+00")
        )
        batch_op.add_column(sa.Column("receipt_salt", sa.String(length=32), nullable=False, server_default=""))
        batch_op.create_index(
            "uq_review_stage_draft",
            ["review_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
    with op.batch_alter_table("review_photo", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thumb", sa.LargeBinary(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("size", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("review_photo", schema=None) as batch_op:
        batch_op.drop_column("size")
        batch_op.drop_column("thumb")
    with op.batch_alter_table("review_stage", schema=None) as batch_op:
        batch_op.drop_index("uq_review_stage_draft")
        batch_op.drop_column("receipt_salt")
        batch_op.drop_column("saved_at")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index("ix_review_letter_at_id")
        batch_op.drop_column("stays")
        batch_op.drop_column("code_digest")
        batch_op.drop_column("letter_at")
    op.drop_table("review_proof")
    op.drop_table("file_in_transit")
    op.drop_table("sent_form")
