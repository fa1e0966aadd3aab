"""`python -m store.migrations`: bring the database to the newest schema, and seal what still lies in it in clear."""

from core.settings import Settings
from core.vault import Vault
from store.database import Database
from store.migrations import upgrade
from store.webhooks import seal_stored

settings = Settings()
upgrade(settings.db.url.get_secret_value())
if settings.webhooks.key is not None:
    seal_stored(Database(settings.db), Vault(settings.webhooks.key))
