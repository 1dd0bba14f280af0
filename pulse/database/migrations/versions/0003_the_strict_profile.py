"""the strict profile of a pulse."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up."""
    op.add_column('pulse', sa.Column('strict', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Down."""
    op.drop_column('pulse', 'strict')
