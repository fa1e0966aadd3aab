"""notes and tags of an analysis, by its owner, and the language it is written in"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0008_notes'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('analyses', sa.Column('language', sa.String(length=5), nullable=True))
    op.add_column('analyses', sa.Column('note', sa.Text(), server_default='', nullable=False))
    op.add_column('analyses', sa.Column('tags', postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False))


def downgrade() -> None:
    op.drop_column('analyses', 'tags')
    op.drop_column('analyses', 'note')
    op.drop_column('analyses', 'language')
