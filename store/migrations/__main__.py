"""`python -m store.migrations`: bring the database to the newest schema."""

from core.settings import Settings
from store.migrations import upgrade

upgrade(Settings().db.url.get_secret_value())
