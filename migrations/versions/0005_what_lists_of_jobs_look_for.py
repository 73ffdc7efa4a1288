"""Indexes for lists of jobs: what is counted by status, and the papers of a host."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_jobs_status_id"), table_name="jobs")
    op.drop_index(op.f("ix_jobs_paper_id"), table_name="jobs")
    op.create_index(op.f("ix_jobs_status_id_module_by_hand"), "jobs", ["status", "id", "module", "by_hand"])
    op.create_index(op.f("ix_jobs_paper_id_status"), "jobs", ["paper", "id", "status"])
    op.create_index(op.f("ix_papers_host_id"), "papers", ["host", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_papers_host_id"), table_name="papers")
    op.drop_index(op.f("ix_jobs_paper_id_status"), table_name="jobs")
    op.drop_index(op.f("ix_jobs_status_id_module_by_hand"), table_name="jobs")
    op.create_index(op.f("ix_jobs_paper_id"), "jobs", ["paper", "id"])
    op.create_index(op.f("ix_jobs_status_id"), "jobs", ["status", "id"])
