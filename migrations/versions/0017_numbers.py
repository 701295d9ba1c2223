"""Letters about saved clinics, and counts without visitors."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _following() -> None:
    op.create_table(
        "follower",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address_key", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(user_id IS NULL) = (address_key IS NOT NULL)", name=op.f("ck_follower_one_mailbox")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_follower_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follower")),
        sa.UniqueConstraint("address_key", name=op.f("uq_follower_address_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_follower_public_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_follower_user_id")),
    )
    op.create_index(op.f("ix_follower_renewed_at"), "follower", ["renewed_at"], unique=False)
    op.create_table(
        "followed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_followed_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["follower.id"], name=op.f("fk_followed_follower_id_follower"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followed")),
        sa.UniqueConstraint("follower_id", "clinic_id", name="uq_followed_follower_id_clinic_id"),
    )
    op.create_index(op.f("ix_followed_clinic_id"), "followed", ["clinic_id"], unique=False)
    op.create_table(
        "follow_wanted",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("address_key", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_wanted")),
        sa.UniqueConstraint("public_id", name=op.f("uq_follow_wanted_public_id")),
    )
    op.create_index(op.f("ix_follow_wanted_address_key"), "follow_wanted", ["address_key"], unique=False)
    op.create_index(op.f("ix_follow_wanted_created_at"), "follow_wanted", ["created_at"], unique=False)
    op.create_table(
        "followed_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("thing", sa.String(length=60), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_followed_news_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followed_news")),
        sa.UniqueConstraint("clinic_id", "kind", "thing", name="uq_followed_news_clinic_id_kind_thing"),
    )
    op.create_index("ix_followed_news_happened_at_id", "followed_news", ["happened_at", "id"], unique=False)
    op.create_table(
        "followed_told",
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["follower.id"], name=op.f("fk_followed_told_follower_id_follower"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["news_id"], ["followed_news.id"], name=op.f("fk_followed_told_news_id_followed_news"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("follower_id", "news_id", name=op.f("pk_followed_told")),
    )
    op.create_table(
        "followed_last_seen",
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("owner_key", sa.String(length=64), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_followed_last_seen_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_followed_last_seen")),
    )
    op.create_table(
        "followed_sweep",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_followed_sweep_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followed_sweep")),
    )


def _sightings() -> None:
    op.create_table(
        "clinic_sighting",
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("appearances", sa.Integer(), nullable=False),
        sa.CheckConstraint("views >= 0 AND appearances >= 0", name=op.f("ck_clinic_sighting_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_sighting_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "day", name=op.f("pk_clinic_sighting")),
    )
    op.create_index(op.f("ix_clinic_sighting_day"), "clinic_sighting", ["day"], unique=False)


def _operating() -> None:
    op.add_column("user_account", sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_account", sa.Column("lock_reason", sa.String(length=500), nullable=True))
    op.create_table(
        "clinic_suspension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cause IN ('import', 'security', 'order', 'data')", name=op.f("ck_clinic_suspension_cause")),
        sa.CheckConstraint("length(reason) >= 20", name=op.f("ck_clinic_suspension_says_why")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_suspension_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_suspension")),
        sa.UniqueConstraint("public_id", name=op.f("uq_clinic_suspension_public_id")),
    )
    op.create_index(op.f("ix_clinic_suspension_clinic_id"), "clinic_suspension", ["clinic_id"], unique=False)
    op.create_index(
        "uq_clinic_suspension_open",
        "clinic_suspension",
        ["clinic_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )


def upgrade() -> None:
    _following()
    _sightings()
    _operating()


def downgrade() -> None:
    for table in (
        "clinic_suspension",
        "clinic_sighting",
        "followed_sweep",
        "followed_last_seen",
        "followed_told",
        "followed_news",
        "follow_wanted",
        "followed",
        "follower",
    ):
        op.drop_table(table)
    op.drop_column("user_account", "lock_reason")
    op.drop_column("user_account", "locked_at")
