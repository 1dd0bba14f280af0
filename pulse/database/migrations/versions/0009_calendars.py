"""calendars: working hours, holidays, closed dates, moved dates; holds; what a round froze of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pulse.database.mapping import Instant

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up."""
    owned = (
        ('working_hours', ('location',), [
            sa.Column('location', sa.String(), nullable=False),
            sa.Column('timezone', sa.String(), nullable=True),
            sa.Column('starts', sa.Time(), nullable=False),
            sa.Column('ends', sa.Time(), nullable=False),
            sa.Column('weekends', sa.Boolean(), nullable=False),
        ]),
        ('holiday_calendar', (), [
            sa.Column('country', sa.String(), nullable=False),
            sa.Column('region', sa.String(), nullable=False),
        ]),
        ('calendar_day', ('day',), [
            sa.Column('day', sa.Date(), nullable=False),
            sa.Column('closed', sa.Boolean(), nullable=False),
            sa.Column('name', sa.String(), nullable=False),
        ]),
    )
    for table, unique, columns in owned:
        op.create_table(
            table,
            sa.Column('id', sa.Integer(), nullable=False),
            sa.Column('organisation_id', sa.Integer(), nullable=False),
            *columns,
            sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=f'fk_{table}_organisation_id'),
            sa.PrimaryKeyConstraint('id', name=f'pk_{table}'),
            sa.UniqueConstraint('organisation_id', *unique, name=f'uq_{table}_organisation_id' + ''.join(f'_{name}' for name in unique)),
        )
        if unique:
            op.create_index(f'ix_{table}_organisation_id', table, ['organisation_id'])
    op.create_table(
        'pulse_date',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('pulse_id', sa.Integer(), nullable=False),
        sa.Column('planned', sa.Date(), nullable=False),
        sa.Column('moved_to', sa.Date(), nullable=True),
        sa.Column('skipped', sa.String(), nullable=False),
        sa.Column('decided_at', Instant(), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name='fk_pulse_date_organisation_id'),
        sa.ForeignKeyConstraint(['pulse_id'], ['pulse.id'], name='fk_pulse_date_pulse_id'),
        sa.PrimaryKeyConstraint('id', name='pk_pulse_date'),
        sa.UniqueConstraint('pulse_id', 'planned', name='uq_pulse_date_pulse_id_planned'),
    )
    for column in ('organisation_id', 'pulse_id'):
        op.create_index(f'ix_pulse_date_{column}', 'pulse_date', [column])
    op.create_table(
        'instance',
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('turn', sa.Integer(), nullable=False),
        sa.Column('turned_at', Instant(), nullable=False),
        sa.PrimaryKeyConstraint('name', name='pk_instance'),
    )
    op.create_table(
        'hold',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('since', Instant(), nullable=False),
        sa.Column('facts', sa.JSON(), nullable=False),
        sa.Column('released_at', Instant(), nullable=True),
        sa.Column('released_by', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_hold'),
    )
    op.create_index('ix_hold_released_at', 'hold', ['released_at'])
    op.add_column('person', sa.Column('location', sa.String(), nullable=True))
    op.add_column('pulse', sa.Column('resumes_on', sa.Date(), nullable=True))
    op.add_column('round', sa.Column('closed_dates', sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    op.add_column('round', sa.Column('late', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('round', sa.Column('stopped_at', Instant(), nullable=True))
    op.add_column('invitation', sa.Column('first_reminder_at', Instant(), nullable=True))
    op.add_column('invitation', sa.Column('last_reminder_at', Instant(), nullable=True))
    op.add_column('invitation', sa.Column('location', sa.String(), nullable=False, server_default=sa.text("''")))
    op.create_index('ix_invitation_person_id', 'invitation', ['person_id'])


def downgrade() -> None:
    """Down."""
    op.drop_index('ix_invitation_person_id', 'invitation')
    for table, columns in (
        ('invitation', ('location', 'last_reminder_at', 'first_reminder_at')),
        ('round', ('stopped_at', 'late', 'closed_dates')),
        ('pulse', ('resumes_on',)),
        ('person', ('location',)),
    ):
        for column in columns:
            op.drop_column(table, column)
    for table in ('hold', 'instance', 'pulse_date', 'calendar_day', 'holiday_calendar', 'working_hours'):
        op.drop_table(table)
