"""what is known of a visit, one link a mail, and who says that a mail was not for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pulse.database.mapping import Instant

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up. Columns are added plainly: SQLite cannot rebuild a table that others refer to."""
    with op.batch_alter_table('sealed_answer') as batch_op:
        batch_op.add_column(sa.Column('circumstances', sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
        batch_op.alter_column('sealed', existing_type=sa.LargeBinary(), nullable=True)
    for table in ('pulse', 'round'):
        op.add_column(table, sa.Column('one_link', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('person', sa.Column('disowned_at', Instant(), nullable=True))


def downgrade() -> None:
    """Down."""
    op.drop_column('person', 'disowned_at')
    for table in ('round', 'pulse'):
        op.drop_column(table, 'one_link')
    op.execute("DELETE FROM sealed_answer WHERE sealed IS NULL")
    with op.batch_alter_table('sealed_answer') as batch_op:
        batch_op.alter_column('sealed', existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_column('circumstances')
