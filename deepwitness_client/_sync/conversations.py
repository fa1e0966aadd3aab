# Made from `_async` by deploy/make-sync-client. Change that, and run `make client`.
"""Asking about analyses in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deepwitness_client import _operations as op
from deepwitness_client import models as m
from deepwitness_client._sync.sending import Sender


class Conversations(Sender):
    """Questions and answers."""

    def begin_conversation(self, *analysis_ids: str) -> m.Conversation:
        return self._send(op.begin_conversation(analysis_ids))

    def conversations(self, *, limit: int = 20) -> tuple[m.ConversationSummary, ...]:
        return self._send(op.list_conversations(limit))

    def conversation(self, conversation_id: str) -> m.Conversation:
        return self._send(op.read_conversation(conversation_id))

    def delete_conversation(self, conversation_id: str) -> None:
        return self._send(op.remove_conversation(conversation_id))

    def messages(self, conversation_id: str) -> tuple[m.Message, ...]:
        return self._send(op.list_messages(conversation_id))

    def message(self, conversation_id: str, number: int) -> m.Message:
        return self._send(op.read_message(conversation_id, number))

    def ask(self, conversation_id: str, text: str, *, analysis_ids: Iterable[str] = (), wait_s: int = 60) -> m.Message:
        """Ask in plain words and wait for the answer; `is_final` is false when it takes longer than `wait_s`."""
        return self._send(op.ask(conversation_id, text, analysis_ids, wait_s))

    def answer_events(self, conversation_id: str, number: int, *, after: int = 0) -> Iterator[m.AnswerEvent]:
        """The making of an answer, as it happens."""
        path = f"/v1/conversations/{conversation_id}/messages/{number}/events"
        yield from self._follow(path, m.AnswerEvent, after)
