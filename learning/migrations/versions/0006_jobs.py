"""The tables of jobs, as the first release has them."""

import sqlalchemy as sa
from alembic import op

from learning import database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    make_job_run()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("job_run")


def make_job_run() -> None:
    """The table job_run with its indexes."""
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("finished_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
