"""addresses that mail does not reach."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pulse.database.mapping import Instant

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up."""
    op.create_table(
        'suppression',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('address', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('diagnostic', sa.String(), nullable=True),
        sa.Column('suppressed_at', Instant(), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_suppression_organisation_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_suppression')),
        sa.UniqueConstraint('organisation_id', 'address', name=op.f('uq_suppression_organisation_id_address')),
    )
    op.create_index(op.f('ix_suppression_organisation_id'), 'suppression', ['organisation_id'])


def downgrade() -> None:
    """Down."""
    op.drop_table('suppression')
