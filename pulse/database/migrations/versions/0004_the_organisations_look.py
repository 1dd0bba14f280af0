"""the organisation's colour and the name its letters come from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up."""
    op.add_column('organisation', sa.Column('colour', sa.String(), nullable=False, server_default='#0072b2'))
    op.add_column('organisation', sa.Column('sender', sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    """Down."""
    op.drop_column('organisation', 'sender')
    op.drop_column('organisation', 'colour')
