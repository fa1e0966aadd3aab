"""where a fetched file came from, each user's own retention, room for sealed webhook secrets"""
from alembic import op
import sqlalchemy as sa

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('analyses', sa.Column('source_url', sa.Text(), nullable=True))
    op.add_column('users', sa.Column('retention_days', sa.Integer(), nullable=True))
    for name in ('secret', 'former_secret'):
        op.alter_column('webhooks', name, type_=sa.String(length=200), existing_type=sa.String(length=100))


def downgrade() -> None:
    # A sealed secret means nothing to the former code: their webhooks start anew.
    op.execute("DELETE FROM webhooks WHERE secret NOT LIKE 'whsec\\_%'")
    op.execute("UPDATE webhooks SET former_secret = NULL WHERE former_secret NOT LIKE 'whsec\\_%'")
    for name in ('secret', 'former_secret'):
        op.alter_column('webhooks', name, type_=sa.String(length=100), existing_type=sa.String(length=200))
    op.drop_column('users', 'retention_days')
    op.drop_column('analyses', 'source_url')
