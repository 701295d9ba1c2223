"""Listings: clinics, people, prices, sources, duplicates; the search version; job runs."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
    )
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.create_index("ix_job_run_name_id", ["name", "id"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_public_id")),
    )
    op.create_table(
        "practitioner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("name_lang", sa.String(length=12), nullable=False),
        sa.Column("gender", sa.String(length=8), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("about_lang", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("gender IN ('female', 'male', 'other', 'unstated')", name=op.f("ck_practitioner_gender")),
        sa.CheckConstraint("status IN ('published', 'suspended', 'erased')", name=op.f("ck_practitioner_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practitioner")),
        sa.UniqueConstraint("public_id", name=op.f("uq_practitioner_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_practitioner_slug")),
    )
    with op.batch_alter_table("practitioner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practitioner_is_example"), ["is_example"], unique=False)

    op.create_table(
        "search_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("database_id", sa.String(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_search_version_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_version")),
    )
    op.create_table(
        "clinic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("name_lang", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("address2", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("city_key", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("postal_code", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("is_home", sa.Boolean(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("point_precision", sa.String(length=12), nullable=False),
        sa.Column("timezone", sa.String(length=48), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("website_host", sa.String(length=253), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("description_lang", sa.String(length=12), nullable=False),
        sa.Column("opening_hours", sa.String(length=500), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("price_min", sa.BigInteger(), nullable=True),
        sa.Column("price_max", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('published', 'suspended', 'closed', 'erased')", name=op.f("ck_clinic_status")),
        sa.CheckConstraint("(price_min IS NULL) = (currency IS NULL)", name=op.f("ck_clinic_price_currency")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name=op.f("ck_clinic_point")),
        sa.CheckConstraint("price_max IS NULL OR price_max >= price_min", name=op.f("ck_clinic_price_range")),
        sa.CheckConstraint("price_min IS NULL OR price_min >= 0", name=op.f("ck_clinic_price_min")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_clinic_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
        sa.UniqueConstraint("public_id", name=op.f("uq_clinic_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_clinic_slug")),
    )
    with op.batch_alter_table("clinic", schema=None) as batch_op:
        batch_op.create_index("ix_clinic_changed_at_version_id", ["changed_at_version", "id"], unique=False)
        batch_op.create_index("ix_clinic_country_city_key", ["country", "city_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_is_example"), ["is_example"], unique=False)
        batch_op.create_index("ix_clinic_name_key_id", ["name_key", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_website_host"), ["website_host"], unique=False)

    op.create_table(
        "clinic_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("row", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_source_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_source")),
        sa.UniqueConstraint("source", "source_id", name="uq_clinic_source_source_source_id"),
    )
    with op.batch_alter_table("clinic_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinic_source_clinic_id"), ["clinic_id"], unique=False)

    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(verdict = 'open') = (decided_at IS NULL)", name=op.f("ck_duplicate_pair_decided")),
        sa.CheckConstraint("verdict IN ('open', 'same', 'different')", name=op.f("ck_duplicate_pair_verdict")),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_pair_ordered")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["clinic.id"], name=op.f("fk_duplicate_pair_first_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["clinic.id"], name=op.f("fk_duplicate_pair_second_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint("first_id", "second_id", name="uq_duplicate_pair_first_id_second_id"),
    )
    with op.batch_alter_table("duplicate_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duplicate_pair_first_id"), ["first_id"], unique=False)
        batch_op.create_index(
            "ix_duplicate_pair_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("verdict = 'open'"),
            postgresql_where=sa.text("verdict = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_duplicate_pair_second_id"), ["second_id"], unique=False)

    op.create_table(
        "engagement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name=op.f("ck_engagement_order")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_engagement_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_engagement_practitioner_id_practitioner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("practitioner_id", "clinic_id", "since", name="uq_engagement_person_place_since"),
    )
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_clinic_id"), ["clinic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_practitioner_id"), ["practitioner_id"], unique=False)

    op.create_table(
        "old_slug",
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_old_slug_clinic_id_clinic")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_old_slug")),
    )
    with op.batch_alter_table("old_slug", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_old_slug_clinic_id"), ["clinic_id"], unique=False)

    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("price_min", sa.BigInteger(), nullable=True),
        sa.Column("price_max", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("sessions_min", sa.Integer(), nullable=True),
        sa.Column("sessions_max", sa.Integer(), nullable=True),
        sa.Column("included", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(price_min IS NULL) = (currency IS NULL)", name=op.f("ck_service_price_currency")),
        sa.CheckConstraint("price_max IS NULL OR price_max >= price_min", name=op.f("ck_service_price_range")),
        sa.CheckConstraint("price_min IS NULL OR price_min >= 0", name=op.f("ck_service_price_min")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_service_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_clinic_id"), ["clinic_id"], unique=False)
    op.execute(
        sa.text("INSERT INTO search_version (id, version, floor, database_id) VALUES (1, 0, 0, :identity)").bindparams(
            identity=secrets.token_hex(16)
        )
    )


def downgrade() -> None:
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_clinic_id"))

    op.drop_table("service")
    with op.batch_alter_table("old_slug", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_old_slug_clinic_id"))

    op.drop_table("old_slug")
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_engagement_practitioner_id"))
        batch_op.drop_index(batch_op.f("ix_engagement_clinic_id"))

    op.drop_table("engagement")
    with op.batch_alter_table("duplicate_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duplicate_pair_second_id"))
        batch_op.drop_index(
            "ix_duplicate_pair_open",
            sqlite_where=sa.text("verdict = 'open'"),
            postgresql_where=sa.text("verdict = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_duplicate_pair_first_id"))

    op.drop_table("duplicate_pair")
    with op.batch_alter_table("clinic_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_source_clinic_id"))

    op.drop_table("clinic_source")
    with op.batch_alter_table("clinic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_website_host"))
        batch_op.drop_index(batch_op.f("ix_clinic_organisation_id"))
        batch_op.drop_index("ix_clinic_name_key_id")
        batch_op.drop_index(batch_op.f("ix_clinic_is_example"))
        batch_op.drop_index("ix_clinic_country_city_key")
        batch_op.drop_index("ix_clinic_changed_at_version_id")

    op.drop_table("clinic")
    op.drop_table("search_version")
    with op.batch_alter_table("practitioner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_practitioner_is_example"))

    op.drop_table("practitioner")
    op.drop_table("organisation")
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.drop_index("ix_job_run_name_id")

    op.drop_table("job_run")
