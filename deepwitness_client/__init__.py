"""Deepwitness from Python: submit recordings, follow their analyses, read, ask, and check webhooks."""

from deepwitness_client._async.client import AsyncClient
from deepwitness_client._sync.client import Client
from deepwitness_client.errors import (
    AnalysisFailed,
    DeepwitnessError,
    Problem,
    ServiceUnreachable,
    WebhookRefused,
)
from deepwitness_client.models import Scope, TimeRange
from deepwitness_client.webhooks import check_webhook

__all__ = [
    "AnalysisFailed",
    "AsyncClient",
    "Client",
    "DeepwitnessError",
    "Problem",
    "Scope",
    "ServiceUnreachable",
    "TimeRange",
    "WebhookRefused",
    "check_webhook",
]
