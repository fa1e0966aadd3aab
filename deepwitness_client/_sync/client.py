# Made from `_async` by deploy/make-sync-client. Change that, and run `make client`.
"""The client, whole."""

from __future__ import annotations

from deepwitness_client._sync.account import Account
from deepwitness_client._sync.analyses import Analyses
from deepwitness_client._sync.conversations import Conversations
from deepwitness_client._sync.results import Results
from deepwitness_client._sync.webhooks import Webhooks


class Client(Analyses, Results, Conversations, Webhooks, Account):
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
