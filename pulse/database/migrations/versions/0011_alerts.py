"""what administrators have been told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pulse.database.mapping import Instant

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up."""
    op.create_table(
        'alert',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('about', sa.String(), nullable=False),
        sa.Column('standing', sa.String(), nullable=True),
        sa.Column('raised_at', Instant(), nullable=False),
        sa.Column('settled_at', Instant(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name='fk_alert_organisation_id'),
        sa.PrimaryKeyConstraint('id', name='pk_alert'),
        sa.UniqueConstraint('organisation_id', 'standing', name='uq_alert_organisation_id_standing'),
    )
    op.create_index('ix_alert_organisation_id', 'alert', ['organisation_id'])


def downgrade() -> None:
    """Down."""
    op.drop_table('alert')
