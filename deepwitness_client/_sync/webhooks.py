# Made from `_async` by deploy/make-sync-client. Change that, and run `make client`.
"""Having addresses told of analyses."""

from __future__ import annotations

from collections.abc import Iterable

from deepwitness_client import _operations as op
from deepwitness_client import models as m
from deepwitness_client._sync.sending import Sender


class Webhooks(Sender):
    """Addresses that are told."""

    def create_webhook(self, url: str, *, notices: Iterable[str] | None = None, description: str = "") -> m.NewWebhook:
        """Have an address told of your analyses. Keep the secret: it is told once."""
        return self._send(op.create_webhook(url, notices, description))

    def webhooks(self) -> tuple[m.Webhook, ...]:
        return self._send(op.list_webhooks())

    def webhook(self, webhook_id: str) -> m.Webhook:
        return self._send(op.read_webhook(webhook_id))

    def change_webhook(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        notices: Iterable[str] | None = None,
        description: str | None = None,
        is_active: bool | None = None,
    ) -> m.Webhook:
        return self._send(op.change_webhook(webhook_id, url, notices, description, is_active))

    def delete_webhook(self, webhook_id: str) -> None:
        return self._send(op.remove_webhook(webhook_id))

    def renew_webhook_secret(self, webhook_id: str) -> str:
        """The new secret. For a day messages are signed with the former one too."""
        return self._send(op.renew_webhook_secret(webhook_id))

    def test_webhook(self, webhook_id: str) -> m.Delivery:
        return self._send(op.test_webhook(webhook_id))

    def deliveries(self, webhook_id: str, *, limit: int = 20, cursor: str | None = None) -> m.DeliveryPage:
        return self._send(op.list_deliveries(webhook_id, limit, cursor))

    def resend(self, webhook_id: str, delivery_id: str) -> m.Delivery:
        return self._send(op.resend_delivery(webhook_id, delivery_id))
