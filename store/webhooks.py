"""Webhooks and their outbox. A notice and its job are written in the transaction of what it tells of."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from core.errors import Misconfigured, Rejected
from core.jobs import DELIVER
from core.types import AnalysisStatus, DeliveryOrder
from core.vault import Vault, is_sealed
from core.webhooks import Delivery, DeliveryAttempt, DeliveryStatus, Dispatch, Notice, Webhook
from store.cursors import cursor_of, position_of
from store.database import Database
from store.ledger import open_jobs
from store.models import AnalysisRow, DeliveryRow, MediaRow, WebhookRow
from store.tallies import count

MAX_WEBHOOKS: Final = 20
SECRET_BYTES: Final = 32
FORMER_SECRET_SIGNS: Final = timedelta(days=1)
NOTICE_OF_EVENT: Final[Mapping[str, Notice]] = {
    "verdict": Notice.VERDICT,
    "finished": Notice.FINISHED,
    "failed": Notice.FAILED,
    "cancelled": Notice.CANCELLED,
}
"""Which events of an analysis are told to webhooks."""


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    items: tuple[Delivery, ...]
    next_cursor: str | None


class WebhookRepository:
    """Works in the session it is given and never commits. Without a vault no secret can be made."""

    def __init__(self, session: Session, vault: Vault | None = None) -> None:
        self._session = session
        self._vault = vault

    def add(self, owner_id: str, url: str, notices: tuple[Notice, ...], description: str) -> tuple[Webhook, str]:
        """The webhook and its secret in clear. Raises: Rejected: `too_many_webhooks`, `webhooks_off`."""
        count = self._session.scalar(select(func.count()).where(WebhookRow.owner_id == owner_id)) or 0
        if count >= MAX_WEBHOOKS:
            raise Rejected("too_many_webhooks", f"There can be at most {MAX_WEBHOOKS} webhooks; remove one first.")
        webhook_id, secret = f"wh_{secrets.token_hex(16)}", _new_secret()
        row = WebhookRow(
            id=webhook_id,
            owner_id=owner_id,
            url=url,
            notices=notices,
            description=description,
            is_active=True,
            secret=self._sealed(secret, webhook_id),
        )
        self._session.add(row)
        self._session.flush()
        self._session.refresh(row)
        return _webhook(row), secret

    def all(self, owner_id: str) -> tuple[Webhook, ...]:
        query = select(WebhookRow).where(WebhookRow.owner_id == owner_id).order_by(WebhookRow.created_at)
        return tuple(_webhook(row) for row in self._session.scalars(query))

    def get(self, webhook_id: str, owner_id: str) -> Webhook:
        """Raises: Rejected("webhook_not_found"), also for somebody else's."""
        return _webhook(self._row(webhook_id, owner_id))

    def change(self, webhook_id: str, owner_id: str, **changes: Any) -> Webhook:
        """Raises: Rejected("webhook_not_found")."""
        row = self._row(webhook_id, owner_id)
        for name, value in changes.items():
            setattr(row, name, value)
        self._session.flush()
        return _webhook(row)

    def renew_secret(self, webhook_id: str, owner_id: str) -> str:
        """A new secret in clear; the former one signs beside it for a day."""
        row = self._row(webhook_id, owner_id)
        row.former_secret, row.former_until = row.secret, datetime.now(UTC) + FORMER_SECRET_SIGNS
        secret = _new_secret()
        row.secret = self._sealed(secret, webhook_id)
        self._session.flush()
        return secret

    def remove(self, webhook_id: str, owner_id: str) -> None:
        self._session.delete(self._row(webhook_id, owner_id))
        self._session.flush()

    def send_test(self, webhook_id: str, owner_id: str) -> Delivery:
        """Put a test notice into the outbox. Raises: Rejected: `webhook_not_found`, `webhook_inactive`."""
        row = self._row(webhook_id, owner_id)
        if not row.is_active:
            raise Rejected("webhook_inactive", "This webhook is switched off; switch it on first.")
        body = {"webhook_id": webhook_id, "message": "Deepwitness can reach this address."}
        return _delivery(_queue(self._session, row, Notice.TEST, None, body))

    def deliveries(self, webhook_id: str, owner_id: str, *, limit: int, cursor: str | None = None) -> DeliveryPage:
        """Newest first."""
        self._row(webhook_id, owner_id)
        query = select(DeliveryRow).where(DeliveryRow.webhook_id == webhook_id)
        if cursor is not None:
            query = query.where(tuple_(DeliveryRow.created_at, DeliveryRow.id) < position_of(cursor))
        query = query.order_by(DeliveryRow.created_at.desc(), DeliveryRow.id.desc()).limit(limit + 1)
        rows = self._session.scalars(query).all()
        following = cursor_of(rows[limit - 1].created_at, rows[limit - 1].id) if len(rows) > limit else None
        return DeliveryPage(tuple(_delivery(row) for row in rows[:limit]), following)

    def send_again(self, webhook_id: str, owner_id: str, delivery_id: str) -> Delivery:
        """Raises: Rejected: `webhook_not_found`, `delivery_not_found`, `delivery_pending`, `webhook_inactive`."""
        webhook = self._row(webhook_id, owner_id)
        row = self._session.get(DeliveryRow, delivery_id, with_for_update=True)
        if row is None or row.webhook_id != webhook_id:
            raise Rejected("delivery_not_found", "There is no such delivery.")
        if row.status == DeliveryStatus.PENDING.value:
            raise Rejected("delivery_pending", "This delivery is still being attempted.")
        if not webhook.is_active:
            raise Rejected("webhook_inactive", "This webhook is switched off; switch it on first.")
        row.status, row.next_attempt_at = DeliveryStatus.PENDING.value, datetime.now(UTC)
        self._session.flush()
        _open_job(self._session, row)
        return _delivery(row)

    def _sealed(self, secret: str, webhook_id: str) -> str:
        if self._vault is None:
            raise Rejected("webhooks_off", "This service has no key to keep a webhook's secret under.")
        return self._vault.seal(secret, webhook_id)

    def _row(self, webhook_id: str, owner_id: str) -> WebhookRow:
        row = self._session.get(WebhookRow, webhook_id)
        if row is None or row.owner_id != owner_id:
            raise Rejected("webhook_not_found", "There is no such webhook.")
        return row


def queue_notices(session: Session, analysis_id: str, event_kind: str) -> None:
    """Put what this event means for the owner's webhooks into the outbox, in the event's own transaction."""
    notice = NOTICE_OF_EVENT.get(event_kind)
    if notice is None:
        return
    analysis = session.get(AnalysisRow, analysis_id, populate_existing=True)
    if analysis is None:
        return
    hooks = select(WebhookRow).where(WebhookRow.owner_id == analysis.owner_id, WebhookRow.is_active)
    subscribed = [hook for hook in session.scalars(hooks) if notice in hook.notices]
    if not subscribed:
        return
    sha256 = session.scalar(select(MediaRow.sha256).where(MediaRow.id == analysis.media_id))
    verdict, failure = analysis.verdict, analysis.failure
    body = {
        "analysis_id": analysis_id,
        "file_name": analysis.file_name,
        "media_sha256": sha256,
        "status": AnalysisStatus(analysis.status).value,
        "outcome": None if verdict is None else verdict.outcome.value,
        "p_fake": None if verdict is None else verdict.p_fake,
        "failure": None if failure is None else failure.model_dump(mode="json"),
        "path": f"/v1/analyses/{analysis_id}",
    }
    for hook in subscribed:
        _queue(session, hook, notice, analysis_id, body)


class PostgresOutbox:
    """What the workers need of the outbox; each call is its own unit of work."""

    def __init__(self, database: Database, vault: Vault | None) -> None:
        self._database = database
        self._vault = vault

    def take(self, delivery_id: str) -> Dispatch | None:
        """What to send; None when the delivery has ended or is gone, or its webhook was switched off."""
        with self._database.begin() as session:
            row = session.get(DeliveryRow, delivery_id, with_for_update=True)
            hook = None if row is None else session.get(WebhookRow, row.webhook_id)
            if row is None or hook is None or row.status != DeliveryStatus.PENDING.value:
                return None
            if not hook.is_active:
                row.status, row.next_attempt_at = DeliveryStatus.FAILED.value, None
                return None
            signing = [self._opened(hook.secret, hook.id)]
            if hook.former_secret and hook.former_until and hook.former_until > datetime.now(UTC):
                signing.append(self._opened(hook.former_secret, hook.id))
            body = json.dumps(row.body, ensure_ascii=False, separators=(",", ":"))
            return Dispatch(delivery_id=row.id, url=hook.url, secrets=tuple(signing), body=body)

    def _opened(self, secret: str, webhook_id: str) -> str:
        """Raises: Misconfigured: `vault_key_missing`, `vault_key_wrong`. The delivery waits until that is mended."""
        if not is_sealed(secret):
            return secret
        if self._vault is None:
            raise Misconfigured("vault_key_missing", "Webhook secrets are sealed, but WEBHOOKS__KEY is not set.")
        return self._vault.open(secret, webhook_id)

    def record(
        self, delivery_id: str, attempt: DeliveryAttempt, *, again_at: datetime | None, is_gone: bool = False
    ) -> None:
        """How an attempt went: delivered, to be made again at `again_at`, or given up. Gone: the webhook is too."""
        with self._database.begin() as session:
            row = session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is None:
                return
            row.attempts = (*row.attempts, attempt)
            row.next_attempt_at = again_at
            if attempt.result == "delivered":
                row.status = DeliveryStatus.DELIVERED.value
            elif again_at is None:
                row.status = DeliveryStatus.FAILED.value
            session.flush()
            if is_gone:
                session.execute(update(WebhookRow).where(WebhookRow.id == row.webhook_id).values(is_active=False))
            count(session, {("webhook_attempts", (attempt.result,)): 1})

    def give_up(self, delivery_id: str) -> None:
        """No further attempt is made."""
        with self._database.begin() as session:
            row = session.get(DeliveryRow, delivery_id, with_for_update=True)
            if row is not None and row.status == DeliveryStatus.PENDING.value:
                row.status, row.next_attempt_at = DeliveryStatus.FAILED.value, None

    def forget(self, before: datetime) -> None:
        """Remove ended deliveries created before that moment."""
        ended = DeliveryRow.status != DeliveryStatus.PENDING.value
        with self._database.begin() as session:
            session.execute(delete(DeliveryRow).where(DeliveryRow.created_at < before, ended))


def seal_stored(database: Database, vault: Vault) -> int:
    """Seal the secrets that still lie in clear, from before there was a key. Returns of how many webhooks."""
    with database.begin() as session:
        clear = [row for row in session.scalars(select(WebhookRow).with_for_update()) if not is_sealed(row.secret)]
        for row in clear:
            row.secret = vault.seal(row.secret, row.id)
            if row.former_secret is not None:
                row.former_secret = vault.seal(row.former_secret, row.id)
    return len(clear)


def _queue(
    session: Session, hook: WebhookRow, notice: Notice, analysis_id: str | None, body: dict[str, Any]
) -> DeliveryRow:
    now = datetime.now(UTC)
    row = DeliveryRow(
        id=f"msg_{secrets.token_hex(16)}",
        webhook_id=hook.id,
        analysis_id=analysis_id,
        notice=notice.value,
        # The envelope that Standard Webhooks recommends.
        body={"type": notice.value, "timestamp": now.isoformat().replace("+00:00", "Z"), "data": body},
        status=DeliveryStatus.PENDING.value,
        attempts=(),
        next_attempt_at=now,
    )
    session.add(row)
    session.flush()
    session.refresh(row)
    _open_job(session, row)
    return row


def _open_job(session: Session, row: DeliveryRow) -> None:
    """Have the delivery attempted. Recovery sends the job when this transaction is committed."""
    order = DeliveryOrder(delivery_id=row.id)
    open_jobs(session, [DELIVER.alone(f"{row.id}:{secrets.token_hex(4)}", order, due_at=row.next_attempt_at)])


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _webhook(row: WebhookRow) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        notices=row.notices,
        description=row.description,
        is_active=row.is_active,
        created_at=row.created_at,
    )


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        id=row.id,
        webhook_id=row.webhook_id,
        notice=Notice(row.notice),
        analysis_id=row.analysis_id,
        status=DeliveryStatus(row.status),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        created_at=row.created_at,
    )
