"""Jobs and planned hours, leases, the progress of long work, and what the activity log looks for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

READ_MODELS = ("jobs",)

POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", POSITION, autoincrement=False, nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("hour", sa.Text(), nullable=True),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("planned_at", sa.Text(), nullable=True),
        sa.Column("started_at", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Text(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_hour_status"), "jobs", ["hour", "status"], unique=False)
    op.create_index(op.f("ix_jobs_paper_id"), "jobs", ["paper", "id"], unique=False)
    op.create_index(op.f("ix_jobs_status_id"), "jobs", ["status", "id"], unique=False)
    op.create_table(
        "open_jobs",
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("job", POSITION, nullable=False),
        sa.PrimaryKeyConstraint("paper", name=op.f("pk_open_jobs")),
    )
    op.create_table(
        "hours",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("begins", sa.Text(), nullable=False),
        sa.Column("end", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.Text(), nullable=False),
        sa.Column("position", POSITION, nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_hours")),
    )
    op.create_index(op.f("ix_hours_start"), "hours", ["start"], unique=False)
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_events_correlation_position"), "events", ["correlation", "position"], unique=False)
    op.create_index(op.f("ix_events_type_position"), "events", ["type", "position"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_events_type_position"), table_name="events")
    op.drop_index(op.f("ix_events_correlation_position"), table_name="events")
    op.drop_table("tasks")
    op.drop_table("leases")
    op.drop_index(op.f("ix_hours_start"), table_name="hours")
    op.drop_table("hours")
    op.drop_table("open_jobs")
    op.drop_index(op.f("ix_jobs_status_id"), table_name="jobs")
    op.drop_index(op.f("ix_jobs_paper_id"), table_name="jobs")
    op.drop_index(op.f("ix_jobs_hour_status"), table_name="jobs")
    op.drop_table("jobs")
