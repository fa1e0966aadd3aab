"""Asking about analyses in plain words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from deepwitness_client import _operations as op
from deepwitness_client import models as m
from deepwitness_client._async.sending import AsyncSender


class AsyncConversations(AsyncSender):
    """Questions and answers."""

    async def begin_conversation(self, *analysis_ids: str) -> m.Conversation:
        return await self._send(op.begin_conversation(analysis_ids))

    async def conversations(self, *, limit: int = 20) -> tuple[m.ConversationSummary, ...]:
        return await self._send(op.list_conversations(limit))

    async def conversation(self, conversation_id: str) -> m.Conversation:
        return await self._send(op.read_conversation(conversation_id))

    async def delete_conversation(self, conversation_id: str) -> None:
        return await self._send(op.remove_conversation(conversation_id))

    async def messages(self, conversation_id: str) -> tuple[m.Message, ...]:
        return await self._send(op.list_messages(conversation_id))

    async def message(self, conversation_id: str, number: int) -> m.Message:
        return await self._send(op.read_message(conversation_id, number))

    async def ask(
        self, conversation_id: str, text: str, *, analysis_ids: Iterable[str] = (), wait_s: int = 60
    ) -> m.Message:
        """Ask in plain words and wait for the answer; `is_final` is false when it takes longer than `wait_s`."""
        return await self._send(op.ask(conversation_id, text, analysis_ids, wait_s))

    async def answer_events(self, conversation_id: str, number: int, *, after: int = 0) -> AsyncIterator[m.AnswerEvent]:
        """The making of an answer, as it happens."""
        path = f"/v1/conversations/{conversation_id}/messages/{number}/events"
        async for event in self._follow(path, m.AnswerEvent, after):
            yield event
