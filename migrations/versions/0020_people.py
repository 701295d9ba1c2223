"""People of a clinic, colleagues, organisations; closing and moving."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS = "'review', 'stage', 'photo', 'reply', 'report', 'legal_notice', 'appeal', 'suspicion', 'dispute', 'duplicate', 'credential', 'register_load', 'register_change', 'claim', 'result', 'inspection', 'sanction', 'page_request', 'many_looks'"
PRESENT = sa.text("until IS NULL")


def _allow(kinds: str) -> None:
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_case_file_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_case_file_kind"), f"kind IN ({kinds})")


def _user(table: str, column: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["user_account.id"], name=op.f(f"fk_{table}_{column}_user_account"), ondelete=ondelete
    )


def _clinic(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id"], ["clinic.id"], name=op.f(f"fk_{table}_clinic_id_clinic"), ondelete="CASCADE"
    )


def upgrade() -> None:
    _allow(f"{KINDS}, 'engagement'")
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.String(length=22), nullable=True))
        batch_op.add_column(sa.Column("standing", sa.String(length=8), server_default="named", nullable=False))
        batch_op.add_column(sa.Column("standing_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ended_by", sa.String(length=8), server_default="", nullable=False))
        batch_op.create_unique_constraint(batch_op.f("uq_engagement_public_id"), ["public_id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_engagement_standing"), "standing IN ('named', 'asked', 'agreed', 'denied')"
        )
        batch_op.create_check_constraint(batch_op.f("ck_engagement_ended_by"), "ended_by IN ('', 'clinic', 'person')")
        batch_op.create_index(
            "uq_engagement_present",
            ["practitioner_id", "clinic_id"],
            unique=True,
            sqlite_where=PRESENT,
            postgresql_where=PRESENT,
        )
    # Whose credentials counted until today spoke for themselves: they go on counting where these people work.
    op.execute(
        "UPDATE engagement SET standing = 'agreed' WHERE practitioner_id IN (SELECT practitioner_id FROM "
        "practitioner_account UNION SELECT practitioner_id FROM credential WHERE practitioner_id IS NOT NULL)"
    )
    with op.batch_alter_table("clinic", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closes_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("moved_from_id", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_clinic_moved_from_id"), ["moved_from_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_clinic_moved_from_id_clinic"), "clinic", ["moved_from_id"], ["id"], ondelete="SET NULL"
        )
    op.create_table(
        "clinic_deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _user("clinic_deed", "by_id", ondelete="SET NULL"),
        _clinic("clinic_deed"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_deed")),
    )
    with op.batch_alter_table("clinic_deed", schema=None) as batch_op:
        batch_op.create_index("ix_clinic_deed_clinic_id_id", ["clinic_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_deed_by_id"), ["by_id"], unique=False)
    op.create_table(
        "colleague_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _user("colleague_invitation", "by_id"),
        _clinic("colleague_invitation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleague_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_colleague_invitation_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_colleague_invitation_public_id")),
    )
    with op.batch_alter_table("colleague_invitation", schema=None) as batch_op:
        batch_op.create_index("uq_colleague_invitation_clinic_id_email", ["clinic_id", "email"], unique=True)
        batch_op.create_index(batch_op.f("ix_colleague_invitation_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_colleague_invitation_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_colleague_invitation_expires_at"), ["expires_at"], unique=False)
    op.create_table(
        "ownership_handover",
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_ownership_handover_two_people")),
        _clinic("ownership_handover"),
        _user("ownership_handover", "from_id"),
        _user("ownership_handover", "to_id"),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_ownership_handover")),
    )
    with op.batch_alter_table("ownership_handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ownership_handover_from_id"), ["from_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ownership_handover_to_id"), ["to_id"], unique=False)
    op.create_table(
        "organisation_request",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _user("organisation_request", "by_id", ondelete="SET NULL"),
        _clinic("organisation_request"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_request_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "clinic_id", name=op.f("pk_organisation_request")),
    )
    with op.batch_alter_table("organisation_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_request_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_request_by_id"), ["by_id"], unique=False)


def downgrade() -> None:
    op.drop_table("organisation_request")
    op.drop_table("ownership_handover")
    op.drop_table("colleague_invitation")
    op.drop_table("clinic_deed")
    with op.batch_alter_table("clinic", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_clinic_moved_from_id_clinic"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_clinic_moved_from_id"), type_="unique")
        batch_op.drop_column("moved_from_id")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("closes_on")
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.drop_index("uq_engagement_present", sqlite_where=PRESENT, postgresql_where=PRESENT)
        batch_op.drop_constraint(batch_op.f("ck_engagement_ended_by"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_engagement_standing"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_engagement_public_id"), type_="unique")
        batch_op.drop_column("ended_by")
        batch_op.drop_column("standing_at")
        batch_op.drop_column("standing")
        batch_op.drop_column("public_id")
    op.execute("DELETE FROM case_file WHERE kind = 'engagement'")
    _allow(KINDS)
