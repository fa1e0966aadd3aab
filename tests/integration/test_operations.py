"""What an operator sees: figures of the whole deployment, one id from request to worker, traces, the dashboard."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

from core.errors import Defect, Rejected, Unavailable
from core.jobs import EXAMINE_FACES, EXAMINE_VOICE, KINDS, JobKind, prepare_job
from core.settings import Settings, TelemetrySettings
from core.tracing import start_tracing, stop_tracing
from core.types import FaceExamination, JobSpec, VoiceExamination
from store.database import Database
from store.ledger import PostgresJobLedger
from tasks.job import Job
from tasks.runner import run_job
from tests.integration.api_bench import Bench, bench_of, clip
from tests.integration.test_api_access import without
from tests.integration.test_api_results import finish
from tests.integration.test_webhooks import make_due

FACES = FaceExamination(frame_indexes=(0,))
DASHBOARD = Path(__file__).resolve().parents[2] / "deploy" / "grafana-dashboard.json"


@pytest.fixture(scope="module")
def bench(settings: Settings) -> Iterator[Bench]:
    with bench_of(settings) as made:
        yield made


@dataclass(frozen=True)
class Worker:
    """What the runner uses of a worker's context: the real ledger, events, queue."""

    ledger: PostgresJobLedger
    case: Any
    events: Any
    queue: Any


@pytest.fixture
def worker(bench: Bench) -> Any:
    world = bench.world
    return Worker(PostgresJobLedger(world.database), world.case, world.events, world.queue)


def figures(bench: Bench) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample of `/metrics` by name and labels."""
    text = bench.client.get("/metrics").text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(name: str, **labels: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return f"deepwitness_{name}", tuple(sorted(labels.items()))


def opened(worker: Any, analysis_id: str, kind: JobKind[Any], payload: Any, wave: int = 2) -> JobSpec:
    spec = kind.spec(analysis_id, wave, payload)
    worker.ledger.open([spec])
    return spec


def run(worker: Any, job_id: str, body: Any) -> None:
    (name,) = [name for name in KINDS if name in job_id]
    run_job(worker, {name: Job(KINDS[name], body)}, job_id, "w")


def raising(error: Exception) -> Any:
    def body(*_: object) -> dict[str, object]:
        raise error

    return body


def test_the_figures_follow_an_analysis_through_the_workers(bench: Bench, worker: Any) -> None:
    before = figures(bench)
    analysis_id = bench.upload(clip(tone=1100)).json()["id"]
    waiting = figures(bench)
    assert waiting[of("queue_depth", queue="prepare", state="waiting")] == 1
    assert waiting[of("queue_depth", queue="visual", state="waiting")] == 0
    assert waiting[of("analyses_unfinished")] == before[of("analyses_unfinished")] + 1
    prepare = f"{analysis_id}:0:prepare.media"
    run(worker, prepare, lambda *_: {})
    faces = opened(worker, analysis_id, EXAMINE_FACES, FACES)
    run(worker, faces.id, raising(Unavailable("blobs_unavailable", "Away.")))
    put_off = figures(bench)
    assert put_off[of("queue_depth", queue="visual", state="waiting")] == 0, "what is not due waits for no worker"
    make_due(bench)
    assert figures(bench)[of("queue_depth", queue="visual", state="waiting")] == 1
    run(worker, faces.id, raising(RuntimeError("surprise")))
    make_due(bench)
    run(worker, faces.id, raising(Defect("model_lost", "The model is gone.")))
    voice = opened(worker, analysis_id, EXAMINE_VOICE, VoiceExamination())
    run(worker, voice.id, raising(Rejected("corrupt_media", "Damaged.")))
    finish(bench, analysis_id)
    cancelled = bench.upload(clip(tone=1101)).json()["id"]
    bench.client.post(f"/v1/analyses/{cancelled}/cancel")
    bench.client.delete(f"/v1/analyses/{analysis_id}")
    after = figures(bench)
    assert after[of("jobs_total", task="prepare.media", outcome="done")] == 1
    assert after[of("jobs_total", task="visual.detect", outcome="retried")] == 2
    assert after[of("jobs_total", task="visual.detect", outcome="failed")] == 1
    assert after[of("failures_total", code="model_lost")] == 1
    assert after[of("failures_total", code="corrupt_media")] == 1
    assert after[of("job_seconds_count", task="prepare.media")] == 1
    assert after[of("job_seconds_bucket", task="prepare.media", le="10.0")] == 1
    assert after[of("verdicts_total", outcome="fake")] == 1
    assert after[of("analyses_total", status="finished")] == 1
    assert after[of("analyses_total", status="cancelled")] == 1
    assert after[of("database_up")] == 1
    assert not any(analysis_id in str(key) for key in after)


def test_an_abstention_is_counted_by_its_reasons_and_a_model_by_its_tokens(bench: Bench) -> None:
    from core.types import LlmCall, Outcome, Reason, ReasonCode, Thresholds, Verdict
    from store.tallies import analysis_finished, count

    thresholds = Thresholds(version="1", real=0.3, fake=0.7)
    reasons = tuple(Reason(code=code, message=".") for code in (ReasonCode.NO_FACE, ReasonCode.NO_SPEECH))
    verdict = Verdict(outcome=Outcome.INCONCLUSIVE, p_fake=None, thresholds=thresholds, reasons=reasons)
    call = LlmCall(
        purpose="plan", prompt_id="p", prompt_version=1, model="m", prompt_tokens=70, completion_tokens=None,
        seconds=1.0, outcome="ok", cost=0.25,
    )  # fmt: skip
    for _ in range(2):
        with bench.world.database.begin() as session:
            count(session, analysis_finished(verdict, [call]))
    told = figures(bench)
    assert told[of("abstentions_total", reason="no_face")] == told[of("abstentions_total", reason="no_speech")] == 2
    assert told[of("llm_tokens_total", kind="prompt")] == 140
    assert told[of("llm_calls_total", purpose="plan", outcome="ok")] == 2
    assert told[of("llm_seconds_total", purpose="plan")] == 2.0
    assert told[of("llm_cost_total", purpose="plan")] == 0.5


def test_without_the_database_the_process_still_tells_of_itself(settings: Settings) -> None:
    with bench_of(without(settings, "database")) as bench:
        bench.client.get("/v1/analyses")
        told = figures(bench)
        assert told[of("database_up")] == 0
        assert told[of("problems_total", code="database_unavailable")] == 1


def test_one_id_goes_from_the_request_to_the_workers_logs(bench: Bench, worker: Any) -> None:
    answer = bench.upload(clip(tone=1110), **{"X-Request-Id": "desk-7"})
    assert answer.headers["x-request-id"] == "desk-7"
    seen: list[dict[str, Any]] = []

    def body(*_: object) -> dict[str, object]:
        seen.append(structlog.contextvars.get_contextvars())
        return {}

    analysis_id = answer.json()["id"]
    for spec in (prepare_job(analysis_id), opened(worker, analysis_id, EXAMINE_FACES, FACES)):
        run(worker, spec.id, body)
    assert [(each["request_id"], each["analysis_id"]) for each in seen] == [("desk-7", analysis_id)] * 2
    traced = "4bf92f3577b34da6a3ce929d0e0e4736"
    followed = bench.client.get("/healthz", headers={"traceparent": f"00-{traced}-00f067aa0ba902b7-01"})
    assert followed.headers["x-request-id"] == traced


def test_a_trace_holds_the_request_and_its_jobs(bench: Bench, worker: Any) -> None:
    exported = InMemorySpanExporter()
    start_tracing(TelemetrySettings(enabled=True), "test", exporter=exported)
    database = Database(bench.world.settings.db)
    try:
        answer = bench.upload(clip(tone=1120))
        job_id = f"{answer.json()['id']}:0:prepare.media"
        database.ping()
        run(worker, job_id, lambda *_: database.ping() or {})
    finally:
        stop_tracing()
        database.dispose()
    spans = {span.name: span for span in exported.get_finished_spans()}
    request, job = spans["POST /v1/analyses"], spans["prepare.media"]
    statements = [span for span in exported.get_finished_spans() if "db.statement" in (span.attributes or {})]
    assert [(span.parent, span.attributes["db.statement"]) for span in statements] == [(job.context, "SELECT 1")]
    assert request.context is not None
    assert job.context is not None
    assert f"{request.context.trace_id:032x}" == f"{job.context.trace_id:032x}" == answer.headers["x-request-id"]
    assert request.attributes is not None
    assert request.attributes["http.response.status_code"] == 202
    assert request.attributes["http.route"] == "/v1/analyses"


def test_the_dashboard_asks_only_for_figures_that_exist(bench: Bench) -> None:
    bench.client.get("/v1/analyses")
    text = bench.client.get("/metrics").text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    exist = {name if family.type != "counter" else f"{name}_total" for name, family in families.items()}
    exist |= {f"{name}_bucket" for name, family in families.items() if family.type == "histogram"}
    dashboard = json.loads(DASHBOARD.read_text())
    asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    named = {name for expression in asked for name in re.findall(r"deepwitness_\w+", expression)}
    assert named
    assert named - exist == set()
    own = {name for name in exist if name.startswith("deepwitness_")}
    spelled = {name for name in own if name.endswith(("_bucket", "_created"))}
    histograms = {name for name, family in families.items() if family.type == "histogram"}
    assert own - spelled - histograms - named == set(), "a figure that no panel shows"
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
