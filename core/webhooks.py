"""Webhooks in the words of the domain: who is told, of what, and how each telling went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from core.types import Frozen, Seconds


class Notice(StrEnum):
    """What a subscriber can be told. Stable: receivers match on these."""

    VERDICT = "analysis.verdict"
    FINISHED = "analysis.finished"
    FAILED = "analysis.failed"
    CANCELLED = "analysis.cancelled"
    TEST = "webhook.test"
    """Sent only when asked for; every subscriber takes it."""


class Webhook(Frozen):
    """An address that is told of its owner's analyses."""

    id: str = Field(examples=["wh_8b1c55d0a0f04c3e9be2b1f36f5b7f51"])
    url: str = Field(examples=["https://example.org/hooks/deepwitness"])
    notices: tuple[Notice, ...]
    description: str
    is_active: bool
    """False: nothing is sent, because its owner said so or the address answered that it is gone."""
    created_at: datetime


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class DeliveryAttempt(Frozen):
    """One attempt to tell. `status` is absent when there was no answer."""

    at: datetime
    result: Literal["delivered", "answered_otherwise", "timed_out", "unreachable", "address_refused"]
    status: int | None = None
    seconds: Seconds


class Delivery(Frozen):
    """One notice to one webhook and all attempts at it. Receivers see `id` as `webhook-id` in every attempt."""

    id: str = Field(examples=["msg_3a86f1f0c2e14f3b8e0d9d4f5a6b7c8d"])
    webhook_id: str
    notice: Notice
    analysis_id: str | None
    status: DeliveryStatus
    attempts: tuple[DeliveryAttempt, ...]
    next_attempt_at: datetime | None
    created_at: datetime


class Dispatch(Frozen):
    """All that sending one attempt needs."""

    delivery_id: str
    url: str
    secrets: tuple[str, ...]
    """Newest first; an older one signs too for a day after it was replaced."""
    body: str
