"""An index that tells the members of a collection together with the import that names them."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_memberships_collection_paper"), table_name="memberships")
    columns = ["collection", "paper", "import_id"]
    op.create_index(op.f("ix_memberships_collection_paper_import_id"), "memberships", columns, unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_memberships_collection_paper_import_id"), table_name="memberships")
    op.create_index(op.f("ix_memberships_collection_paper"), "memberships", ["collection", "paper"], unique=False)
