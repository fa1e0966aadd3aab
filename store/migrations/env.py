"""Alembic's entry: runs in one transaction under an advisory lock."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import create_engine, pool, text

from store.models import Base, Typed

MIGRATION_LOCK = 7_310_431


def render_item(kind: str, item: object, _: object) -> str | Literal[False]:
    """Migrations know JSONB, not the types that today's code keeps in it."""
    return "postgresql.JSONB()" if kind == "type" and isinstance(item, Typed) else False


engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=True,
        render_item=render_item,
        # LangGraph keeps its own tables beside ours.
        include_name=lambda name, kind, _: kind != "table" or not str(name).startswith("checkpoint"),
    )
    with context.begin_transaction():
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        context.run_migrations()
