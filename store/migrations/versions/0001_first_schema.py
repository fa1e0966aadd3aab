"""first schema"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Drafted by comparing the models with an empty database, then read.
    op.create_table('audit',
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.Column('actor_id', sa.String(length=40), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject_id', sa.String(length=160), nullable=False),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    op.create_index(op.f('ix_audit_actor_id'), 'audit', ['actor_id'], unique=False)
    op.create_table('users',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('subject', name=op.f('uq_users_subject'))
    )
    op.create_table('api_keys',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('user_id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('expires_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('revoked_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('last_used_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_api_keys_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_keys')),
    sa.UniqueConstraint('digest', name=op.f('uq_api_keys_digest'))
    )
    op.create_index(op.f('ix_api_keys_user_id'), 'api_keys', ['user_id'], unique=False)
    op.create_table('conversations',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('owner_id', sa.String(length=40), nullable=False),
    sa.Column('analysis_ids', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_conversations_owner_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversations'))
    )
    op.create_index(op.f('ix_conversations_owner_id'), 'conversations', ['owner_id'], unique=False)
    op.create_table('media',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('owner_id', sa.String(length=40), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('info', postgresql.JSONB(), nullable=False),
    sa.Column('original_key', sa.String(length=200), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("kind IN ('video', 'image', 'audio')", name=op.f('ck_media_kind')),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_media_owner_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media'))
    )
    op.create_index('uq_media_owner_sha256', 'media', ['owner_id', 'sha256'], unique=True)
    op.create_table('analyses',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('owner_id', sa.String(length=40), nullable=False),
    sa.Column('media_id', sa.String(length=40), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('instruction', sa.Text(), nullable=False),
    sa.Column('instruction_sha256', sa.String(length=64), nullable=False),
    sa.Column('idempotency_key', sa.String(length=200), nullable=True),
    sa.Column('pipeline_version', sa.String(length=100), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=True),
    sa.Column('prepared', postgresql.JSONB(), nullable=True),
    sa.Column('verdict', postgresql.JSONB(), nullable=True),
    sa.Column('outcome', sa.String(length=20), nullable=True),
    sa.Column('failure', postgresql.JSONB(), nullable=True),
    sa.Column('last_event', sa.Integer(), server_default='0', nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('started_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('verdict_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('finished_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.CheckConstraint("outcome IN ('fake', 'real', 'inconclusive')", name=op.f('ck_analyses_outcome')),
    sa.CheckConstraint("stage IN ('prepare', 'plan', 'detect', 'assess', 'weigh', 'explain', 'write', 'done')", name=op.f('ck_analyses_stage')),
    sa.CheckConstraint("status IN ('queued', 'running', 'finished', 'failed', 'cancelled')", name=op.f('ck_analyses_status')),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_analyses_media_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_analyses_owner_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_analyses'))
    )
    op.create_index(op.f('ix_analyses_media_id'), 'analyses', ['media_id'], unique=False)
    op.create_index('ix_analyses_owner_created', 'analyses', ['owner_id', 'created_at', 'id'], unique=False)
    op.create_index('ix_analyses_unfinished', 'analyses', ['status'], unique=False, postgresql_where=sa.text("status IN ('queued', 'running')"))
    op.create_index('uq_analyses_idempotency', 'analyses', ['owner_id', 'idempotency_key'], unique=True, postgresql_where=sa.text('idempotency_key IS NOT NULL'))
    op.create_index('uq_analyses_request', 'analyses', ['owner_id', 'media_id', 'pipeline_version', 'instruction_sha256'], unique=True, postgresql_where=sa.text("status IN ('queued', 'running', 'finished')"))
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
    op.create_table('artefacts',
    sa.Column('analysis_id', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=60), nullable=False),
    sa.Column('content', postgresql.JSONB(), nullable=False),
    sa.ForeignKeyConstraint(['analysis_id'], ['analyses.id'], name=op.f('fk_artefacts_analysis_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('analysis_id', 'id', name=op.f('pk_artefacts'))
    )
    op.create_table('events',
    sa.Column('analysis_id', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=True),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('clock_timestamp()'), nullable=False),
    sa.CheckConstraint("stage IN ('prepare', 'plan', 'detect', 'assess', 'weigh', 'explain', 'write', 'done')", name=op.f('ck_events_stage')),
    sa.ForeignKeyConstraint(['analysis_id'], ['analyses.id'], name=op.f('fk_events_analysis_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('analysis_id', 'id', name=op.f('pk_events'))
    )
    op.create_table('evidence',
    sa.Column('analysis_id', sa.String(length=40), nullable=False),
    sa.Column('modality', sa.String(length=10), nullable=False),
    sa.Column('schema_version', sa.Integer(), nullable=False),
    sa.Column('content', postgresql.JSONB(), nullable=False),
    sa.CheckConstraint("modality IN ('visual', 'audio')", name=op.f('ck_evidence_modality')),
    sa.ForeignKeyConstraint(['analysis_id'], ['analyses.id'], name=op.f('fk_evidence_analysis_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('analysis_id', 'modality', name=op.f('pk_evidence'))
    )
    op.create_table('explanations',
    sa.Column('analysis_id', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=60), nullable=False),
    sa.Column('content', postgresql.JSONB(), nullable=False),
    sa.ForeignKeyConstraint(['analysis_id'], ['analyses.id'], name=op.f('fk_explanations_analysis_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('analysis_id', 'id', name=op.f('pk_explanations'))
    )
    op.create_table('jobs',
    sa.Column('id', sa.String(length=160), nullable=False),
    sa.Column('analysis_id', sa.String(length=40), nullable=False),
    sa.Column('wave', sa.Integer(), nullable=False),
    sa.Column('task', sa.String(length=60), nullable=False),
    sa.Column('payload', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('worker', sa.String(length=200), nullable=True),
    sa.Column('lease_until', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('result', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('failure', postgresql.JSONB(), nullable=True),
    sa.Column('updated_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status IN ('submitted', 'running', 'done', 'failed')", name=op.f('ck_jobs_status')),
    sa.ForeignKeyConstraint(['analysis_id'], ['analyses.id'], name=op.f('fk_jobs_analysis_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    op.create_index('ix_jobs_analysis_wave', 'jobs', ['analysis_id', 'wave'], unique=False)
    op.create_index('ix_jobs_unfinished', 'jobs', ['status'], unique=False, postgresql_where=sa.text("status IN ('submitted', 'running')"))
    op.create_table('plans',
    sa.Column('analysis_id', sa.String(length=40), nullable=False),
    sa.Column('content', postgresql.JSONB(), nullable=False),
    sa.ForeignKeyConstraint(['analysis_id'], ['analyses.id'], name=op.f('fk_plans_analysis_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('analysis_id', name=op.f('pk_plans'))
    )
    op.create_table('reports',
    sa.Column('analysis_id', sa.String(length=40), nullable=False),
    sa.Column('schema_version', sa.Integer(), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['analysis_id'], ['analyses.id'], name=op.f('fk_reports_analysis_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('analysis_id', name=op.f('pk_reports'))
    )


def downgrade() -> None:
    # Drafted by comparing the models with an empty database, then read.
    op.drop_table('reports')
    op.drop_table('plans')
    op.drop_index('ix_jobs_unfinished', table_name='jobs', postgresql_where=sa.text("status IN ('submitted', 'running')"))
    op.drop_index('ix_jobs_analysis_wave', table_name='jobs')
    op.drop_table('jobs')
    op.drop_table('explanations')
    op.drop_table('evidence')
    op.drop_table('events')
    op.drop_table('artefacts')
    op.drop_index(op.f('ix_messages_conversation_id'), table_name='messages')
    op.drop_table('messages')
    op.drop_index('uq_analyses_request', table_name='analyses', postgresql_where=sa.text("status IN ('queued', 'running', 'finished')"))
    op.drop_index('uq_analyses_idempotency', table_name='analyses', postgresql_where=sa.text('idempotency_key IS NOT NULL'))
    op.drop_index('ix_analyses_unfinished', table_name='analyses', postgresql_where=sa.text("status IN ('queued', 'running')"))
    op.drop_index('ix_analyses_owner_created', table_name='analyses')
    op.drop_index(op.f('ix_analyses_media_id'), table_name='analyses')
    op.drop_table('analyses')
    op.drop_index('uq_media_owner_sha256', table_name='media')
    op.drop_table('media')
    op.drop_index(op.f('ix_conversations_owner_id'), table_name='conversations')
    op.drop_table('conversations')
    op.drop_index(op.f('ix_api_keys_user_id'), table_name='api_keys')
    op.drop_table('api_keys')
    op.drop_table('users')
    op.drop_index(op.f('ix_audit_actor_id'), table_name='audit')
    op.drop_table('audit')
