"""The client, whole."""

from __future__ import annotations

from deepwitness_client._async.account import AsyncAccount
from deepwitness_client._async.analyses import AsyncAnalyses
from deepwitness_client._async.conversations import AsyncConversations
from deepwitness_client._async.results import AsyncResults
from deepwitness_client._async.webhooks import AsyncWebhooks


class AsyncClient(AsyncAnalyses, AsyncResults, AsyncConversations, AsyncWebhooks, AsyncAccount):
    """A Deepwitness service.

    Args:
        base_url: such as `https://deepwitness.example.org`.
        token: an API key (`dw_…`) or an access token, where the service asks for one.
        language: `en`, `de` or `fr`: of reports, progress, PDFs and messages; None leaves it to the service.
        timeout_s: for each answer to begin and each piece of it.
        retries: times that what cannot do anything twice is sent again after a broken connection or a "not now" (503).
        patience_s: how long one call waits, all in all, when the service says "too many requests, later" (429). Nothing
            was done then, so everything is sent again, uploads too. Asked to wait for longer, it raises at once.
        transport: another way to send, for tests.

    Raises, from every method: `Problem` when the service refuses, `ServiceUnreachable` when it does not answer.
    """
