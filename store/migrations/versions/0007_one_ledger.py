"""one ledger of background work: also of questions, deliveries and upkeep, which know when they are due"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0006_scope'
branch_labels = None
depends_on = None

# Waves of jobs that no graph waits for.
AFTERWARDS = 1_000_000


def upgrade() -> None:
    op.alter_column('jobs', 'analysis_id', nullable=True, existing_type=sa.String(length=40))
    op.add_column('jobs', sa.Column('outages', sa.Integer(), server_default='0', nullable=False))
    op.add_column('jobs', sa.Column('due_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False))
    op.add_column('jobs', sa.Column('sent_at', postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.execute("UPDATE jobs SET due_at = updated_at, sent_at = updated_at")
    op.execute(f"""
        INSERT INTO jobs (id, analysis_id, wave, task, payload, status, attempts, due_at, updated_at)
        SELECT concat('agents.answer:', conversation_id, ':', number), NULL, {AFTERWARDS}, 'agents.answer',
            jsonb_build_object('conversation_id', conversation_id, 'number', number), 'submitted', attempts,
            clock_timestamp(), clock_timestamp()
        FROM turns WHERE status IN ('waiting', 'answering')
    """)
    op.execute(f"""
        INSERT INTO jobs (id, analysis_id, wave, task, payload, status, attempts, due_at, updated_at)
        SELECT concat('webhooks.deliver:', id, ':', 1), NULL, {AFTERWARDS}, 'webhooks.deliver',
            jsonb_build_object('delivery_id', id), 'submitted', begun,
            coalesce(next_attempt_at, clock_timestamp()), clock_timestamp()
        FROM deliveries WHERE status = 'pending'
    """)
    op.drop_index('ix_turns_unfinished', table_name='turns', postgresql_where=sa.text("status IN ('waiting', 'answering')"))
    for name in ('attempts', 'worker', 'lease_until', 'updated_at'):
        op.drop_column('turns', name)
    op.drop_index('ix_deliveries_due', table_name='deliveries', postgresql_where=sa.text("status = 'pending'"))
    op.drop_column('deliveries', 'begun')


def downgrade() -> None:
    op.add_column('deliveries', sa.Column('begun', sa.Integer(), server_default='0', nullable=False))
    op.alter_column('deliveries', 'begun', server_default=None)
    op.create_index('ix_deliveries_due', 'deliveries', ['next_attempt_at'], unique=False, postgresql_where=sa.text("status = 'pending'"))
    op.add_column('turns', sa.Column('attempts', sa.Integer(), server_default='0', nullable=False))
    op.alter_column('turns', 'attempts', server_default=None)
    op.add_column('turns', sa.Column('worker', sa.String(length=200), nullable=True))
    op.add_column('turns', sa.Column('lease_until', postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.add_column('turns', sa.Column('updated_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False))
    op.create_index('ix_turns_unfinished', 'turns', ['status'], unique=False, postgresql_where=sa.text("status IN ('waiting', 'answering')"))
    # The former code finds open turns and deliveries in their own tables, and claims a turn whose lease has ended.
    op.execute("UPDATE turns SET lease_until = clock_timestamp() WHERE status = 'answering'")
    op.execute("UPDATE deliveries SET next_attempt_at = clock_timestamp() WHERE status = 'pending' AND next_attempt_at IS NULL")
    op.execute("DELETE FROM jobs WHERE analysis_id IS NULL OR task = 'agents.replay'")
    for name in ('sent_at', 'due_at', 'outages'):
        op.drop_column('jobs', name)
    op.alter_column('jobs', 'analysis_id', nullable=False, existing_type=sa.String(length=40))
