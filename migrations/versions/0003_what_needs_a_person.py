"""Indexes of the papers that were asked for elsewhere, and of those that a person gave up."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REQUESTED = sa.text("requested")
GIVEN_UP = sa.text("status = 'unavailable' AND cause IS NULL")


def upgrade() -> None:
    for name, condition in (("ix_papers_requested", REQUESTED), ("ix_papers_given_up", GIVEN_UP)):
        columns = ["status", "cause", "id"]
        op.create_index(name, "papers", columns, unique=False, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    op.drop_index("ix_papers_given_up", table_name="papers")
    op.drop_index("ix_papers_requested", table_name="papers")
