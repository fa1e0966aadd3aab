# Made from `_async` by deploy/make-sync-client. Change that, and run `make client`.
"""Keys, and what the service says of itself."""

from __future__ import annotations

from deepwitness_client import _operations as op
from deepwitness_client import models as m
from deepwitness_client._sync.sending import Sender
from deepwitness_client.errors import Problem, ServiceUnreachable


class Account(Sender):
    """The caller's keys and the service itself."""

    def keys(self) -> tuple[m.ApiKey, ...]:
        return self._send(op.list_keys())

    def create_key(self, name: str, *, expires_in_days: int | None = None) -> str:
        """The key in clear, told once."""
        return self._send(op.create_key(name, expires_in_days))

    def revoke_key(self, key_id: str) -> None:
        return self._send(op.revoke_key(key_id))

    def retention(self) -> m.Retention:
        """For how long what is yours is kept."""
        return self._send(op.read_retention())

    def keep_for(self, days: int | None) -> m.Retention:
        """Have what is yours removed after so many days, what there is already too; None leaves it to the service."""
        return self._send(op.change_retention(days))

    def service(self) -> m.Service:
        """What the service accepts and keeps."""
        return self._send(op.read_service())

    def signing_key(self) -> m.SigningKey:
        """The key that the service's reports are sealed with."""
        return self._send(op.read_signing_key())

    def metrics(self) -> str:
        """Figures for Prometheus."""
        return self._send(op.metrics())

    def is_alive(self) -> bool:
        """Whether the service answers at all."""
        try:
            self._send(op.health(), patience_s=0)
        except (ServiceUnreachable, Problem):
            return False
        return True

    def is_ready(self) -> bool:
        """Whether the service and its servers answer."""
        try:
            self._send(op.readiness(), patience_s=0)
        except (ServiceUnreachable, Problem):
            return False
        return True
