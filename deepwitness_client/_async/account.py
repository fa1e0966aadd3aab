"""Keys, and what the service says of itself."""

from __future__ import annotations

from deepwitness_client import _operations as op
from deepwitness_client import models as m
from deepwitness_client._async.sending import AsyncSender
from deepwitness_client.errors import Problem, ServiceUnreachable


class AsyncAccount(AsyncSender):
    """The caller's keys and the service itself."""

    async def keys(self) -> tuple[m.ApiKey, ...]:
        return await self._send(op.list_keys())

    async def create_key(self, name: str, *, expires_in_days: int | None = None) -> str:
        """The key in clear, told once."""
        return await self._send(op.create_key(name, expires_in_days))

    async def revoke_key(self, key_id: str) -> None:
        return await self._send(op.revoke_key(key_id))

    async def retention(self) -> m.Retention:
        """For how long what is yours is kept."""
        return await self._send(op.read_retention())

    async def keep_for(self, days: int | None) -> m.Retention:
        """Have what is yours removed after so many days, what there is already too; None leaves it to the service."""
        return await self._send(op.change_retention(days))

    async def service(self) -> m.Service:
        """What the service accepts and keeps."""
        return await self._send(op.read_service())

    async def signing_key(self) -> m.SigningKey:
        """The key that the service's reports are sealed with."""
        return await self._send(op.read_signing_key())

    async def metrics(self) -> str:
        """Figures for Prometheus."""
        return await self._send(op.metrics())

    async def is_alive(self) -> bool:
        """Whether the service answers at all."""
        try:
            await self._send(op.health(), patience_s=0)
        except (ServiceUnreachable, Problem):
            return False
        return True

    async def is_ready(self) -> bool:
        """Whether the service and its servers answer."""
        try:
            await self._send(op.readiness(), patience_s=0)
        except (ServiceUnreachable, Problem):
            return False
        return True
