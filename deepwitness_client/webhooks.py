"""Checking what arrives at your own address."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from deepwitness_client.errors import WebhookRefused
from deepwitness_client.models import Notice


def check_webhook(secret: str, headers: Mapping[str, str], body: bytes | str) -> Notice:
    """The notice of a message that the service signed within the last five minutes.

    Give the body exactly as it came in. Handle each `notice.id` once: an attempt that you answered too late is made
    again, and whoever records a message can send it again for as long as it is fresh.

    Args:
        secret: `whsec_…`, as it was told when the webhook was made.

    Raises:
        WebhookRefused: the signature, the time or the content cannot be believed. Answer 400 and do nothing.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        told = Webhook(secret).verify(body, given)
        return Notice.model_validate({"id": given["webhook-id"], **told})
    except (WebhookVerificationError, ValidationError, ValueError, TypeError) as error:
        raise WebhookRefused("This message cannot be believed.") from error
