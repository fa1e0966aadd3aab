"""What a language model was asked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.types.base import Frozen, Seconds


class LlmCall(Frozen):
    """One bounded call to a language model, as it went."""

    purpose: str
    prompt_id: str
    prompt_version: int
    model: str
    prompt_tokens: int | None
    completion_tokens: int | None
    seconds: Seconds
    outcome: Literal["ok", "unavailable", "malformed", "refused"]
    cost: Annotated[float, Field(ge=0)] | None = None
    """In the currency of LLM__PROMPT_PRICE and LLM__COMPLETION_PRICE; None when neither is set."""
