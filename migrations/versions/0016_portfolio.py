"""A clinic's pictures and healed results, each with its consent."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = "'review', 'stage', 'photo', 'reply', 'report', 'legal_notice', 'appeal', 'suspicion', 'dispute', 'duplicate', 'credential', 'register_load', 'register_change', 'claim'"


def _allow(kinds: str) -> None:
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_case_file_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_case_file_kind"), f"kind IN ({kinds})")


def upgrade() -> None:
    _allow(f"{KINDS}, 'result'")
    op.create_table(
        "result_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("goal", sa.String(length=24), nullable=False),
        sa.Column("variant", sa.String(length=10), nullable=False),
        sa.Column("style", sa.String(length=8), nullable=False),
        sa.Column("hair", sa.String(length=8), nullable=False),
        sa.Column("skin", sa.String(length=8), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=True),
        sa.Column("pigment", sa.String(length=80), nullable=False),
        sa.Column("finished", sa.String(length=7), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("link_digest", sa.String(length=64), nullable=False),
        sa.Column("link_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("variant IN ('permanent', 'temporary')", name=op.f("ck_result_set_variant")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_result_set_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_result_set_practitioner_id_practitioner"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_set")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_result_set_link_digest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_result_set_public_id")),
    )
    with op.batch_alter_table("result_set", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_set_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_result_set_practitioner_id"), ["practitioner_id"], unique=False)
    op.create_table(
        "clinic_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("taken", sa.String(length=7), nullable=False),
        sa.Column("light", sa.String(length=10), nullable=False),
        sa.Column("hair_length", sa.String(length=10), nullable=False),
        sa.Column("recognisable", sa.Boolean(), nullable=False),
        sa.Column("unedited", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("phash", sa.BigInteger(), nullable=False),
        sa.Column("thumb", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("consent_how", sa.String(length=8), nullable=False),
        sa.Column("consent_version", sa.String(length=12), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(result_id IS NULL) = (kind IN ('front', 'room', 'work'))",
            name=op.f("ck_clinic_picture_of_a_place_or_a_result"),
        ),
        sa.CheckConstraint(
            "NOT recognisable OR consent_how IN ('', 'link')", name=op.f("ck_clinic_picture_face_by_link")
        ),
        sa.CheckConstraint(
            "consent_how <> 'nobody' OR result_id IS NULL", name=op.f("ck_clinic_picture_nobody_in_a_place")
        ),
        sa.CheckConstraint(
            "consent_how IN ('', 'link', 'form', 'nobody') AND (consent_how = '') = (consent_at IS NULL)",
            name=op.f("ck_clinic_picture_consent"),
        ),
        sa.CheckConstraint(
            "ended_by IN ('', 'person', 'clinic') AND (ended_by = '') = (consent_ended_at IS NULL)",
            name=op.f("ck_clinic_picture_consent_ended"),
        ),
        sa.CheckConstraint(
            "kind IN ('front', 'room', 'work', 'before', 'fresh', '6w', '6m', '12m', '24m')",
            name=op.f("ck_clinic_picture_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'pending', 'needs_edit', 'published', 'redacted', 'refused', 'removed', 'withdrawn')",
            name=op.f("ck_clinic_picture_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('needs_edit', 'redacted', 'refused', 'removed') OR statement_id IS NOT NULL",
            name=op.f("ck_clinic_picture_explained"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('pending', 'published') OR (consent_at IS NOT NULL AND consent_ended_at IS NULL AND unedited)",
            name=op.f("ck_clinic_picture_shown_with_consent"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_picture_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["result_set.id"], name=op.f("fk_clinic_picture_result_id_result_set"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_clinic_picture_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_picture")),
        sa.UniqueConstraint("public_id", name=op.f("uq_clinic_picture_public_id")),
    )
    with op.batch_alter_table("clinic_picture", schema=None) as batch_op:
        batch_op.create_index("ix_clinic_picture_clinic_id_state", ["clinic_id", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_picture_phash"), ["phash"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_picture_result_id"), ["result_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_picture_statement_id"), ["statement_id"], unique=False)


def downgrade() -> None:
    op.drop_table("clinic_picture")
    op.drop_table("result_set")
    op.execute("DELETE FROM case_file WHERE kind = 'result'")
    _allow(KINDS)
