"""Official registers: their loads, their entries, what changed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "register",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("issuer_key", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=300), nullable=False),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("prefixes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('persons', 'premises')", name=op.f("ck_register_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
        sa.UniqueConstraint("issuer_key", name=op.f("uq_register_issuer_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_register_public_id")),
    )
    op.create_table(
        "register_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("register_id", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("layout_sha256", sa.String(length=64), nullable=False),
        sa.Column("source_url", sa.String(length=300), nullable=False),
        sa.Column("licence", sa.String(length=200), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("why_waiting", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("rows", "refused", "filtered", "entries", "active", "added", "vanished", "changed", "expired")
        ),
        sa.CheckConstraint(
            "state IN ('reading', 'waiting', 'applied', 'superseded', 'refused')", name=op.f("ck_register_load_state")
        ),
        sa.CheckConstraint(
            "accepted_by_id IS NULL OR by_id IS NULL OR accepted_by_id <> by_id",
            name=op.f("ck_register_load_two_people"),
        ),
        sa.CheckConstraint(
            "(state IN ('reading', 'waiting')) = (settled_at IS NULL)", name=op.f("ck_register_load_settled")
        ),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_register_load_register_id_register")),
        sa.ForeignKeyConstraint(
            ["base_id"], ["register_load.id"], name=op.f("fk_register_load_base_id_register_load"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_register_load_by_id_user_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"],
            ["user_account.id"],
            name=op.f("fk_register_load_accepted_by_id_user_account"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_load")),
        sa.UniqueConstraint("public_id", name=op.f("uq_register_load_public_id")),
    )
    with op.batch_alter_table("register_load", schema=None) as batch_op:
        batch_op.create_index("ix_register_load_register_id_id", ["register_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_register_load_base_id"), ["base_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_register_load_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_register_load_accepted_by_id"), ["accepted_by_id"], unique=False)
        for state in ("applied", "reading", "waiting"):
            batch_op.create_index(
                f"uq_register_load_{state}",
                ["register_id"],
                unique=True,
                sqlite_where=sa.text(f"state = '{state}'"),
                postgresql_where=sa.text(f"state = '{state}'"),
            )
    op.create_table(
        "register_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("before", sa.String(length=12), nullable=False),
        sa.Column("after", sa.String(length=12), nullable=False),
        sa.CheckConstraint("kind IN ('added', 'vanished', 'changed', 'expired')", name=op.f("ck_register_change_kind")),
        sa.ForeignKeyConstraint(
            ["load_id"],
            ["register_load.id"],
            name=op.f("fk_register_change_load_id_register_load"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_change")),
    )
    with op.batch_alter_table("register_change", schema=None) as batch_op:
        batch_op.create_index("ix_register_change_load_id_id", ["load_id", "id"], unique=False)
    op.create_table(
        "register_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("number_key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("surname_key", sa.String(length=80), nullable=False),
        sa.Column("other_names", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("status_word", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("type_word", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("city_key", sa.String(length=120), nullable=False),
        sa.Column("postal_area", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "status IN ('active', 'expired', 'suspended', 'revoked', 'inactive')", name=op.f("ck_register_entry_status")
        ),
        sa.ForeignKeyConstraint(
            ["load_id"],
            ["register_load.id"],
            name=op.f("fk_register_entry_load_id_register_load"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entry")),
        sa.UniqueConstraint("load_id", "number_key", name="uq_register_entry_load_id_number_key"),
    )
    with op.batch_alter_table("register_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_register_entry_load_id_name_key_city_key", ["load_id", "name_key", "city_key"], unique=False
        )
        batch_op.create_index(
            "ix_register_entry_load_id_surname_key_id", ["load_id", "surname_key", "id"], unique=False
        )
    op.create_table(
        "credential_reminder",
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days IN (7, 30, 60)", name=op.f("ck_credential_reminder_days")),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credential.id"],
            name=op.f("fk_credential_reminder_credential_id_credential"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("credential_id", "expires_on", "days", name=op.f("pk_credential_reminder")),
    )


def downgrade() -> None:
    op.drop_table("credential_reminder")
    op.drop_table("register_entry")
    op.drop_table("register_change")
    op.drop_table("register_load")
    op.drop_table("register")
