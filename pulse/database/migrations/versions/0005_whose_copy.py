"""a report has a copy for each manager of its team, and one for those above."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up. What was made before stays as the shared copy."""
    with op.batch_alter_table('report') as batch_op:
        batch_op.add_column(sa.Column('request_id', sa.Integer(), nullable=True))
        batch_op.drop_constraint('uq_report_round_id_team_path_language', type_='unique')
        batch_op.create_foreign_key('fk_report_request_id', 'give_back_request', ['request_id'], ['id'], ondelete='CASCADE')
        batch_op.create_unique_constraint('uq_report_request_id', ['request_id'])
    op.create_index(
        'ix_report_shared',
        'report',
        ['round_id', 'team_path', 'language'],
        unique=True,
        sqlite_where=sa.text('request_id IS NULL'),
        postgresql_where=sa.text('request_id IS NULL'),
    )


def downgrade() -> None:
    """Down: one copy each, without the managers' own."""
    op.drop_index('ix_report_shared', table_name='report')
    op.execute('DELETE FROM report WHERE request_id IS NOT NULL')
    with op.batch_alter_table('report') as batch_op:
        batch_op.drop_constraint('uq_report_request_id', type_='unique')
        batch_op.drop_constraint('fk_report_request_id', type_='foreignkey')
        batch_op.drop_column('request_id')
        batch_op.create_unique_constraint('uq_report_round_id_team_path_language', ['round_id', 'team_path', 'language'])
