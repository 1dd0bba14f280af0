"""finding what one address was sent, quickly."""

from __future__ import annotations

from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up."""
    op.create_index('ix_message_address', 'message', ['address'])


def downgrade() -> None:
    """Down."""
    op.drop_index('ix_message_address', 'message')
