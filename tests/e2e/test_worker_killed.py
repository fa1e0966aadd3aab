"""A worker that is killed in the middle of an analysis, and the one that comes after it."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

import psycopg2

from cli.embedded import Service
from cli.service import report_of
from deepwitness_client import Client
from tests.unit.detectors.clips import make

STAGES_TO_KILL_IN = ("detect", "explain")


def test_a_killed_worker_costs_time_and_nothing_else(
    service: Service, client: Client, interview: Path, tmp_path: Path
) -> None:
    # Another file than the other tests', so that it is examined anew.
    sent = client.submit(make(tmp_path / "cut.mp4", "-i", str(interview), "-t", "9", "-c", "copy"))
    assert not sent.known
    submitted = sent.analysis
    to_kill = list(STAGES_TO_KILL_IN)
    events = []
    for event in client.events(submitted.id):
        events.append(event)
        if to_kill and event.stage == to_kill[0]:
            to_kill.pop(0)
            os.kill(service.worker.pid, signal.SIGKILL)
            service.worker.wait_gone()
    assert to_kill == []
    kinds = Counter(event.kind for event in events)
    assert events[-1].kind == "finished"
    assert kinds["finished"] == kinds["verdict"] == kinds["plan"] == 1
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    connection = psycopg2.connect(service.variables["DB__URL"].replace("+psycopg2", ""))
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports WHERE analysis_id = %s", (submitted.id,))
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT max(attempts) FROM jobs WHERE analysis_id = %s", (submitted.id,))
        attempts = cursor.fetchone()
    connection.close()
    assert attempts is not None
    assert attempts[0] >= 2
    report = report_of(client, submitted.id)
    assert len({each.id for each in report.artefacts}) == len(report.artefacts)
