"""conversations about analyses"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nothing ever wrote to `messages`; a question and its answer are one row of `turns`.
    op.drop_index(op.f('ix_messages_conversation_id'), table_name='messages')
    op.drop_table('messages')
    op.create_table('conversation_analyses',
    sa.Column('conversation_id', sa.String(length=40), nullable=False),
    sa.Column('analysis_id', sa.String(length=40), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['analysis_id'], ['analyses.id'], name=op.f('fk_conversation_analyses_analysis_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_conversation_analyses_conversation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('conversation_id', 'analysis_id', name=op.f('pk_conversation_analyses'))
    )
    op.create_index(op.f('ix_conversation_analyses_analysis_id'), 'conversation_analyses', ['analysis_id'], unique=False)
    op.create_table('turns',
    sa.Column('conversation_id', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('worker', sa.String(length=200), nullable=True),
    sa.Column('lease_until', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('answer', postgresql.JSONB(), nullable=True),
    sa.Column('failure', postgresql.JSONB(), nullable=True),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.Column('answered_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('updated_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("status IN ('waiting', 'answering', 'answered', 'failed')", name=op.f('ck_turns_status')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_turns_conversation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('conversation_id', 'number', name=op.f('pk_turns'))
    )
    op.create_index('ix_turns_unfinished', 'turns', ['status'], unique=False, postgresql_where=sa.text("status IN ('waiting', 'answering')"))
    op.create_table('dialogue_events',
    sa.Column('conversation_id', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_dialogue_events_conversation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('conversation_id', 'id', name=op.f('pk_dialogue_events'))
    )
    op.add_column('conversations', sa.Column('last_turn', sa.Integer(), server_default='0', nullable=False))
    op.add_column('conversations', sa.Column('last_event', sa.Integer(), server_default='0', nullable=False))
    op.drop_column('conversations', 'analysis_ids')


def downgrade() -> None:
    op.add_column('conversations', sa.Column('analysis_ids', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False))
    op.alter_column('conversations', 'analysis_ids', server_default=None)
    op.drop_column('conversations', 'last_event')
    op.drop_column('conversations', 'last_turn')
    op.drop_table('dialogue_events')
    op.drop_index('ix_turns_unfinished', table_name='turns', postgresql_where=sa.text("status IN ('waiting', 'answering')"))
    op.drop_table('turns')
    op.drop_index(op.f('ix_conversation_analyses_analysis_id'), table_name='conversation_analyses')
    op.drop_table('conversation_analyses')
    op.create_table('messages',
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.Column('conversation_id', sa.String(length=40), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_messages_conversation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages'))
    )
    op.create_index(op.f('ix_messages_conversation_id'), 'messages', ['conversation_id'], unique=False)
