"""Reading reviews: the score of each clinic, the mean of each country."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "country_mean",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("mean", sa.Double(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mean BETWEEN 1 AND 5", name=op.f("ck_country_mean_mean")),
        sa.PrimaryKeyConstraint("country", name=op.f("pk_country_mean")),
    )
    op.create_table(
        "clinic_score",
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=True),
        sa.Column("lower", sa.Double(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("healed", sa.Integer(), nullable=False),
        sa.Column("effective", sa.Double(), nullable=False),
        sa.Column("spread", sa.JSON(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tenths IS NULL OR tenths BETWEEN 10 AND 50", name=op.f("ck_clinic_score_tenths")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_score_clinic_id_clinic"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_clinic_score")),
    )
    with op.batch_alter_table("clinic_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinic_score_month"), ["month"], unique=False)


def downgrade() -> None:
    op.drop_table("clinic_score")
    op.drop_table("country_mean")
