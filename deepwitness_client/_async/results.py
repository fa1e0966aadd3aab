"""Reading what an analysis found, and what surrounds it."""

from __future__ import annotations

from pathlib import Path

from deepwitness_client import _operations as op
from deepwitness_client import models as m
from deepwitness_client._async.sending import AsyncSender


class AsyncResults(AsyncSender):
    """What was found: reports, files, links, people's words on it."""

    async def result(self, analysis_id: str) -> m.Result:
        """Headline, links and report of a finished analysis."""
        return await self._send(op.read_result(analysis_id))

    async def replay(self, analysis_id: str) -> m.Replay:
        """Have the plan decided again on the inputs that it stored."""
        return await self._send(op.replay(analysis_id))

    async def report(self, analysis_id: str) -> m.Report:
        return await self._send(op.read_report(analysis_id))

    async def report_pdf(self, analysis_id: str) -> bytes:
        return await self._send(op.read_document(analysis_id))

    async def timeline(self, analysis_id: str) -> m.Timeline:
        return await self._send(op.read_timeline(analysis_id))

    async def second_opinion(self, analysis_id: str, method: str) -> m.OpinionTicket:
        """Have a finished analysis explained by another method; the service's description names them."""
        return await self._send(op.ask_second_opinion(analysis_id, method))

    async def artefacts(self, analysis_id: str) -> tuple[m.Artefact, ...]:
        """The files there are so far."""
        return await self._send(op.list_artefacts(analysis_id))

    async def artefact_url(self, analysis_id: str, artefact_id: str) -> str:
        """A fresh link to one file."""
        return await self._send(op.read_artefact(analysis_id, artefact_id))

    async def download(self, analysis_id: str, artefact_id: str, path: str | Path) -> Path:
        """Write one file to `path`, whole or not at all."""
        url, target = await self._send(op.read_artefact(analysis_id, artefact_id)), Path(path)
        part = target.with_name(target.name + ".part")
        try:
            with part.open("wb") as out:
                await self._fetch(url, out)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return target

    async def media(self, analysis_id: str) -> m.Playable:
        """The uploaded file behind a link."""
        return await self._send(op.read_media(analysis_id))

    async def frames(self, analysis_id: str) -> tuple[m.Frame, ...]:
        return await self._send(op.list_frames(analysis_id))

    async def compare(self, first: str, second: str) -> m.Comparison:
        return await self._send(op.compare_analyses(first, second))

    async def share(self, analysis_id: str, *, expires_in_hours: int = 168) -> m.Share:
        """A link that shows the result to whoever has it."""
        return await self._send(op.share_analysis(analysis_id, expires_in_hours))

    async def shares(self, analysis_id: str) -> tuple[m.Share, ...]:
        return await self._send(op.list_shares(analysis_id))

    async def withdraw_share(self, analysis_id: str, share_id: str) -> None:
        return await self._send(op.withdraw_share(analysis_id, share_id))

    async def shared(self, token: str) -> m.Result:
        return await self._send(op.read_shared(token))

    async def shared_media(self, token: str) -> m.Playable:
        return await self._send(op.read_shared_media(token))

    async def give_feedback(
        self, analysis_id: str, judgement: str, *, truth: str | None = None, comment: str = ""
    ) -> m.Feedback:
        """Say whether the verdict is `right` or `wrong`, and what the recording is (`fake`, `real`) if you know."""
        return await self._send(op.give_feedback(analysis_id, judgement, truth, comment))

    async def feedback(self, analysis_id: str) -> tuple[m.Feedback, ...]:
        return await self._send(op.list_feedback(analysis_id))
