"""What an address must look like before messages are sent to it."""

from __future__ import annotations

from typing import Final

from core.addresses import Fault, UnfitAddress, fit
from core.errors import Rejected
from core.settings import WebhookSettings

_WHY: Final = {
    Fault.FORM: "It is not an address.",
    Fault.SCHEME: "It must begin with https://.",
    Fault.CREDENTIALS: "It must not carry credentials; messages are signed instead.",
    Fault.PLACE: "It leads to a place that this service does not send to.",
}


def acceptable(url: str, settings: WebhookSettings) -> str:
    """The address without a fragment.

    Raises: Rejected("webhook_url_refused").
    """
    try:
        return fit(url, ("https", "http") if settings.allow_http else ("https",), settings.allowed_networks)
    except UnfitAddress as error:
        raise Rejected("webhook_url_refused", f"This address cannot be a webhook. {_WHY[error.fault]}") from error
