"""Webhooks by the Standard Webhooks specification: who is told of your analyses, and how each telling went."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query

from api.http.auth import Reader
from api.http.composition import InWorld
from api.http.errors import problems
from api.schemas import ChangeWebhook, DeliveryList, NewWebhook, WebhookCreated, WebhookList, WebhookSecret
from api.usecases import webhooks
from core.webhooks import Delivery, Webhook

router: Final = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

WebhookId = Annotated[str, Path(pattern=r"^[\w]{1,40}$", examples=["wh_8b1c55d0a0f04c3e9be2b1f36f5b7f51"])]
DeliveryId = Annotated[str, Path(pattern=r"^[\w]{1,40}$", examples=["msg_3a86f1f0c2e14f3b8e0d9d4f5a6b7c8d"])]


@router.post("", status_code=201, responses=problems(400, 401, 403, 422, 429, 503))
def create_webhook(world: InWorld, caller: Reader, wanted: NewWebhook) -> WebhookCreated:
    """Have an address told of your analyses. The secret that its signatures are checked with is shown once."""
    return webhooks.create(world, caller.owner_id, wanted)


@router.get("", responses=problems(401, 429, 503))
def list_webhooks(world: InWorld, caller: Reader) -> WebhookList:
    """Your webhooks."""
    return WebhookList(items=webhooks.all_of(world, caller.owner_id))


@router.get("/{webhook_id}", responses=problems(401, 404, 422, 429, 503))
def read_webhook(world: InWorld, caller: Reader, webhook_id: WebhookId) -> Webhook:
    """One webhook."""
    return webhooks.read(world, caller.owner_id, webhook_id)


@router.patch("/{webhook_id}", responses=problems(400, 401, 404, 422, 429, 503))
def change_webhook(world: InWorld, caller: Reader, webhook_id: WebhookId, wanted: ChangeWebhook) -> Webhook:
    """Change what is given and leave the rest. An address that answered 410 was switched off; this switches it on."""
    return webhooks.change(world, caller.owner_id, webhook_id, wanted)


@router.delete("/{webhook_id}", status_code=204, responses=problems(401, 404, 422, 429, 503))
def remove_webhook(world: InWorld, caller: Reader, webhook_id: WebhookId) -> None:
    """Remove a webhook and its log; what was not delivered yet never will be."""
    webhooks.remove(world, caller.owner_id, webhook_id)


@router.post("/{webhook_id}/secret", responses=problems(401, 403, 404, 422, 429, 503))
def renew_webhook_secret(world: InWorld, caller: Reader, webhook_id: WebhookId) -> WebhookSecret:
    """A new secret, shown once. For a day messages are signed with the former one too."""
    return WebhookSecret(secret=webhooks.renew_secret(world, caller.owner_id, webhook_id))


@router.post("/{webhook_id}/test", status_code=202, responses=problems(401, 404, 409, 422, 429, 503))
def test_webhook(world: InWorld, caller: Reader, webhook_id: WebhookId) -> Delivery:
    """Send a `webhook.test` notice."""
    return webhooks.send_test(world, caller.owner_id, webhook_id)


@router.get("/{webhook_id}/deliveries", responses=problems(400, 401, 404, 422, 429, 503))
def list_deliveries(
    world: InWorld,
    caller: Reader,
    webhook_id: WebhookId,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before.")] = None,
) -> DeliveryList:
    """What was told, newest first, with every attempt."""
    return webhooks.deliveries(world, caller.owner_id, webhook_id, limit=limit, cursor=cursor)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/resend", status_code=202, responses=problems(401, 404, 409, 422, 429, 503)
)
def resend_delivery(world: InWorld, caller: Reader, webhook_id: WebhookId, delivery_id: DeliveryId) -> Delivery:
    """Tell it again, under the same `webhook-id` and a fresh signature."""
    return webhooks.send_again(world, caller.owner_id, webhook_id, delivery_id)
