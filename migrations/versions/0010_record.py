"""Published heads of the record, as unchangeable as the record; indexes that its pages read by."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SQLITE_TRIGGERS = """
CREATE TRIGGER ledger_head_no_{verb} BEFORE {verb} ON ledger_head
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END
"""

POSTGRESQL = [
    """
    CREATE TRIGGER ledger_head_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()
    """,
    # As in 0002: default privileges gave the users of the tables more than this one is for.
    """
    DO $$
    DECLARE holder record;
    BEGIN
        FOR holder IN
            SELECT DISTINCT grantee FROM information_schema.role_table_grants
            WHERE table_schema = current_schema() AND table_name = 'ledger_head'
              AND grantee <> 'PUBLIC' AND grantee <> current_user
        LOOP
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON ledger_head FROM %I', holder.grantee);
        END LOOP;
    END $$
    """,
]


def upgrade() -> None:
    op.create_table(
        "ledger_head",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_ledger_head_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger_head")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_head_hash")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE_TRIGGERS.format(verb=verb))
    else:
        for statement in POSTGRESQL:
            op.execute(statement)
    op.create_index("ix_ledger_act_seq", "ledger", ["act", "seq"])
    op.create_index("ix_ledger_subject_seq", "ledger", ["subject", "seq"])
    op.drop_index("ix_ledger_act", table_name="ledger")
    op.drop_index("ix_ledger_subject", table_name="ledger")
    op.create_index("ix_case_file_opened_at", "case_file", ["opened_at"])
    op.create_index("ix_case_file_closed_at", "case_file", ["closed_at"])
    op.create_index("ix_appeal_answered_at", "appeal", ["answered_at"])
    op.create_index("ix_statement_at", "statement", ["at"])


def downgrade() -> None:
    op.drop_index("ix_statement_at", table_name="statement")
    op.drop_index("ix_appeal_answered_at", table_name="appeal")
    op.drop_index("ix_case_file_closed_at", table_name="case_file")
    op.drop_index("ix_case_file_opened_at", table_name="case_file")
    op.create_index("ix_ledger_act", "ledger", ["act"])
    op.create_index("ix_ledger_subject", "ledger", ["subject"])
    op.drop_index("ix_ledger_subject_seq", table_name="ledger")
    op.drop_index("ix_ledger_act_seq", table_name="ledger")
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER ledger_head_no_{verb}")
    op.drop_table("ledger_head")
