"""An index of the papers that the program tries again by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_AGAIN = sa.text("not_before IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        op.f("ix_papers_again"),
        "papers",
        ["status", "requested", "id"],
        unique=False,
        sqlite_where=_AGAIN,
        postgresql_where=_AGAIN,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_papers_again"), table_name="papers")
