"""An index of the jobs to come, in the order of their moments."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TO_COME = sa.text("status = 'planned'")


def upgrade() -> None:
    op.create_index(
        "ix_jobs_to_come", "jobs", ["due", "id"], unique=False, sqlite_where=TO_COME, postgresql_where=TO_COME
    )


def downgrade() -> None:
    op.drop_index("ix_jobs_to_come", table_name="jobs")
