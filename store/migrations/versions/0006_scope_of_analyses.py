"""the scope of an analysis: what was asked for in fields, part of what makes two requests the same"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0006_scope'
down_revision = '0005'
branch_labels = None
depends_on = None

INDEX = 'uq_analyses_request'
KEY = ['owner_id', 'media_id', 'pipeline_version', 'instruction_sha256']
LIVE = sa.text("status IN ('queued', 'running', 'finished')")


def upgrade() -> None:
    op.add_column('analyses', sa.Column('scope', postgresql.JSONB(none_as_null=True), nullable=True))
    op.drop_index(INDEX, 'analyses')
    op.create_index(
        INDEX, 'analyses', [*KEY, 'scope'], unique=True, postgresql_where=LIVE, postgresql_nulls_not_distinct=True
    )


def downgrade() -> None:
    # The former code knows no scope: such an analysis would pass for one of the whole file.
    op.execute("DELETE FROM analyses WHERE scope IS NOT NULL")
    op.drop_index(INDEX, 'analyses')
    op.create_index(INDEX, 'analyses', KEY, unique=True, postgresql_where=LIVE)
    op.drop_column('analyses', 'scope')
