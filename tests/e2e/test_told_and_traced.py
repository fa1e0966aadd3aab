"""What leaves the service as it works: signed messages to a real receiver, and traces from request to worker."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook as Checker
from standardwebhooks import WebhookVerificationError

from cli.service import report_of
from core.types import MediaKind, Modality
from deepwitness_client import Client, check_webhook
from tests.e2e.receivers import Collector, Receiver
from tests.unit.detectors.clips import make


def waited(what: str, seconds: float, ready: object) -> None:
    assert callable(ready)
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)


def test_sound_is_examined_and_its_end_is_told_again_after_a_refusal_and_signed(
    client: Client, interview: Path, tmp_path: Path, receiver: Receiver
) -> None:
    made = client.create_webhook(receiver.url, notices=["analysis.finished"], description="desk")
    try:
        receiver.answers.extend([500, 204])
        clip = make(tmp_path / "told.wav", "-i", str(interview), "-vn", "-t", "4")
        analysis_id = client.submit(clip).analysis.id
        assert client.wait(analysis_id, timeout_s=400).status == "finished"
        report = report_of(client, analysis_id)
        assert (report.media.kind, report.plan.paths) == (MediaKind.AUDIO, (Modality.AUDIO,))
        waited("the second attempt", 120, lambda: len(receiver.got) >= 2)
        (first, body), (second, again) = receiver.got[:2]
        assert first["webhook-id"] == second["webhook-id"]
        assert body == again
        assert int(second["webhook-timestamp"]) >= int(first["webhook-timestamp"])
        for headers, content in receiver.got[:2]:
            notice = check_webhook(made.secret, headers, content)
            assert (notice.type, notice.data["analysis_id"]) == ("analysis.finished", analysis_id)
            assert notice.data["status"] == "finished"
        waited("the log", 30, lambda: client.deliveries(made.webhook.id).items[0].status == "delivered")
        logged = client.deliveries(made.webhook.id).items[0]
        assert [(each.result, each.status) for each in logged.attempts] == [
            ("answered_otherwise", 500),
            ("delivered", 204),
        ]
        # A recorded message cannot be played again later: its own time is under the signature.
        old = {**first, "webhook-timestamp": str(int((datetime.now(UTC) - timedelta(minutes=6)).timestamp()))}
        with pytest.raises(WebhookVerificationError):
            Checker(made.secret).verify(body, old)
    finally:
        client.delete_webhook(made.webhook.id)


@pytest.mark.usefixtures("examined")
def test_one_trace_goes_from_the_request_to_the_workers(collector: Collector) -> None:
    def whole() -> bool:
        return any({"deepwitness-api", "deepwitness-worker"} <= services for services in collector.services().values())

    waited("a trace of both processes", 90, whole)
    traces = {each.trace_id for each in collector.spans() if each.service == "deepwitness-api"}
    jobs = {each.name for each in collector.spans() if each.service == "deepwitness-worker" and each.trace_id in traces}
    assert {"prepare.media", "audio.detect"} <= jobs, jobs
