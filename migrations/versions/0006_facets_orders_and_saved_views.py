"""What lists of papers are sorted and divided by, and saved views."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

READ_MODELS = ("papers",)

INDEXES = (
    ("ix_papers_sort_journal_id", ["sort_journal", "id"]),
    ("ix_papers_sort_year_id", ["sort_year", "id"]),
    ("ix_papers_sort_size_id", ["sort_size", "id"]),
    ("ix_papers_attempts_id", ["attempts", "id"]),
    ("ix_papers_cause_id", ["cause", "id"]),
    ("ix_papers_facets", ["status", "cause", "host", "source", "version", "requested", "sort_year", "id"]),
)


def upgrade() -> None:
    for table in ("papers", "transitions"):  # they are filled again, with the new columns
        op.execute(sa.table(table).delete())
    op.add_column("papers", sa.Column("sort_journal", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("papers", sa.Column("sort_year", sa.Integer(), server_default="0", nullable=False))
    op.add_column("papers", sa.Column("sort_size", sa.BigInteger(), server_default="0", nullable=False))
    op.drop_index(op.f("ix_papers_year_id"), table_name="papers")
    for name, columns in INDEXES:
        op.create_index(op.f(name), "papers", columns, unique=False)
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("folded", name=op.f("uq_saved_views_folded")),
    )


def downgrade() -> None:
    op.drop_table("saved_views")
    for name, _ in reversed(INDEXES):
        op.drop_index(op.f(name), table_name="papers")
    op.create_index(op.f("ix_papers_year_id"), "papers", ["year", "id"], unique=False)
    for name in ("sort_size", "sort_year", "sort_journal"):
        op.drop_column("papers", name)
