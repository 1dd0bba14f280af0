"""a report is a team's, an overview of a branch, or the teams below a manager in one file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up. What was made before is a team's."""
    op.drop_index('ix_report_shared', table_name='report')
    with op.batch_alter_table('report') as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(), nullable=False, server_default='team'))
        batch_op.drop_constraint('uq_report_request_id', type_='unique')
        batch_op.create_unique_constraint('uq_report_request_id_kind', ['request_id', 'kind'])
    _shared(['round_id', 'team_path', 'language', 'kind'])


def downgrade() -> None:
    """Down: without the overviews, and the files of teams below."""
    op.execute("DELETE FROM report WHERE kind <> 'team'")
    op.drop_index('ix_report_shared', table_name='report')
    with op.batch_alter_table('report') as batch_op:
        batch_op.drop_constraint('uq_report_request_id_kind', type_='unique')
        batch_op.create_unique_constraint('uq_report_request_id', ['request_id'])
        batch_op.drop_column('kind')
    _shared(['round_id', 'team_path', 'language'])


def _shared(columns: list[str]) -> None:
    op.create_index(
        'ix_report_shared',
        'report',
        columns,
        unique=True,
        sqlite_where=sa.text('request_id IS NULL'),
        postgresql_where=sa.text('request_id IS NULL'),
    )
