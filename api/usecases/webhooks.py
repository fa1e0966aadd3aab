"""Who is told of an owner's analyses, and how each telling went."""

from __future__ import annotations

from api.http.composition import World
from api.intake.hooks import acceptable
from api.schemas import ChangeWebhook, DeliveryList, NewWebhook, WebhookCreated
from core.webhooks import Delivery, Webhook
from store.repositories import AuditRepository
from store.webhooks import WebhookRepository


def create(world: World, owner_id: str, wanted: NewWebhook) -> WebhookCreated:
    """A new webhook, with its secret. Raises: Rejected: `webhook_url_refused`, `webhooks_off`, `too_many_webhooks`."""
    url = acceptable(wanted.url, world.settings.webhooks)
    with world.database.begin() as session:
        made, secret = WebhookRepository(session, world.vault).add(owner_id, url, wanted.notices, wanted.description)
        AuditRepository(session).record(owner_id, "webhook.created", made.id)
    return WebhookCreated(webhook=made, secret=secret)


def all_of(world: World, owner_id: str) -> tuple[Webhook, ...]:
    with world.database.begin() as session:
        return WebhookRepository(session).all(owner_id)


def read(world: World, owner_id: str, webhook_id: str) -> Webhook:
    """Raises: Rejected("webhook_not_found"), as everything below."""
    with world.database.begin() as session:
        return WebhookRepository(session).get(webhook_id, owner_id)


def change(world: World, owner_id: str, webhook_id: str, wanted: ChangeWebhook) -> Webhook:
    """Change what is given and leave the rest."""
    changes = wanted.model_dump(exclude_none=True)
    if wanted.url is not None:
        changes["url"] = acceptable(wanted.url, world.settings.webhooks)
    if wanted.notices is not None:
        changes["notices"] = wanted.notices
    with world.database.begin() as session:
        changed = WebhookRepository(session).change(webhook_id, owner_id, **changes)
        AuditRepository(session).record(owner_id, "webhook.changed", webhook_id, {"fields": sorted(changes)})
    return changed


def remove(world: World, owner_id: str, webhook_id: str) -> None:
    with world.database.begin() as session:
        WebhookRepository(session).remove(webhook_id, owner_id)
        AuditRepository(session).record(owner_id, "webhook.removed", webhook_id)


def renew_secret(world: World, owner_id: str, webhook_id: str) -> str:
    with world.database.begin() as session:
        secret = WebhookRepository(session, world.vault).renew_secret(webhook_id, owner_id)
        AuditRepository(session).record(owner_id, "webhook.secret_renewed", webhook_id)
    return secret


def send_test(world: World, owner_id: str, webhook_id: str) -> Delivery:
    with world.database.begin() as session:
        return WebhookRepository(session).send_test(webhook_id, owner_id)


def deliveries(world: World, owner_id: str, webhook_id: str, *, limit: int, cursor: str | None) -> DeliveryList:
    """Newest first. Raises: Rejected("bad_cursor") too."""
    with world.database.begin() as session:
        page = WebhookRepository(session).deliveries(webhook_id, owner_id, limit=limit, cursor=cursor)
    return DeliveryList(items=page.items, next_cursor=page.next_cursor)


def send_again(world: World, owner_id: str, webhook_id: str, delivery_id: str) -> Delivery:
    with world.database.begin() as session:
        return WebhookRepository(session).send_again(webhook_id, owner_id, delivery_id)
