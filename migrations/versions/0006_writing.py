"""Writing a review: drafts, consents, photos, invitations, proofs of a visit, forms sent twice."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
