"""Starting an analysis that was offered in a conversation and agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import structlog

from agents.conversation import Started
from core.dialogue import Conversation, Proposal
from core.errors import Unavailable
from core.jobs import prepare_job
from core.ports import JobQueue
from store.conversations import ConversationRepository
from store.database import Database
from store.repositories import AnalysisRepository
from store.submission import record_analysis

MOST_ANALYSES: Final = 10
"""In one conversation, those it began with included."""

_log: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ConversationStarter:
    """`agents.offers.Starter` for one conversation: its owner's media only, and a bounded number of analyses."""

    database: Database
    queue: JobQueue
    conversation: Conversation

    def start(self, proposal: Proposal) -> Started | None:
        """Raises: Rejected("analysis_not_found") when the offered analysis is gone or somebody else's."""
        owner_id = self.conversation.owner_id
        with self.database.begin() as session:
            if len(self.conversation.analysis_ids) >= MOST_ANALYSES:
                return None
            offered = AnalysisRepository(session).get(proposal.analysis_id, owner_id)
            analysis, is_new = record_analysis(
                session,
                owner_id=owner_id,
                media_id=offered.media_id,
                file_name=offered.file_name,
                instruction=proposal.instruction,
                scope=proposal.scope,
            )
            ConversationRepository(session).bind(self.conversation.id, owner_id, [analysis.id])
        if is_new:
            try:
                self.queue.send(prepare_job(analysis.id))
            except Unavailable:
                # The job is in the ledger by now: recovery sends the message later.
                _log.warning("tasks.analysis.not_sent", analysis_id=analysis.id)
        return Started(analysis.id, is_new)
