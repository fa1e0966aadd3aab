"""Asks an OpenAI-compatible endpoint for a structured answer, within bounded time, tokens and bytes.

What the endpoint does wrong is an outcome of the call, never an exception: whoever asks goes on without the answer.
"""

from __future__ import annotations

import threading
import time
from typing import Final, Literal, TypeVar

import httpx
import structlog
from openai import APIConnectionError, APIError, APIStatusError, OpenAI, pydantic_function_tool
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam
from openai.types.shared_params import ResponseFormatJSONSchema
from pydantic import BaseModel

from agents.language.deadline import bounded_client, seconds_left, within
from core.errors import Misconfigured
from core.ports import Completion
from core.settings import LlmSettings
from core.types import LlmCall

T = TypeVar("T", bound=BaseModel)
Result = Literal["ok", "unavailable", "malformed", "refused"]

TOKENS_PRICED: Final = 1_000_000
MOST_BYTES: Final = 1_000_000
"""A longer reply is not read to its end."""
RETRY_FLOOR_S: Final = 1.0
"""A second attempt is made only when at least this much of the time is left."""
REACH_TIMEOUT_S: Final = 3.0
FIRST_MODEL: Final = ("", "auto")
"""Model names that mean: whichever model the endpoint lists first."""

_TRANSIENT: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_log: Final = structlog.get_logger()


class OpenAiLanguageModel:
    """Structured answers from any OpenAI-compatible endpoint.

    An answer is one that the schema accepts; it supports no other claim. Temperature is 0, and a transient fault is
    tried once more if time is left.
    """

    def __init__(self, settings: LlmSettings) -> None:
        """Connects to nothing. Raises: Misconfigured without a base URL."""
        if not settings.base_url:
            raise Misconfigured("llm_without_endpoint", "A language model needs LLM__BASE_URL.")
        self._settings = settings
        self._lock = threading.Lock()
        self._found_model: str | None = None
        self._client = OpenAI(
            base_url=settings.base_url,
            api_key=settings.api_key.get_secret_value(),
            max_retries=0,
            http_client=bounded_client(settings.base_url),
        )
        # Imported here, so that no call's time is spent on it.
        _ = self._client.chat.completions, self._client.models

    def complete(
        self,
        *,
        purpose: str,
        prompt_id: str,
        prompt_version: int,
        system: str,
        user: str,
        schema: type[T],
        max_tokens: int,
        timeout_s: float,
    ) -> Completion[T]:
        """One answer of the schema, or none.

        Args:
            system: our own words only; text from outside belongs in `user`, fenced.
            max_tokens, timeout_s: the settings' own bounds apply when they are lower.
        Returns: the outcome `unavailable` when nothing usable came back in time, `refused` when the model or its
            operator declined, `malformed` when the reply was cut off or does not fit the schema.
        """
        started = time.monotonic()
        model, answer, reply = self._settings.model, None, None
        result: Result
        try:
            with within(min(timeout_s, self._settings.timeout_s)):
                model = self.model(seconds_left())
                reply = self._ask(model, system, user, schema, min(max_tokens, self._settings.max_tokens))
            answer, result = _read(reply, schema)
        except (APIError, httpx.HTTPError, TimeoutError, ValueError) as error:
            result = "malformed" if isinstance(error, ValueError) else "unavailable"
            _log.warning(f"agents.llm.{result}", purpose=purpose, fault=type(error).__name__)
        usage = None if reply is None else reply.usage
        return Completion(
            answer,
            LlmCall(
                purpose=purpose,
                prompt_id=prompt_id,
                prompt_version=prompt_version,
                model=model,
                prompt_tokens=None if usage is None else usage.prompt_tokens,
                completion_tokens=None if usage is None else usage.completion_tokens,
                seconds=round(time.monotonic() - started, 3),
                outcome=result,
                cost=self._cost(usage),
            ),
        )

    def _cost(self, usage: CompletionUsage | None) -> float | None:
        """What the endpoint charges for the tokens that it counted; None when prices or counts are not known."""
        prices = self._settings.prompt_price, self._settings.completion_price
        if usage is None or prices == (None, None):
            return None
        spent = usage.prompt_tokens * (prices[0] or 0.0) + usage.completion_tokens * (prices[1] or 0.0)
        return spent / TOKENS_PRICED

    def model(self, timeout_s: float) -> str:
        """The model that is asked. Raises: openai.APIError, TimeoutError when it has to be looked up and cannot."""
        if self._settings.model.strip() not in FIRST_MODEL:
            return self._settings.model
        with self._lock:
            if self._found_model is None:
                with within(timeout_s):
                    listed = self._client.models.list(timeout=seconds_left()).data
                if not listed:
                    raise TimeoutError("the endpoint lists no model")
                self._found_model = listed[0].id
            return self._found_model

    def reachable(self, timeout_s: float = REACH_TIMEOUT_S) -> bool:
        """Whether the endpoint answers at all; says nothing about its models."""
        try:
            with within(timeout_s):
                self._client.models.list(timeout=seconds_left())
        except APIStatusError as error:
            return error.status_code < 500
        except (APIError, ValueError, TimeoutError):
            return False
        return True

    def _ask(self, model: str, system: str, user: str, schema: type[BaseModel], max_tokens: int) -> ChatCompletion:
        """One reply, at the second attempt if the first met a transient fault and time is left."""
        try:
            return self._attempt(model, system, user, schema, max_tokens)
        except (APIConnectionError, APIStatusError) as error:
            passing = not isinstance(error, APIStatusError) or error.status_code in _TRANSIENT
            if not passing or seconds_left() < RETRY_FLOOR_S:
                raise
        return self._attempt(model, system, user, schema, max_tokens)

    def _attempt(self, model: str, system: str, user: str, schema: type[BaseModel], max_tokens: int) -> ChatCompletion:
        messages: list[ChatCompletionMessageParam] = [
            {"role": "system", "content": system},
            {"role": "user", "content": user},
        ]
        with self._client.chat.completions.with_streaming_response.create(
            model=model,
            messages=messages,
            response_format=answer_format(schema),
            max_tokens=max_tokens,
            temperature=0,
            timeout=seconds_left(),
        ) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise ValueError("the reply is too long")
        return ChatCompletion.model_validate_json(bytes(body))


def answer_format(schema: type[BaseModel]) -> ResponseFormatJSONSchema:
    """The request field that binds a reply to a schema."""
    described = pydantic_function_tool(schema)["function"]["parameters"]
    return {"type": "json_schema", "json_schema": {"name": schema.__name__, "strict": True, "schema": described}}


def _read(reply: ChatCompletion, schema: type[T]) -> tuple[T | None, Result]:
    """Raises: ValidationError when the reply does not fit the schema."""
    if not reply.choices:
        return None, "malformed"
    choice = reply.choices[0]
    if choice.finish_reason == "content_filter" or choice.message.refusal:
        return None, "refused"
    if choice.finish_reason == "length":
        return None, "malformed"
    return schema.model_validate_json(choice.message.content or ""), "ok"
