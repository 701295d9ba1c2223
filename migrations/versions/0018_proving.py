"""What authorities published is proposed before it is shown; people ask for the page about them; new kinds of case."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# As the migrations before this one left it.
KINDS = (
    "'review', 'stage', 'photo', 'reply', 'report', 'legal_notice', 'appeal', 'suspicion', 'dispute', 'duplicate', "
    "'credential', 'register_load', 'register_change', 'claim', 'result'"
)
MINE = ("inspection", "sanction", "page_request", "many_looks")
STATE = "state IN ('proposed', 'shown', 'dropped', 'withdrawn')"
STANDING = sa.text("state IN ('proposed', 'shown')")


def _allow(kinds: str) -> None:
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_case_file_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_case_file_kind"), f"kind IN ({kinds})")


def _widen(table: str) -> None:
    """What stands there already was entered as shown."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.add_column(sa.Column("authority", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("words", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("state", sa.String(length=10), nullable=False, server_default="shown"))
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_state"), STATE)
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name in ("authority", "words", "state"):
            batch_op.alter_column(name, server_default=None)


def _narrow(table: str) -> None:
    kept = sa.table(table, sa.column("state"))
    op.execute(kept.delete().where(kept.c.state != "shown"))
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_state"), type_="check")
        for name in ("state", "words", "authority"):
            batch_op.drop_column(name)


def upgrade() -> None:
    _allow(", ".join([KINDS, *(f"'{kind}'" for kind in MINE)]))
    _widen("inspection")
    _widen("sanction")
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_constraint("uq_inspection_clinic_issuer_day", type_="unique")
        batch_op.create_index(
            "uq_inspection_standing",
            ["clinic_id", "issuer_id", "authority", "inspected_on"],
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        )
    op.create_table(
        "page_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'linked', 'refused')", name=op.f("ck_page_request_state")),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_page_request_issuer_id_issuer")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_page_request_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_page_request_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_page_request_public_id")),
    )
    with op.batch_alter_table("page_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_request_issuer_id"), ["issuer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_request_practitioner_id"), ["practitioner_id"], unique=False)
        batch_op.create_index("ix_page_request_user_id_id", ["user_id", "id"], unique=False)
        batch_op.create_index(
            "uq_page_request_open",
            ["user_id", "practitioner_id"],
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )


def _forget_cases() -> None:
    """What hangs on cases of kinds that are no more goes with them."""
    case, decision = sa.table("case_file", sa.column("id"), sa.column("kind")), sa.table("decision", sa.column("id"), sa.column("case_id"))  # fmt: skip
    cases = sa.select(case.c.id).where(case.c.kind.in_(MINE))
    decisions = sa.select(decision.c.id).where(decision.c.case_id.in_(cases))
    for name in ("appeal", "statement"):
        hanging = sa.table(name, sa.column("decision_id"))
        op.execute(hanging.delete().where(hanging.c.decision_id.in_(decisions)))
    for name in ("decision", "case_note"):
        hanging = sa.table(name, sa.column("case_id"))
        op.execute(hanging.delete().where(hanging.c.case_id.in_(cases)))
    op.execute(case.delete().where(case.c.kind.in_(MINE)))


def downgrade() -> None:
    op.drop_table("page_request")
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_index("uq_inspection_standing")
        batch_op.create_unique_constraint("uq_inspection_clinic_issuer_day", ["clinic_id", "issuer_id", "inspected_on"])
    _narrow("sanction")
    _narrow("inspection")
    _forget_cases()
    _allow(KINDS)
