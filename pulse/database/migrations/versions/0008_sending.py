"""why a mail waits, and what is known of the mail server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pulse.database.mapping import Instant

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up."""
    op.add_column('message', sa.Column('reason', sa.String(), nullable=True))
    op.add_column('message', sa.Column('tries', sa.Integer(), nullable=False, server_default='0'))
    op.create_table('mail_sender',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('share', sa.Float(), nullable=False),
    sa.Column('slowed_at', Instant(), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('held_until', Instant(), nullable=True),
    sa.Column('held_reason', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_mail_sender'))
    )
    op.create_table('mail_count',
    sa.Column('sender', sa.String(), nullable=False),
    sa.Column('time_window', sa.String(), nullable=False),
    sa.Column('slot', sa.BigInteger(), nullable=False, autoincrement=False),
    sa.Column('mails', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('sender', 'time_window', 'slot', name=op.f('pk_mail_count'))
    )


def downgrade() -> None:
    """Down."""
    op.drop_table('mail_count')
    op.drop_table('mail_sender')
    op.drop_column('message', 'tries')
    op.drop_column('message', 'reason')
