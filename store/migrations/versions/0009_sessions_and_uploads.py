"""sessions of browsers, addresses that were given for uploads, and analyses that ended incomplete"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009_sessions'
down_revision = '0008_notes'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sessions',
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('user_id', sa.String(length=40), nullable=False),
        sa.Column('api_key_id', sa.String(length=40), nullable=True),
        sa.Column('expires_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sessions_user_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['api_key_id'], ['api_keys.id'], name=op.f('fk_sessions_api_key_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('digest', name=op.f('pk_sessions')),
    )
    op.create_index(op.f('ix_sessions_user_id'), 'sessions', ['user_id'], unique=False)
    op.create_index(op.f('ix_sessions_api_key_id'), 'sessions', ['api_key_id'], unique=False)
    op.create_table('uploads',
        sa.Column('id', sa.String(length=60), nullable=False),
        sa.Column('owner_id', sa.String(length=40), nullable=False),
        sa.Column('size_bytes', sa.BigInteger(), nullable=False),
        sa.Column('expires_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_uploads_owner_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_uploads')),
    )
    op.create_index(op.f('ix_uploads_owner_id'), 'uploads', ['owner_id'], unique=False)
    op.add_column('analyses', sa.Column('provisional', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('analyses', sa.Column('restarts', sa.Integer(), server_default='0', nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE task IN ('maintenance.uploads', 'maintenance.complete')")
    op.execute("UPDATE jobs SET failure = failure - 'is_ours' WHERE failure IS NOT NULL")
    op.execute("UPDATE analyses SET failure = failure - 'is_ours' WHERE failure IS NOT NULL")
    op.execute("UPDATE turns SET failure = failure - 'is_ours' WHERE failure IS NOT NULL")
    op.execute("DELETE FROM events WHERE kind = 'waiting'")
    op.drop_column('analyses', 'restarts')
    op.drop_column('analyses', 'provisional')
    op.drop_table('uploads')
    op.drop_table('sessions')
