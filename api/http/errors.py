"""The one table from our errors to HTTP: RFC 9457 problem documents with a status and a stable code."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.http.language import asked_language
from core.errors import DeepwitnessError, Rejected, Unavailable
from prompts.authored import translate

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_S: Final = 5
PROBLEMS: Final = "/problems"
"""Where the page of each code is, on this service; relative, so that it is right behind any proxy."""
PAGES: Final = Path(__file__).resolve().parents[2] / "docs" / "site" / "problems"
"""Their text, which the documentation shows too."""
FAILED: Final = "The service failed. The fault was logged."

_log: Final = structlog.get_logger()

STATUS_OF_CODE: Final[dict[str, int]] = {
    "bad_cursor": 400,
    "bad_request_body": 400,
    "upload_interrupted": 400,
    "unauthenticated": 401,
    "cross_site": 403,
    "unknown_host": 421,
    "links_off": 403,
    "webhooks_off": 403,
    "analysis_not_found": 404,
    "artefact_not_found": 404,
    "file_not_found": 404,
    "blob_not_found": 404,
    "share_not_found": 404,
    "key_not_found": 404,
    "conversation_not_found": 404,
    "message_not_found": 404,
    "upload_not_found": 404,
    "not_signed": 404,
    "webhook_not_found": 404,
    "delivery_not_found": 404,
    "not_found": 404,
    "method_not_allowed": 405,
    "upload_timeout": 408,
    "not_finished": 409,
    "not_planned": 409,
    "analysis_failed": 409,
    "analysis_cancelled": 409,
    "already_finished": 409,
    "idempotency_key_reused": 409,
    "too_many_uploads": 409,
    "authentication_off": 409,
    "delivery_pending": 409,
    "webhook_inactive": 409,
    "too_large": 413,
    "unsupported_format": 415,
    "playlist_refused": 415,
    "unsupported_body": 415,
    "link_is_a_page": 415,
    "rate_limited": 429,
}
"""What is rejected under a code that is not listed is well-formed and still cannot be examined: 422."""


class RateLimited(Rejected):
    """Too many requests; `retry_after_s` says when the next may come."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("rate_limited", "Too many requests. Please wait before the next one.")
        self.retry_after_s = retry_after_s


class InvalidField(BaseModel):
    """One field of a request that does not fit its description."""

    model_config = ConfigDict(frozen=True)

    field: str
    rule: str


class Problem(BaseModel):
    """An error as RFC 9457 has it. Clients match on `code`; `detail` is for people."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(examples=["/problems/corrupt_media"])
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["The file is damaged beyond reading."])
    code: str = Field(examples=["corrupt_media"])
    instance: str = Field(examples=["/v1/analyses"])
    errors: tuple[InvalidField, ...] | None = None
    failing: tuple[str, ...] | None = None
    """Servers that do not answer, when that is the problem."""


def status_of(error: DeepwitnessError) -> int:
    """Rejected: 4xx by its code. Unavailable: 503. Everything else is our fault: 500."""
    if isinstance(error, Rejected):
        return STATUS_OF_CODE.get(error.code, 422)
    return 503 if isinstance(error, Unavailable) else 500


def problem_response(
    path: str, status: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> JSONResponse:
    problem = _problem(path, status, code, detail, **more)
    return JSONResponse(problem.model_dump(exclude_none=True), status, headers=headers, media_type=MEDIA_TYPE)


def internal_error(path: str) -> JSONResponse:
    """The answer to whatever nobody foresaw; what it was is in the log only."""
    return problem_response(path, 500, "internal_error", FAILED)


def handle_errors(app: FastAPI) -> None:
    """Every error leaves as a problem document."""
    app.add_exception_handler(DeepwitnessError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How an endpoint documents the problems it may answer with."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "model": Problem,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def problem_of(error: DeepwitnessError, path: str) -> Problem:
    """The problem document of an error, without the inside of what is our own fault."""
    status = status_of(error)
    if status == 500:
        return _problem(path, 500, "internal_error", FAILED)
    return _problem(path, status, error.code, error.public_message)


def _problem(path: str, status: int, code: str, detail: str, **more: Any) -> Problem:
    return Problem(
        type=f"{PROBLEMS}/{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=translate(detail, asked_language() or "en"),
        code=code,
        instance=path,
        **more,
    )


def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DeepwitnessError)
    status = status_of(error)
    headers: dict[str, str] = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    elif isinstance(error, RateLimited):
        headers["Retry-After"] = str(error.retry_after_s)
    elif status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    if status >= 500:
        _log.error("api.request.failed", code=error.code, exc_info=error)
        if status == 500:
            return internal_error(request.url.path)
    else:
        _log.info("api.request.rejected", code=error.code, status=status)
    request.scope["problem_code"] = error.code
    return problem_response(request.url.path, status, error.code, error.public_message, headers)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    request.scope["problem_code"] = "invalid_request"
    found = tuple(InvalidField(field=".".join(str(at) for at in e["loc"]), rule=e["type"]) for e in error.errors())
    detail = "Some fields of the request do not fit their description."
    return problem_response(request.url.path, 422, "invalid_request", detail, errors=found)


_METHODS: Final = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


def methods_of(request: Request) -> list[str]:
    """Every method that some route of the asked address takes."""
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]


_HTTP_DETAIL: Final = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
}


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, DeepwitnessError):  # raised while the framework read the body
        return _ours(request, error.__cause__)
    if error.status_code == 405:
        # The framework names the methods of the first route of this address only.
        error = HTTPException(405, headers={"Allow": ", ".join(methods_of(request))})
    code, detail = _HTTP_DETAIL.get(error.status_code, ("bad_request_body", "The request cannot be read."))
    request.scope["problem_code"] = code
    headers = dict(error.headers) if error.headers else None
    return problem_response(request.url.path, error.status_code, code, detail, headers)
