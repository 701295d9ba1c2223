"""Cases and their decisions; reviews with stages, photos, replies, consents, invitations and votes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.String(length=8), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("clock", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by_id", sa.Integer(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('decided', 'withdrawn')) = (closed_at IS NOT NULL)", name=op.f("ck_case_file_closed")
        ),
        sa.CheckConstraint(
            "kind IN ('review', 'stage', 'photo', 'reply', 'report', 'legal_notice', 'appeal', 'suspicion', 'dispute', 'duplicate')",
            name=op.f("ck_case_file_kind"),
        ),
        sa.CheckConstraint("priority IN ('high', 'medium', 'low')", name=op.f("ck_case_file_priority")),
        sa.CheckConstraint("state IN ('open', 'waiting', 'decided', 'withdrawn')", name=op.f("ck_case_file_state")),
        sa.CheckConstraint("(leased_by_id IS NULL) = (leased_until IS NULL)", name=op.f("ck_case_file_lease")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_case_file_author_id_user_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_case_file_clinic_id_clinic"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["leased_by_id"],
            ["user_account.id"],
            name=op.f("fk_case_file_leased_by_id_user_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"],
            ["user_account.id"],
            name=op.f("fk_case_file_opened_by_id_user_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_file_public_id")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index("ix_case_file_author_id_id", ["author_id", "id"], unique=False)
        batch_op.create_index("ix_case_file_clinic_id_id", ["clinic_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_file_leased_by_id"), ["leased_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_file_opened_by_id"), ["opened_by_id"], unique=False)
        batch_op.create_index("ix_case_file_queue", ["state", "rank", "due_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_file_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(
            "uq_case_file_open_subject",
            ["kind", "subject"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'waiting')"),
            postgresql_where=sa.text("state IN ('open', 'waiting')"),
        )

    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("episode", sa.SmallInteger(), nullable=False),
        sa.Column("pseudonym", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("goal", sa.String(length=24), nullable=False),
        sa.Column("treated_month", sa.String(length=7), nullable=False),
        sa.Column("sessions", sa.SmallInteger(), nullable=True),
        sa.Column("price_band", sa.String(length=12), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("incentive", sa.String(length=300), nullable=False),
        sa.Column("attested", sa.JSON(), nullable=False),
        sa.Column("verification", sa.String(length=8), nullable=False),
        sa.Column("solicited_by", sa.String(length=10), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("uncounted_reason", sa.String(length=200), nullable=False),
        sa.Column("under_review_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspicious", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("counted OR uncounted_reason <> ''", name=op.f("ck_review_not_counted_says_why")),
        sa.CheckConstraint("solicited_by IN ('none', 'clinic', 'directory')", name=op.f("ck_review_solicited_by")),
        sa.CheckConstraint("verification IN ('none', 'contact', 'visit')", name=op.f("ck_review_verification")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_review_author_id_user_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_review_clinic_id_clinic")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_review_practitioner_id_practitioner"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("author_id", "clinic_id", "episode", name="uq_review_author_id_clinic_id_episode"),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_public_id")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_review_clinic_id_id", ["clinic_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_practitioner_id"), ["practitioner_id"], unique=False)

    op.create_table(
        "review_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issued_month", sa.String(length=7), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_review_invitation_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_review_invitation_digest")),
    )
    with op.batch_alter_table("review_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_invitation_clinic_id"), ["clinic_id"], unique=False)

    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_case_note_by_id_user_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_note_case_id_case_file"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_note_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_note_case_id"), ["case_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('health', 'photos')", name=op.f("ck_consent_kind")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_consent_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_review_id"), ["review_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("carried_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(statement) >= 20 AND rule <> ''", name=op.f("ck_decision_explained")),
        sa.CheckConstraint(
            "NOT needs_second OR carried_out_at IS NULL OR seconded_at IS NOT NULL", name=op.f("ck_decision_seconded")
        ),
        sa.CheckConstraint(
            "second_id IS NULL OR by_id IS NULL OR second_id <> by_id", name=op.f("ck_decision_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_decision_by_id_user_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_decision_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["second_id"], ["user_account.id"], name=op.f("fk_decision_second_id_user_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_decision_public_id")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_rule"), ["rule"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_second_id"), ["second_id"], unique=False)

    op.create_table(
        "helpful_vote",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_helpful_vote_review_id_review"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_helpful_vote_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "user_id", name=op.f("pk_helpful_vote")),
    )
    with op.batch_alter_table("helpful_vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_helpful_vote_user_id"), ["user_id"], unique=False)

    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'open') = (answered_at IS NULL) AND (outcome = 'open' OR length(reply) >= 20)",
            name=op.f("ck_appeal_answered"),
        ),
        sa.CheckConstraint("outcome IN ('open', 'upheld', 'reversed')", name=op.f("ck_appeal_outcome")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["user_account.id"],
            name=op.f("fk_appeal_answered_by_id_user_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_appeal_by_id_user_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_appeal_decision_id_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("decision_id", "by_id", name="uq_appeal_decision_id_by_id"),
        sa.UniqueConstraint("public_id", name=op.f("uq_appeal_public_id")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_answered_by_id"), ["answered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_decision_id"), ["decision_id"], unique=False)

    op.create_table(
        "statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("to_user_id", sa.Integer(), nullable=True),
        sa.Column("to_clinic_id", sa.Integer(), nullable=True),
        sa.Column("restriction", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("automated", sa.Boolean(), nullable=False),
        sa.Column("from_notice", sa.Boolean(), nullable=False),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("erased OR (restriction <> '' AND facts <> '')", name=op.f("ck_statement_says_why")),
        sa.CheckConstraint(
            "(to_user_id IS NULL) <> (to_clinic_id IS NULL) OR erased", name=op.f("ck_statement_one_addressee")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_statement_decision_id_decision")),
        sa.ForeignKeyConstraint(
            ["to_clinic_id"], ["clinic.id"], name=op.f("fk_statement_to_clinic_id_clinic"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["to_user_id"], ["user_account.id"], name=op.f("fk_statement_to_user_id_user_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_statement_public_id")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_to_clinic_id"), ["to_clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_to_user_id"), ["to_user_id"], unique=False)

    op.create_table(
        "review_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'pending', 'needs_edit', 'published', 'redacted', 'refused', 'removed', 'withdrawn')",
            name=op.f("ck_review_reply_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('needs_edit', 'redacted', 'refused', 'removed') OR statement_id IS NOT NULL",
            name=op.f("ck_review_reply_explained"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_review_reply_by_id_user_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_reply_review_id_review"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_review_reply_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_reply")),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_reply_public_id")),
        sa.UniqueConstraint("review_id", name=op.f("uq_review_reply_review_id")),
    )
    with op.batch_alter_table("review_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_reply_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_reply_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "review_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=5), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("overall", sa.SmallInteger(), nullable=True),
        sa.Column("again", sa.Boolean(), nullable=True),
        sa.Column("sub_ratings", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("proposed_text", sa.Text(), nullable=False),
        sa.Column("original_text", sa.Text(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stage IN ('fresh', '6w', '6m', '12m')", name=op.f("ck_review_stage_stage")),
        sa.CheckConstraint("state = 'draft' OR overall BETWEEN 1 AND 5", name=op.f("ck_review_stage_overall")),
        sa.CheckConstraint(
            "state IN ('draft', 'pending', 'needs_edit', 'published', 'redacted', 'refused', 'removed', 'withdrawn')",
            name=op.f("ck_review_stage_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('needs_edit', 'redacted', 'refused', 'removed') OR statement_id IS NOT NULL",
            name=op.f("ck_review_stage_explained"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_stage_review_id_review"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_review_stage_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_stage")),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_stage_public_id")),
        sa.UniqueConstraint("review_id", "stage", name="uq_review_stage_review_id_stage"),
    )
    with op.batch_alter_table("review_stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_stage_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "review_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("phash", sa.BigInteger(), nullable=False),
        sa.Column("light", sa.String(length=10), nullable=False),
        sa.Column("hair_length", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("light IN ('daylight', 'indoor', 'flash', 'unstated')", name=op.f("ck_review_photo_light")),
        sa.CheckConstraint(
            "state IN ('draft', 'pending', 'needs_edit', 'published', 'redacted', 'refused', 'removed', 'withdrawn')",
            name=op.f("ck_review_photo_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('needs_edit', 'redacted', 'refused', 'removed') OR statement_id IS NOT NULL",
            name=op.f("ck_review_photo_explained"),
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["review_stage.id"], name=op.f("fk_review_photo_stage_id_review_stage"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_review_photo_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_photo")),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_photo_public_id")),
    )
    with op.batch_alter_table("review_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_photo_phash"), ["phash"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_photo_stage_id"), ["stage_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_photo_statement_id"), ["statement_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("review_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_photo_statement_id"))
        batch_op.drop_index(batch_op.f("ix_review_photo_stage_id"))
        batch_op.drop_index(batch_op.f("ix_review_photo_phash"))

    op.drop_table("review_photo")
    with op.batch_alter_table("review_stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_stage_statement_id"))

    op.drop_table("review_stage")
    with op.batch_alter_table("review_reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_reply_statement_id"))
        batch_op.drop_index(batch_op.f("ix_review_reply_by_id"))

    op.drop_table("review_reply")
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statement_to_user_id"))
        batch_op.drop_index(batch_op.f("ix_statement_to_clinic_id"))
        batch_op.drop_index(batch_op.f("ix_statement_decision_id"))

    op.drop_table("statement")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeal_decision_id"))
        batch_op.drop_index(batch_op.f("ix_appeal_by_id"))
        batch_op.drop_index(batch_op.f("ix_appeal_answered_by_id"))

    op.drop_table("appeal")
    with op.batch_alter_table("helpful_vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_helpful_vote_user_id"))

    op.drop_table("helpful_vote")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_second_id"))
        batch_op.drop_index(batch_op.f("ix_decision_rule"))
        batch_op.drop_index(batch_op.f("ix_decision_case_id"))
        batch_op.drop_index(batch_op.f("ix_decision_by_id"))
        batch_op.drop_index(batch_op.f("ix_decision_at"))

    op.drop_table("decision")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_review_id"))

    op.drop_table("consent")
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_note_case_id"))
        batch_op.drop_index(batch_op.f("ix_case_note_by_id"))

    op.drop_table("case_note")
    with op.batch_alter_table("review_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_invitation_clinic_id"))

    op.drop_table("review_invitation")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_practitioner_id"))
        batch_op.drop_index("ix_review_clinic_id_id")
        batch_op.drop_index(batch_op.f("ix_review_author_id"))

    op.drop_table("review")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_file_open_subject",
            sqlite_where=sa.text("state IN ('open', 'waiting')"),
            postgresql_where=sa.text("state IN ('open', 'waiting')"),
        )
        batch_op.drop_index(batch_op.f("ix_case_file_subject_id"))
        batch_op.drop_index("ix_case_file_queue")
        batch_op.drop_index(batch_op.f("ix_case_file_opened_by_id"))
        batch_op.drop_index(batch_op.f("ix_case_file_leased_by_id"))
        batch_op.drop_index("ix_case_file_clinic_id_id")
        batch_op.drop_index("ix_case_file_author_id_id")

    op.drop_table("case_file")
