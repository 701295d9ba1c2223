"""Claims of listings and what reopens them; one owner of a clinic."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Whoever was made an owner first stays it; the others go on as editors.
ONE_OWNER = """
    UPDATE membership SET level = 'editor'
    WHERE level = 'owner' AND id NOT IN (SELECT MIN(id) FROM membership WHERE level = 'owner' GROUP BY clinic_id)
"""


def upgrade() -> None:
    op.execute(ONE_OWNER)
    op.create_table(
        "clinic_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("was_owner_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'open') = (settled_at IS NULL)", name=op.f("ck_clinic_change_settled")),
        sa.CheckConstraint("state IN ('open', 'confirmed', 'refused', 'undone')", name=op.f("ck_clinic_change_state")),
        sa.CheckConstraint("what IN ('name', 'address', 'owner')", name=op.f("ck_clinic_change_what")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_clinic_change_by_id_user_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_change_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["was_owner_id"],
            ["user_account.id"],
            name=op.f("fk_clinic_change_was_owner_id_user_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_change")),
        sa.UniqueConstraint("public_id", name=op.f("uq_clinic_change_public_id")),
    )
    with op.batch_alter_table("clinic_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinic_change_by_id"), ["by_id"], unique=False)
        batch_op.create_index("ix_clinic_change_clinic_id_at", ["clinic_id", "at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_change_was_owner_id"), ["was_owner_id"], unique=False)
        batch_op.create_index(
            "uq_clinic_change_open",
            ["clinic_id", "what"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("proof", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contested", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("code_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.SmallInteger(), nullable=False),
        sa.Column("mail_digest", sa.String(length=64), nullable=False),
        sa.Column("mail_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objection_digest", sa.String(length=64), nullable=False),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'noticed') = (effective_at IS NOT NULL)", name=op.f("ck_claim_noticed")),
        sa.CheckConstraint("proof IN ('letter', 'licence', 'call', 'tag')", name=op.f("ck_claim_proof")),
        sa.CheckConstraint(
            "state IN ('open', 'asked', 'noticed', 'approved', 'refused', 'withdrawn', 'lapsed')",
            name=op.f("ck_claim_state"),
        ),
        sa.CheckConstraint("code_tries BETWEEN 0 AND 5", name=op.f("ck_claim_code_tries")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_claim_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_claim_statement_id_statement")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_claim_user_id_user_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("public_id", name=op.f("uq_claim_public_id")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index("ix_claim_clinic_id_id", ["clinic_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_mail_digest"), ["mail_digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_objection_digest"), ["objection_digest"], unique=False)
        batch_op.create_index("ix_claim_state_effective_at", ["state", "effective_at", "id"], unique=False)
        batch_op.create_index("ix_claim_state_state_at", ["state", "state_at", "id"], unique=False)
        batch_op.create_index("ix_claim_user_id_id", ["user_id", "id"], unique=False)
        batch_op.create_index(
            "uq_claim_active",
            ["clinic_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'asked', 'noticed')"),
            postgresql_where=sa.text("state IN ('open', 'asked', 'noticed')"),
        )
        batch_op.create_index(
            "uq_claim_noticed",
            ["clinic_id"],
            unique=True,
            sqlite_where=sa.text("state = 'noticed'"),
            postgresql_where=sa.text("state = 'noticed'"),
        )
    op.create_table(
        "claim_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('claimant', 'owner', 'contact')", name=op.f("ck_claim_word_side")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_claim_word_by_id_user_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_claim_word_claim_id_claim"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_word")),
        sa.UniqueConstraint("public_id", name=op.f("uq_claim_word_public_id")),
    )
    with op.batch_alter_table("claim_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_word_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_word_claim_id"), ["claim_id"], unique=False)
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(
            "uq_membership_owner",
            ["clinic_id"],
            unique=True,
            sqlite_where=sa.text("level = 'owner'"),
            postgresql_where=sa.text("level = 'owner'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_owner", sqlite_where=sa.text("level = 'owner'"), postgresql_where=sa.text("level = 'owner'")
        )
    with op.batch_alter_table("claim_word", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_word_claim_id"))
        batch_op.drop_index(batch_op.f("ix_claim_word_by_id"))
    op.drop_table("claim_word")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_claim_noticed", sqlite_where=sa.text("state = 'noticed'"), postgresql_where=sa.text("state = 'noticed'")
        )
        batch_op.drop_index(
            "uq_claim_active",
            sqlite_where=sa.text("state IN ('open', 'asked', 'noticed')"),
            postgresql_where=sa.text("state IN ('open', 'asked', 'noticed')"),
        )
        batch_op.drop_index("ix_claim_user_id_id")
        batch_op.drop_index("ix_claim_state_state_at")
        batch_op.drop_index("ix_claim_state_effective_at")
        batch_op.drop_index(batch_op.f("ix_claim_objection_digest"))
        batch_op.drop_index(batch_op.f("ix_claim_mail_digest"))
        batch_op.drop_index("ix_claim_clinic_id_id")
    op.drop_table("claim")
    with op.batch_alter_table("clinic_change", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_clinic_change_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(batch_op.f("ix_clinic_change_was_owner_id"))
        batch_op.drop_index("ix_clinic_change_clinic_id_at")
        batch_op.drop_index(batch_op.f("ix_clinic_change_by_id"))
    op.drop_table("clinic_change")
