"""Issuers, credentials, checks, evidence, requirements."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FROM = ["check_id", "id", "status"]
TO = ["id", "credential_id", "status"]
NAME = "fk_credential_check_that_gives_the_status"


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _status_rests_on_a_check() -> list[sa.ForeignKeyConstraint]:
    """The two tables point at each other: SQLite takes the key with the table, PostgreSQL after both are there."""
    if not _is_sqlite():
        return []
    return [sa.ForeignKeyConstraint(FROM, [f"credential_check.{column}" for column in TO], name=NAME)]


def upgrade() -> None:
    op.create_table(
        "issuer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("recognition", sa.String(length=24), nullable=False),
        sa.Column("jurisdiction", sa.String(length=40), nullable=False),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.Column("timezone", sa.String(length=48), nullable=False),
        sa.Column("prefixes", sa.Text(), nullable=False),
        sa.Column("contact_url", sa.String(length=300), nullable=False),
        sa.Column("register_url", sa.String(length=300), nullable=False),
        sa.Column("deep_link", sa.String(length=300), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "recognition IN ('state_regulator', 'regulated_awarding_body', 'professional_society', 'academy_private', 'insurer', 'unknown')",
            name=op.f("ck_issuer_recognition"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuer")),
        sa.UniqueConstraint("key", name=op.f("uq_issuer_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_issuer_public_id")),
    )
    with op.batch_alter_table("issuer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issuer_jurisdiction"), ["jurisdiction"], unique=False)

    op.create_table(
        "reference_file",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_reference_file")),
    )
    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("jurisdiction", sa.String(length=40), nullable=False),
        sa.Column("aspect", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("types", sa.Text(), nullable=False),
        sa.Column("law", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("confidence", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("last_reviewed", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "aspect IN ('person', 'premises', 'training', 'insurance', 'product')", name=op.f("ck_requirement_aspect")
        ),
        sa.CheckConstraint(
            "confidence IN ('stated', 'inferred', 'unconfirmed')", name=op.f("ck_requirement_confidence")
        ),
        sa.CheckConstraint(
            "state IN ('required', 'local', 'none', 'not_issued', 'unknown')", name=op.f("ck_requirement_state")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name=op.f("ck_requirement_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint("key", name=op.f("uq_requirement_key")),
    )
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requirement_jurisdiction"), ["jurisdiction"], unique=False)

    op.create_table(
        "credential_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("activity", sa.String(length=120), nullable=False),
        sa.Column("validity_months", sa.Integer(), nullable=True),
        sa.Column("no_expiry_reason", sa.String(length=200), nullable=False),
        sa.Column("has_number", sa.Boolean(), nullable=False),
        sa.Column("check_path", sa.String(length=20), nullable=False),
        sa.Column("law", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("confidence", sa.String(length=12), nullable=False),
        sa.Column("last_reviewed", sa.Date(), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "check_path IN ('register', 'register_or_call', 'issuer', 'document', 'none')",
            name=op.f("ck_credential_type_check_path"),
        ),
        sa.CheckConstraint(
            "confidence IN ('stated', 'inferred', 'unconfirmed')", name=op.f("ck_credential_type_confidence")
        ),
        sa.CheckConstraint(
            "scope IN ('person', 'premises', 'either', 'training', 'insurance', 'product')",
            name=op.f("ck_credential_type_scope"),
        ),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_credential_type_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_type")),
        sa.UniqueConstraint("key", name=op.f("uq_credential_type_key")),
    )
    with op.batch_alter_table("credential_type", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credential_type_issuer_id"), ["issuer_id"], unique=False)

    op.create_table(
        "practitioner_account",
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_practitioner_account_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_practitioner_account_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_practitioner_account")),
    )
    with op.batch_alter_table("practitioner_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practitioner_account_user_id"), ["user_id"], unique=False)

    op.create_table(
        "credential",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("clinic_id", sa.Integer(), nullable=True),
        sa.Column("type_id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("authority", sa.String(length=120), nullable=False),
        sa.Column("authority_key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("number_key", sa.String(length=60), nullable=False),
        sa.Column("activity", sa.String(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("no_expiry_reason", sa.String(length=200), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=18), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=True),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted') OR check_id IS NOT NULL",
            name=op.f("ck_credential_status_rests_on_a_check"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'in_review', 'needs_info', 'verified_document', 'verified_primary', 'rejected', 'suspended', 'revoked', 'withdrawn', 'disputed', 'superseded', 'unverifiable')",
            name=op.f("ck_credential_status"),
        ),
        sa.CheckConstraint("(practitioner_id IS NULL) <> (clinic_id IS NULL)", name=op.f("ck_credential_one_holder")),
        sa.CheckConstraint(
            "expires_on IS NULL OR issued_on IS NULL OR expires_on >= issued_on", name=op.f("ck_credential_order")
        ),
        sa.CheckConstraint("supersedes_id IS NULL OR supersedes_id <> id", name=op.f("ck_credential_not_itself")),
        *_status_rests_on_a_check(),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_credential_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_credential_issuer_id_issuer")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_credential_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"],
            ["user_account.id"],
            name=op.f("fk_credential_submitted_by_id_user_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"],
            ["credential.id"],
            name=op.f("fk_credential_supersedes_id_credential"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["type_id"], ["credential_type.id"], name=op.f("fk_credential_type_id_credential_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint("public_id", name=op.f("uq_credential_public_id")),
    )
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credential_check_id"), ["check_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_expires_on"), ["expires_on"], unique=False)
        batch_op.create_index("ix_credential_issuer_id_number_key", ["issuer_id", "number_key", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_practitioner_id"), ["practitioner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_submitted_by_id"), ["submitted_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_supersedes_id"), ["supersedes_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_type_id"), ["type_id"], unique=False)
        batch_op.create_index(
            "uq_credential_standing_number",
            ["issuer_id", "type_id", "authority_key", "number_key"],
            unique=True,
            sqlite_where=sa.text(
                "status IN ('verified_document', 'verified_primary', 'suspended', 'disputed') AND number_key <> ''"
            ),
            postgresql_where=sa.text(
                "status IN ('verified_document', 'verified_primary', 'suspended', 'disputed') AND number_key <> ''"
            ),
        )

    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('passed', 'passed_with_conditions', 'failed', 'closed', 'unknown')",
            name=op.f("ck_inspection_outcome"),
        ),
        sa.CheckConstraint("url <> ''", name=op.f("ck_inspection_has_a_source")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_inspection_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_inspection_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint("clinic_id", "issuer_id", "inspected_on", name="uq_inspection_clinic_issuer_day"),
        sa.UniqueConstraint("public_id", name=op.f("uq_inspection_public_id")),
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_issuer_id"), ["issuer_id"], unique=False)

    op.create_table(
        "practitioner_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_practitioner_invitation_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_practitioner_invitation_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_practitioner_invitation_digest")),
    )
    with op.batch_alter_table("practitioner_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practitioner_invitation_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_practitioner_invitation_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_practitioner_invitation_practitioner_id"), ["practitioner_id"], unique=False
        )

    op.create_table(
        "sanction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("clinic_id", sa.Integer(), nullable=True),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('warning', 'fine', 'restriction', 'suspension', 'prohibition')", name=op.f("ck_sanction_kind")
        ),
        sa.CheckConstraint("url <> ''", name=op.f("ck_sanction_has_a_source")),
        sa.CheckConstraint("(practitioner_id IS NULL) <> (clinic_id IS NULL)", name=op.f("ck_sanction_one_subject")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_sanction_order")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_sanction_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_sanction_issuer_id_issuer")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_sanction_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sanction_public_id")),
    )
    with op.batch_alter_table("sanction", schema=None) as batch_op:
        batch_op.create_index("ix_sanction_clinic_id_id", ["clinic_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sanction_issuer_id"), ["issuer_id"], unique=False)
        batch_op.create_index("ix_sanction_practitioner_id_id", ["practitioner_id", "id"], unique=False)

    op.create_table(
        "credential_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=18), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=18), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("by_key", sa.String(length=64), nullable=False),
        sa.Column("second_key", sa.String(length=64), nullable=False),
        sa.Column("matched", sa.Text(), nullable=False),
        sa.Column("mismatched", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=True),
        sa.Column("load", sa.String(length=22), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "method IN ('attestation', 'document', 'issuer', 'badge', 'register', 'register_watched', 'desk', 'renewal')",
            name=op.f("ck_credential_check_method"),
        ),
        sa.CheckConstraint("result IN ('confirmed', 'failed', 'open')", name=op.f("ck_credential_check_result")),
        sa.CheckConstraint("status <> 'rejected' OR note <> ''", name=op.f("ck_credential_check_refusal_says_why")),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'in_review', 'needs_info', 'verified_document', 'verified_primary', 'rejected', 'suspended', 'revoked', 'withdrawn', 'disputed', 'superseded', 'unverifiable')",
            name=op.f("ck_credential_check_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('suspended', 'revoked') OR result = 'open' OR (source <> '' AND by_key <> '' AND second_key <> '' AND by_key <> second_key)",
            name=op.f("ck_credential_check_two_people_and_a_source"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('verified_document', 'verified_primary') OR (result = 'confirmed' AND method IN ('document', 'issuer', 'badge', 'register', 'register_watched')) OR result = 'failed'",
            name=op.f("ck_credential_check_verified_by_a_look"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_credential_check_by_id_user_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credential.id"],
            name=op.f("fk_credential_check_credential_id_credential"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["user_account.id"],
            name=op.f("fk_credential_check_second_id_user_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_check")),
        sa.UniqueConstraint("id", "credential_id", "status", name="uq_credential_check_id_credential_id_status"),
        sa.UniqueConstraint("public_id", name=op.f("uq_credential_check_public_id")),
    )
    with op.batch_alter_table("credential_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credential_check_by_id"), ["by_id"], unique=False)
        batch_op.create_index("ix_credential_check_credential_id_id", ["credential_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_check_second_id"), ["second_id"], unique=False)

    op.create_table(
        "credential_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=18), nullable=False),
        sa.Column("folder", sa.String(length=64), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("pages", sa.SmallInteger(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('document', 'register_capture', 'issuer_reply')", name=op.f("ck_credential_evidence_kind")
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credential.id"],
            name=op.f("fk_credential_evidence_credential_id_credential"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_evidence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_credential_evidence_public_id")),
    )
    with op.batch_alter_table("credential_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_credential_evidence_credential_id_id", ["credential_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credential_evidence_destroyed_at"), ["destroyed_at"], unique=False)

    if not _is_sqlite():
        op.create_foreign_key(NAME, "credential", "credential_check", FROM, TO)


def downgrade() -> None:
    if not _is_sqlite():
        op.drop_constraint(NAME, "credential", type_="foreignkey")
    with op.batch_alter_table("credential_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credential_evidence_destroyed_at"))
        batch_op.drop_index("ix_credential_evidence_credential_id_id")

    op.drop_table("credential_evidence")
    with op.batch_alter_table("credential_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credential_check_second_id"))
        batch_op.drop_index("ix_credential_check_credential_id_id")
        batch_op.drop_index(batch_op.f("ix_credential_check_by_id"))

    op.drop_table("credential_check")
    with op.batch_alter_table("sanction", schema=None) as batch_op:
        batch_op.drop_index("ix_sanction_practitioner_id_id")
        batch_op.drop_index(batch_op.f("ix_sanction_issuer_id"))
        batch_op.drop_index("ix_sanction_clinic_id_id")

    op.drop_table("sanction")
    with op.batch_alter_table("practitioner_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practitioner_invitation_practitioner_id"))
        batch_op.drop_index(batch_op.f("ix_practitioner_invitation_expires_at"))
        batch_op.drop_index(batch_op.f("ix_practitioner_invitation_clinic_id"))

    op.drop_table("practitioner_invitation")
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_issuer_id"))

    op.drop_table("inspection")
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_credential_standing_number",
            sqlite_where=sa.text(
                "status IN ('verified_document', 'verified_primary', 'suspended', 'disputed') AND number_key <> ''"
            ),
            postgresql_where=sa.text(
                "status IN ('verified_document', 'verified_primary', 'suspended', 'disputed') AND number_key <> ''"
            ),
        )
        batch_op.drop_index(batch_op.f("ix_credential_type_id"))
        batch_op.drop_index(batch_op.f("ix_credential_supersedes_id"))
        batch_op.drop_index(batch_op.f("ix_credential_submitted_by_id"))
        batch_op.drop_index(batch_op.f("ix_credential_practitioner_id"))
        batch_op.drop_index("ix_credential_issuer_id_number_key")
        batch_op.drop_index(batch_op.f("ix_credential_expires_on"))
        batch_op.drop_index(batch_op.f("ix_credential_clinic_id"))
        batch_op.drop_index(batch_op.f("ix_credential_check_id"))

    op.drop_table("credential")
    with op.batch_alter_table("practitioner_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practitioner_account_user_id"))

    op.drop_table("practitioner_account")
    with op.batch_alter_table("credential_type", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credential_type_issuer_id"))

    op.drop_table("credential_type")
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requirement_jurisdiction"))

    op.drop_table("requirement")
    op.drop_table("reference_file")
    with op.batch_alter_table("issuer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issuer_jurisdiction"))

    op.drop_table("issuer")
