"""What can go wrong, in three kinds: refused, out of reach, or an analysis that ended without a result."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx


class DeepwitnessError(Exception):
    """Base of all errors of this package."""


class ServiceUnreachable(DeepwitnessError):
    """There was no answer, or the connection broke and could not be taken up again."""


class Problem(DeepwitnessError):
    """The service refused (RFC 9457). Match on `code`; `detail` is for people, `type` the address of an explanation."""

    def __init__(self, status: int, code: str, detail: str, *, type: str = "", request_id: str = "") -> None:  # noqa: A002
        super().__init__(f"{detail} [{code}]")
        self.status = status
        self.code = code
        self.detail = detail
        self.type = type
        self.request_id = request_id
        self.errors: tuple[dict[str, Any], ...] = ()
        """Fields that do not fit their description, for `invalid_request`."""
        self.retry_after_s: float | None = None


class AnalysisFailed(DeepwitnessError):
    """The analysis ended without a result. `code` says why; `cancelled` when it was stopped."""

    def __init__(self, analysis_id: str, code: str, message: str) -> None:
        super().__init__(f"{message} [{code}]")
        self.analysis_id = analysis_id
        self.code = code


class WebhookRefused(DeepwitnessError):
    """A message that cannot be believed: not signed with the secret, or too old."""


def problem_of(response: httpx.Response) -> Problem:
    """The error of a response that was read already."""
    try:
        told = response.json()
        found = Problem(
            response.status_code,
            str(told["code"]),
            str(told.get("detail") or told["title"]),
            type=str(response.url.join(str(told.get("type", "")))),
            request_id=response.headers.get("X-Request-Id", ""),
        )
        found.errors = tuple(told.get("errors") or ())
    except (json.JSONDecodeError, KeyError, AttributeError, TypeError, UnicodeDecodeError):
        found = Problem(
            response.status_code, "unexpected_answer", f"The service answered {response.status_code}.",
            request_id=response.headers.get("X-Request-Id", ""),
        )  # fmt: skip
    found.retry_after_s = _retry_after_s(response.headers.get("Retry-After", ""))
    return found


def _retry_after_s(told: str) -> float | None:
    """Seconds, or the seconds until a date."""
    if told.isdecimal():
        return float(told)
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
