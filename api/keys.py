"""`python -m api.keys SUBJECT NAME [--days N]`: give a user an API key. It is shown once."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta

from core.settings import Settings
from store.accounts import ApiKeyRepository, UserRepository
from store.database import Database
from store.repositories import AuditRepository


def create_key(database: Database, subject: str, name: str, days: int | None) -> str:
    """The new key in clear; the database keeps its digest only."""
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    with database.begin() as session:
        user_id = UserRepository(session).ensure(subject)
        key = ApiKeyRepository(session).create(user_id, name, expires_at)
        AuditRepository(session).record("operator", "api_key.created", user_id, {"name": name})
    return key


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m api.keys", description=__doc__)
    parser.add_argument("subject")
    parser.add_argument("name")
    parser.add_argument("--days", type=int, default=None, help="until it expires; never, if not given")
    arguments = parser.parse_args()
    database = Database(Settings().db)
    sys.stdout.write(create_key(database, arguments.subject, arguments.name, arguments.days) + "\n")
    database.dispose()


if __name__ == "__main__":
    main()
