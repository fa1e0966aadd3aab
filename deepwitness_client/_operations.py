"""Every operation of the service once: what is sent, and how the answer is read. Both clients send these."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, TypeAdapter

from deepwitness_client import models as m

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

FETCHING_S = 720.0
"""A service fetches a link for ten minutes at the most, and may be asked to wait for the analysis then."""


@dataclass(frozen=True, slots=True)
class Operation(Generic[T]):
    method: str
    path: str
    read: Callable[[httpx.Response], T]
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    files: Any = None
    data: Mapping[str, str] | None = None
    answers_in_s: float | None = None
    """How long the answer may take to begin, where that is longer than usual."""


def _one(model: type[M]) -> Callable[[httpx.Response], M]:
    return lambda response: model.model_validate_json(response.content)


def _items(model: type[M]) -> Callable[[httpx.Response], tuple[M, ...]]:
    adapter = TypeAdapter(tuple[model, ...])  # type: ignore[valid-type]
    return lambda response: adapter.validate_python(response.json()["items"])


def _nothing(_: httpx.Response) -> None:
    return None


def _text(response: httpx.Response) -> str:
    return response.text


def _bytes(response: httpx.Response) -> bytes:
    return response.content


def _given(**values: object) -> dict[str, str]:
    """Query parameters that were given."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name, value in values.items()
        if value is not None and value != ""
    }


def _present(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _at(analysis_id: str, *parts: str) -> str:
    return "/".join(["/v1/analyses", quote(analysis_id, safe=""), *(quote(part, safe="") for part in parts)])


def _hook(webhook_id: str, *parts: str) -> str:
    return "/".join(["/v1/webhooks", quote(webhook_id, safe=""), *(quote(part, safe="") for part in parts)])


def _talk(conversation_id: str, *parts: str) -> str:
    return "/".join(["/v1/conversations", quote(conversation_id, safe=""), *(quote(part, safe="") for part in parts)])


# ------------------------------------------------------------------------------------------------ analyses


def _submitted(response: httpx.Response) -> m.Submitted:
    analysis = m.Analysis.model_validate_json(response.content)
    return m.Submitted(analysis=analysis, known="X-Analysis-Reused" in response.headers)


def _keyed(idempotency_key: str | None, wait_s: int = 0) -> dict[str, str]:
    headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
    return headers | ({"Prefer": f"wait={wait_s}"} if wait_s else {})


def _asking(instruction: str, scope: m.Scope | None) -> dict[str, Any]:
    """The fields of a request that say what to examine."""
    asked: dict[str, Any] = {"instruction": instruction} if instruction else {}
    return asked if scope is None else asked | {"scope": scope.model_dump(mode="json", exclude_none=True)}


def submit(
    file: tuple[str, Any], instruction: str, scope: m.Scope | None, idempotency_key: str | None, wait_s: int
) -> Operation[m.Submitted]:
    asked = _asking(instruction, scope)
    data = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()} or None
    headers = _keyed(idempotency_key, wait_s)
    return Operation("POST", "/v1/analyses", _submitted, files={"file": file}, data=data, headers=headers)


def submit_upload(
    upload_id: str, file_name: str, instruction: str, scope: m.Scope | None, idempotency_key: str | None
) -> Operation[m.Submitted]:
    body = {"upload_id": upload_id, "file_name": file_name, **_asking(instruction, scope)}
    return Operation("POST", "/v1/analyses", _submitted, json=body, headers=_keyed(idempotency_key))


def submit_link(
    url: str, file_name: str, instruction: str, scope: m.Scope | None, idempotency_key: str | None, wait_s: int
) -> Operation[m.Submitted]:
    body = {"url": url, "file_name": file_name, **_asking(instruction, scope)}
    headers = _keyed(idempotency_key, wait_s)
    return Operation("POST", "/v1/analyses", _submitted, json=body, headers=headers, answers_in_s=FETCHING_S)


def submit_batch(
    uploads: Iterable[Mapping[str, Any]], idempotency_key: str | None
) -> Operation[tuple[m.BatchItem, ...]]:
    body = {"uploads": [_upload(each) for each in uploads]}
    return Operation("POST", "/v1/batches", _items(m.BatchItem), json=body, headers=_keyed(idempotency_key))


def _upload(given: Mapping[str, Any]) -> dict[str, Any]:
    scope = given.get("scope")
    if isinstance(scope, m.Scope):
        return {**given, "scope": scope.model_dump(mode="json", exclude_none=True)}
    return dict(given)


def begin_upload(size_bytes: int) -> Operation[m.Ticket]:
    return Operation("POST", "/v1/uploads", _one(m.Ticket), json={"size_bytes": size_bytes})


def list_analyses(
    q: str,
    status: str | None,
    outcome: str | None,
    kind: str | None,
    created_from: datetime | None,
    created_before: datetime | None,
    limit: int,
    cursor: str | None,
) -> Operation[m.AnalysisPage]:
    params = _given(
        q=q,
        status=status,
        outcome=outcome,
        kind=kind,
        created_from=created_from,
        created_before=created_before,
        limit=limit,
        cursor=cursor,
    )
    return Operation("GET", "/v1/analyses", _one(m.AnalysisPage), params=params)


def read_analysis(analysis_id: str) -> Operation[m.Analysis]:
    return Operation("GET", _at(analysis_id), _one(m.Analysis))


def cancel_analysis(analysis_id: str) -> Operation[m.Analysis]:
    return Operation("POST", _at(analysis_id, "cancel"), _one(m.Analysis))


def annotate_analysis(analysis_id: str, note: str | None, tags: Iterable[str] | None) -> Operation[m.Analysis]:
    body = _present(note=note, tags=None if tags is None else list(tags))
    return Operation("PATCH", _at(analysis_id), _one(m.Analysis), json=body)


def remove_analysis(analysis_id: str) -> Operation[None]:
    return Operation("DELETE", _at(analysis_id), _nothing)


def examine_region(analysis_id: str, start_s: float, end_s: float, subject: str) -> Operation[m.Submitted]:
    body = {"start_s": start_s, "end_s": end_s, "subject": subject}
    return Operation("POST", _at(analysis_id, "regions"), _submitted, json=body)


# ------------------------------------------------------------------------------------------------ results


def read_result(analysis_id: str) -> Operation[m.Result]:
    return Operation("GET", _at(analysis_id, "result"), _one(m.Result))


def read_report(analysis_id: str) -> Operation[m.Report]:
    return Operation("GET", _at(analysis_id, "report.json"), _one(m.Report))


def read_document(analysis_id: str) -> Operation[bytes]:
    return Operation("GET", _at(analysis_id, "report.pdf"), _bytes)


def read_timeline(analysis_id: str) -> Operation[m.Timeline]:
    return Operation("GET", _at(analysis_id, "timeline"), _one(m.Timeline))


def ask_second_opinion(analysis_id: str, method: str) -> Operation[m.OpinionTicket]:
    return Operation("POST", _at(analysis_id, "explanations"), _one(m.OpinionTicket), json={"method": method})


def list_artefacts(analysis_id: str) -> Operation[tuple[m.Artefact, ...]]:
    return Operation("GET", _at(analysis_id, "artefacts"), _items(m.Artefact))


def _location(response: httpx.Response) -> str:
    return str(response.headers["Location"])


def read_artefact(analysis_id: str, artefact_id: str) -> Operation[str]:
    """The address that the service sends on to."""
    return Operation("GET", _at(analysis_id, "artefacts", artefact_id), _location)


def read_media(analysis_id: str) -> Operation[m.Playable]:
    return Operation("GET", _at(analysis_id, "media"), _one(m.Playable))


def list_frames(analysis_id: str) -> Operation[tuple[m.Frame, ...]]:
    return Operation("GET", _at(analysis_id, "frames"), _items(m.Frame))


def replay(analysis_id: str) -> Operation[m.Replay]:
    return Operation("POST", _at(analysis_id, "replay"), _one(m.Replay))


def compare_analyses(first: str, second: str) -> Operation[m.Comparison]:
    return Operation("GET", "/v1/comparisons", _one(m.Comparison), params={"first": first, "second": second})


def share_analysis(analysis_id: str, expires_in_hours: int) -> Operation[m.Share]:
    return Operation("POST", _at(analysis_id, "shares"), _one(m.Share), json={"expires_in_hours": expires_in_hours})


def list_shares(analysis_id: str) -> Operation[tuple[m.Share, ...]]:
    return Operation("GET", _at(analysis_id, "shares"), _items(m.Share))


def withdraw_share(analysis_id: str, share_id: str) -> Operation[None]:
    return Operation("DELETE", _at(analysis_id, "shares", share_id), _nothing)


def read_shared(token: str) -> Operation[m.Result]:
    return Operation("GET", f"/v1/shared/{quote(token, safe='')}", _one(m.Result))


def read_shared_media(token: str) -> Operation[m.Playable]:
    return Operation("GET", f"/v1/shared/{quote(token, safe='')}/media", _one(m.Playable))


def give_feedback(analysis_id: str, judgement: str, truth: str | None, comment: str) -> Operation[m.Feedback]:
    body = _present(judgement=judgement, truth=truth, comment=comment)
    return Operation("POST", _at(analysis_id, "feedback"), _one(m.Feedback), json=body)


def list_feedback(analysis_id: str) -> Operation[tuple[m.Feedback, ...]]:
    return Operation("GET", _at(analysis_id, "feedback"), _items(m.Feedback))


# ------------------------------------------------------------------------------------------------ conversations


def begin_conversation(analysis_ids: Iterable[str]) -> Operation[m.Conversation]:
    return Operation("POST", "/v1/conversations", _one(m.Conversation), json={"analysis_ids": list(analysis_ids)})


def list_conversations(limit: int) -> Operation[tuple[m.ConversationSummary, ...]]:
    return Operation("GET", "/v1/conversations", _items(m.ConversationSummary), params={"limit": str(limit)})


def read_conversation(conversation_id: str) -> Operation[m.Conversation]:
    return Operation("GET", _talk(conversation_id), _one(m.Conversation))


def remove_conversation(conversation_id: str) -> Operation[None]:
    return Operation("DELETE", _talk(conversation_id), _nothing)


def list_messages(conversation_id: str) -> Operation[tuple[m.Message, ...]]:
    return Operation("GET", _talk(conversation_id, "messages"), _items(m.Message))


def ask(conversation_id: str, text: str, analysis_ids: Iterable[str], wait_s: int) -> Operation[m.Message]:
    body = {"text": text, "analysis_ids": list(analysis_ids)}
    path = _talk(conversation_id, "messages")
    return Operation("POST", path, _one(m.Message), json=body, headers={"Prefer": f"wait={wait_s}"})


def read_message(conversation_id: str, number: int) -> Operation[m.Message]:
    return Operation("GET", _talk(conversation_id, "messages", str(number)), _one(m.Message))


# ------------------------------------------------------------------------------------------------ webhooks


def create_webhook(url: str, notices: Iterable[str] | None, description: str) -> Operation[m.NewWebhook]:
    body = _present(url=url, notices=None if notices is None else list(notices), description=description)
    return Operation("POST", "/v1/webhooks", _one(m.NewWebhook), json=body)


def list_webhooks() -> Operation[tuple[m.Webhook, ...]]:
    return Operation("GET", "/v1/webhooks", _items(m.Webhook))


def read_webhook(webhook_id: str) -> Operation[m.Webhook]:
    return Operation("GET", _hook(webhook_id), _one(m.Webhook))


def change_webhook(
    webhook_id: str,
    url: str | None,
    notices: Iterable[str] | None,
    description: str | None,
    is_active: bool | None,
) -> Operation[m.Webhook]:
    body = _present(
        url=url,
        notices=None if notices is None else list(notices),
        description=description,
        is_active=is_active,
    )
    return Operation("PATCH", _hook(webhook_id), _one(m.Webhook), json=body)


def remove_webhook(webhook_id: str) -> Operation[None]:
    return Operation("DELETE", _hook(webhook_id), _nothing)


def _secret(response: httpx.Response) -> str:
    return str(response.json()["secret"])


def renew_webhook_secret(webhook_id: str) -> Operation[str]:
    return Operation("POST", _hook(webhook_id, "secret"), _secret)


def test_webhook(webhook_id: str) -> Operation[m.Delivery]:
    return Operation("POST", _hook(webhook_id, "test"), _one(m.Delivery))


def list_deliveries(webhook_id: str, limit: int, cursor: str | None) -> Operation[m.DeliveryPage]:
    params = _given(limit=limit, cursor=cursor)
    return Operation("GET", _hook(webhook_id, "deliveries"), _one(m.DeliveryPage), params=params)


def resend_delivery(webhook_id: str, delivery_id: str) -> Operation[m.Delivery]:
    return Operation("POST", _hook(webhook_id, "deliveries", delivery_id, "resend"), _one(m.Delivery))


# ------------------------------------------------------------------------------------------------ account and service


def list_keys() -> Operation[tuple[m.ApiKey, ...]]:
    return Operation("GET", "/v1/keys", _items(m.ApiKey))


def _key(response: httpx.Response) -> str:
    return str(response.json()["key"])


def create_key(name: str, expires_in_days: int | None) -> Operation[str]:
    return Operation("POST", "/v1/keys", _key, json=_present(name=name, expires_in_days=expires_in_days))


def revoke_key(key_id: str) -> Operation[None]:
    return Operation("DELETE", f"/v1/keys/{quote(key_id, safe='')}", _nothing)


def read_retention() -> Operation[m.Retention]:
    return Operation("GET", "/v1/retention", _one(m.Retention))


def change_retention(days: int | None) -> Operation[m.Retention]:
    return Operation("PUT", "/v1/retention", _one(m.Retention), json={"days": days})


def read_service() -> Operation[m.Service]:
    return Operation("GET", "/v1/service", _one(m.Service))


def read_signing_key() -> Operation[m.SigningKey]:
    return Operation("GET", "/v1/signing-key", _one(m.SigningKey))


def health() -> Operation[None]:
    return Operation("GET", "/healthz", _nothing)


def readiness() -> Operation[None]:
    return Operation("GET", "/readyz", _nothing)


def metrics() -> Operation[str]:
    return Operation("GET", "/metrics", _text)
