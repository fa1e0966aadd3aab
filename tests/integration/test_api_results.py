"""Following an analysis to its result, its files, its end and its removal."""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from api.schemas import AnalysisPage, AnalysisView
from core.figures import percent
from core.jobs import EXAMINE_FACES, EXAMINE_VOICE
from core.ports import Bucket
from core.settings import Settings
from core.types import (
    AFTERWARDS,
    Artefact,
    ArtefactKind,
    FaceExamination,
    Failure,
    Outcome,
    Stage,
    VoiceExamination,
)
from store.completion import complete
from store.ledger import PostgresJobLedger
from tests.fixtures.reports import faces, report_of, track, voice
from tests.integration.api_bench import Bench, bench_of, clip, events_of


@pytest.fixture(scope="module")
def bench(settings: Settings) -> Iterator[Bench]:
    with bench_of(settings) as made:
        yield made


def submitted(bench: Bench, tone: int, instruction: str = "") -> str:
    answer = bench.upload(clip(tone=tone), instruction=instruction)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def finish(bench: Bench, analysis_id: str) -> None:
    """Leave what the workers leave: verdict, artefacts with content, report, final event."""
    case, blobs = bench.world.case, bench.world.blobs
    tracks = (track(1, 0, 58, 0.12), track(2, 10, 25, 0.91))
    made, pictures = report_of(Outcome.FAKE, (faces(0.91, tracks), voice(0.88)))
    kept = []
    for artefact in made.artefacts:
        key = f"{analysis_id}/{artefact.id}.png"
        blobs.put_bytes(Bucket.OUTPUTS, key, pictures[artefact.id], "image/png")
        kept.append(artefact.model_copy(update={"key": key, "size_bytes": len(pictures[artefact.id])}))
    pdf = Artefact(
        id="report-pdf",
        kind=ArtefactKind.REPORT_PDF,
        key=f"{analysis_id}/report-pdf.pdf",
        media_type="application/pdf",
        size_bytes=8,
        sha256="0" * 64,
        caption="The report",
    )
    blobs.put_bytes(Bucket.OUTPUTS, pdf.key, b"%PDF-1.7", "application/pdf")
    for artefact in (*kept, pdf):
        case.save_artefact(analysis_id, artefact)
    case.set_stage(analysis_id, Stage.WRITE)
    case.save_verdict(analysis_id, made.verdict)
    report = made.model_copy(update={"analysis_id": analysis_id, "artefacts": (*kept, pdf)})
    case.save_report(analysis_id, report)
    bench.world.events.append(analysis_id, "finished", "Done.", stage=Stage.DONE)


def test_a_result_before_its_time_is_a_conflict(bench: Bench) -> None:
    analysis_id = submitted(bench, 400)
    for part in ("result", "report.json", "report.pdf"):
        answer = bench.client.get(f"/v1/analyses/{analysis_id}/{part}")
        assert (answer.status_code, answer.json()["code"]) == (409, "not_finished")
    bench.world.case.mark_failed(analysis_id, Failure(code="corrupt_media", message="The file is damaged."))
    answer = bench.client.get(f"/v1/analyses/{analysis_id}/result")
    assert (answer.status_code, answer.json()["code"]) == (409, "analysis_failed")
    assert "The file is damaged." in answer.json()["detail"]


def test_an_incomplete_result_is_marked_and_nobody_who_asks_again_is_given_it(bench: Bench) -> None:
    analysis_id = submitted(bench, 405)
    ledger = PostgresJobLedger(bench.world.database)
    for kind, payload, ours in (
        (EXAMINE_FACES, FaceExamination(frame_indexes=(0,)), True),
        (EXAMINE_VOICE, VoiceExamination(), False),
    ):
        spec = kind.spec(analysis_id, 2, payload)
        ledger.open([spec])
        ledger.claim(spec.id, "w", 30)
        ledger.fail(spec.id, "w", Failure(code="x", message="It failed.", is_ours=ours))
    finish(bench, analysis_id)
    base = f"/v1/analyses/{analysis_id}"
    assert bench.client.get(base).json()["provisional"] is True
    report = bench.world.case.report(analysis_id)
    assert report is not None
    bench.world.case.save_plan(analysis_id, report.plan)
    assert "This result is provisional" in bench.client.get(f"/analyses/{analysis_id}").text
    with bench.world.database.begin() as session:
        due = session.execute(
            text("SELECT due_at > now() + interval '9 minutes' FROM jobs WHERE id = :id"),
            {"id": f"maintenance.complete:{analysis_id}:0"},
        )
        assert due.scalar_one() is True
    again = bench.upload(clip(tone=405))
    assert (again.status_code, again.json()["id"], again.headers.get("x-analysis-reused")) == (202, analysis_id, None)
    assert [again.json()[name] for name in ("status", "provisional", "verdict")] == ["queued", False, None]
    assert [job.spec.id for job in ledger.of_analysis(analysis_id)] == [f"{analysis_id}:0:prepare.media"]
    assert code(bench.client.get(f"{base}/result")) == "not_finished"
    assert not complete(bench.world.database, analysis_id), "it has begun already"
    finish(bench, analysis_id)
    assert bench.client.get(base).json()["provisional"] is False
    assert bench.upload(clip(tone=405)).headers["x-analysis-reused"] == "true"


def code(answer: Any) -> str:
    return str(answer.json()["code"])


def test_the_pdf_is_given_in_the_language_that_is_asked_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    analysis_id = submitted(bench, 411)
    finish(bench, analysis_id)
    report = bench.world.case.report(analysis_id)
    assert report is not None
    german = report.document.model_copy(
        update={"id": report.translation_id("de"), "key": f"{analysis_id}/report-pdf-de.pdf", "size_bytes": 11}
    )
    bench.world.blobs.put_bytes(Bucket.OUTPUTS, german.key, b"%PDF-german", "application/pdf")
    bench.world.case.save_artefact(analysis_id, german)
    url = f"/v1/analyses/{analysis_id}/report.pdf"
    shared = bench.client.post(f"/v1/analyses/{analysis_id}/shares", json={}).json()["url"].rpartition("/")[2]
    for address in (url, f"/v1/shared/{shared}/report.pdf"):
        for asked, headers in (("?language=de", {}), ("", {"Accept-Language": "de-AT,de;q=0.9"})):
            answer = bench.client.get(f"{address}{asked}", headers=headers)
            assert answer.content == b"%PDF-german"
            assert f"-report-{analysis_id[:11]}-de.pdf" in answer.headers["content-disposition"]
        for asked in ("", "?language=en"):
            assert bench.client.get(f"{address}{asked}").content == b"%PDF-1.7"
    monkeypatch.setattr("api.usecases.documents.MAX_WAIT_S", 0.1)
    answer = bench.client.get(url, headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.json()["code"]) == (503, "translation_unanswered")
    assert answer.json()["detail"].startswith("Le rapport n’a pas pu être écrit à temps dans cette langue")
    assert bench.client.get(f"{url}?language=xx").status_code == 422


def test_a_finished_analysis_gives_headline_report_and_files(bench: Bench) -> None:
    analysis_id = submitted(bench, 410)
    finish(bench, analysis_id)
    base = f"/v1/analyses/{analysis_id}"
    status = bench.client.get(base).json()
    assert (status["status"], status["stage"], status["verdict"]["outcome"]) == ("finished", "done", "fake")
    result = bench.client.get(f"{base}/result").json()
    assert result["verdict"] == "Fake"
    assert {"confidence", "fake_frames", "audio_score", "xai_summary", "heatmap_url"} <= set(result)
    assert (result["state"], result["absent"], status["nothing_to_examine"]) == ("examined", [], False)
    assert f"{analysis_id}/heatmap-1.png" in result["heatmap_url"]
    with urllib.request.urlopen(result["heatmap_url"], timeout=20) as picture:
        assert picture.headers["content-type"] == "image/png"
        assert picture.read(4) == b"\x89PNG"
    assert result["report"]["analysis_id"] == analysis_id
    assert bench.client.get(f"{base}/report.json").json() == result["report"]
    pdf = bench.client.get(f"{base}/report.pdf")
    assert (pdf.headers["content-type"], pdf.content) == ("application/pdf", b"%PDF-1.7")
    listed = bench.client.get(f"{base}/artefacts").json()["items"]
    assert {each["id"] for each in listed} >= {"heatmap-1", "heatmap-2", "spectrogram-1", "report-pdf"}
    assert all("X-Amz-Expires=3600" in each["url"] for each in listed)
    onward = bench.client.get(f"{base}/artefacts/heatmap-1", follow_redirects=False)
    assert onward.status_code == 307
    with urllib.request.urlopen(onward.headers["location"], timeout=20) as picture:
        assert picture.read(4) == b"\x89PNG"
    absent = bench.client.get(f"{base}/artefacts/heatmap-9")
    assert (absent.status_code, absent.json()["code"]) == (404, "artefact_not_found")
    again = bench.upload(clip(tone=410))
    assert (again.status_code, again.json()["id"], again.headers["x-analysis-reused"]) == (200, analysis_id, "true")


def test_links_are_made_for_the_address_that_clients_reach(settings: Settings) -> None:
    public = settings.blobs.model_copy(update={"public_endpoint": "https://files.example.org"})
    with bench_of(settings.model_copy(update={"blobs": public})) as bench:
        analysis_id = submitted(bench, 420)
        finish(bench, analysis_id)
        result = bench.client.get(f"/v1/analyses/{analysis_id}/result").json()
        assert result["heatmap_url"].startswith("https://files.example.org/")
        assert (
            bench.client.post("/v1/uploads", json={"size_bytes": 9})
            .json()["url"]
            .startswith("https://files.example.org/")
        )
        assert "img-src 'self' https://files.example.org;" in (bench.client.get("/").headers["content-security-policy"])


def test_events_come_as_they_happen_and_replay_from_any_of_them(bench: Bench) -> None:
    analysis_id = submitted(bench, 430)
    url = f"/v1/analyses/{analysis_id}/events"

    def work() -> None:
        time.sleep(0.5)
        bench.world.case.set_stage(analysis_id, Stage.PREPARE)
        bench.world.events.append(analysis_id, "stage", "Reading the file.", stage=Stage.PREPARE)
        time.sleep(0.5)
        finish(bench, analysis_id)

    worker = threading.Thread(target=work)
    worker.start()
    answer = bench.client.get(url)
    worker.join()
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events_of(answer.text)
    assert [(number, kind) for number, kind, _ in told] == [(1, "queued"), (2, "stage"), (3, "finished")]
    assert told[1][2]["message"] == "Reading the file."
    replayed = events_of(bench.client.get(url, headers={"Last-Event-ID": "1"}).text)
    assert replayed == told[1:]
    assert bench.client.get(url, headers={"Last-Event-ID": "3"}).status_code == 204
    assert bench.client.get(url, params={"after": 2}).text.count("event: finished") == 1


def test_prefer_wait_answers_with_the_finished_analysis(bench: Bench) -> None:
    def work() -> None:
        for _ in range(100):
            time.sleep(0.1)
            for (job_id,) in bench.messages():
                analysis_id = job_id.partition(":")[0]
                if bench.world.case.analysis(analysis_id).instruction == "wait for it":
                    finish(bench, analysis_id)
                    return

    worker = threading.Thread(target=work)
    worker.start()
    answer = bench.upload(clip(tone=440), instruction="wait for it", Prefer="respond-async, wait=30")
    worker.join()
    assert (answer.status_code, answer.json()["status"]) == (200, "finished")
    assert answer.headers["preference-applied"] == "wait=30"
    unfinished = bench.upload(clip(tone=441), Prefer="wait=1")
    assert (unfinished.status_code, unfinished.json()["status"]) == (202, "queued")


def test_the_timeline_places_scores_and_maps_in_time(bench: Bench) -> None:
    analysis_id = submitted(bench, 480)
    base = f"/v1/analyses/{analysis_id}"
    early = bench.client.get(f"{base}/timeline").json()
    assert (early["faces"], early["voice"], early["maps"], early["frame"]) == (None, None, [], None)
    assert early["duration_s"] > 0
    case = bench.world.case
    finish(bench, analysis_id)
    report = case.report(analysis_id)
    assert report is not None
    for each in report.evidence:
        case.save_evidence(analysis_id, each)
    for explanation in report.explanations:
        case.save_explanation(analysis_id, explanation)
    told = bench.client.get(f"{base}/timeline").json()
    assert told["thresholds"]["fake"] == report.verdict.thresholds.fake
    tracks = told["faces"]["tracks"]
    assert [track["thumbnail"] for track in tracks] == ["thumbnail-1", "thumbnail-2"]
    assert all(point["score_pct"] == percent(point["p_fake"]) for track in tracks for point in track["points"])
    assert [segment["citation"] for segment in told["faces"]["segments"]] == ["visual.segment.1"]
    assert len(told["voice"]["windows"]) == len(report.evidence[1].windows)
    assert {each["id"] for each in told["maps"]} == {"heatmap.1", "heatmap.2", "spectrogram.1"}
    assert bench.client.get(f"/v1/analyses/an_{'0' * 32}/timeline").status_code == 404


def test_a_chosen_stretch_is_a_new_analysis_of_the_same_recording(bench: Bench) -> None:
    analysis_id = submitted(bench, 1490)
    before = bench.rows()
    asked = {"start_s": 0.1, "end_s": 0.9, "subject": "picture"}
    answer = bench.client.post(f"/v1/analyses/{analysis_id}/regions", json=asked)
    assert answer.status_code == 202, answer.text
    made = answer.json()
    assert made["id"] != analysis_id
    assert answer.headers["location"].endswith(made["id"])
    stretch = {"start_s": 0.1, "end_s": 0.9}
    assert made["scope"] == {"modalities": ["visual"], "range_s": stretch, "effort": None, "explanations": None}
    assert made["instruction"] == ""
    after = bench.rows()
    assert (after["media"], after["analyses"]) == (before["media"], before["analyses"] + 1)
    assert [f"{made['id']}:0:prepare.media"] in bench.messages()
    again = bench.client.post(f"/v1/analyses/{analysis_id}/regions", json=asked)
    assert again.json()["id"] == made["id"]
    assert again.headers["x-analysis-reused"] == "true"


def test_a_second_opinion_is_asked_for_once_and_only_of_what_was_explained(bench: Bench) -> None:
    analysis_id = submitted(bench, 495)
    address = f"/v1/analyses/{analysis_id}/explanations"
    early = bench.client.post(address, json={"method": "lime"})
    assert (early.status_code, early.json()["code"]) == (409, "not_finished")
    finish(bench, analysis_id)
    nothing = bench.client.post(address, json={"method": "score-cam"})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "nothing_to_explain")
    report = bench.world.case.report(analysis_id)
    assert report is not None
    for each in report.explanations:
        bench.world.case.save_explanation(analysis_id, each)
    asked = bench.client.post(address, json={"method": "score-cam"})
    assert (asked.status_code, asked.json()["ready"]) == (202, False)
    job_id = f"{analysis_id}:explain.again:score-cam:1"
    assert [job_id] in bench.messages("explain")
    ledger = PostgresJobLedger(bench.world.database)
    assert [job.spec.id for job in ledger.of_analysis(analysis_id, AFTERWARDS)] == [job_id]
    assert bench.client.post(address, json={"method": "score-cam"}).status_code == 202
    assert len(ledger.of_analysis(analysis_id, AFTERWARDS)) == 1, "asked twice, it is under way once"
    assert ledger.claim(job_id, "worker", 10.0) is not None
    ledger.fail(job_id, "worker", Failure(code="opinion_failed", message="It failed."))
    assert bench.client.post(address, json={"method": "score-cam"}).status_code == 202
    again = [job.spec.id for job in ledger.of_analysis(analysis_id, AFTERWARDS)]
    assert again == [job_id, f"{analysis_id}:explain.again:score-cam:2"]
    first = next(each for each in report.explanations if each.id == "heatmap.1")
    made = first.model_copy(update={"id": "score-cam.1", "agreement": 0.4})
    bench.world.case.save_explanation(analysis_id, made)
    assert bench.client.post(address, json={"method": "score-cam"}).json()["ready"] is True
    maps = bench.client.get(f"/v1/analyses/{analysis_id}/timeline").json()["maps"]
    assert [each["id"] for each in maps if each["second_opinion"]] == ["score-cam.1"]
    assert bench.client.post(address, json={"method": "tea leaves"}).status_code == 422


@pytest.mark.parametrize(("start_s", "end_s"), [(0.5, 0.4), (0.2, 0.3), (50, 60)])
def test_a_stretch_that_cannot_be_is_refused(bench: Bench, start_s: float, end_s: float) -> None:
    analysis_id = submitted(bench, 491)
    answer = bench.client.post(f"/v1/analyses/{analysis_id}/regions", json={"start_s": start_s, "end_s": end_s})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_region")


def test_cancelling_is_final_and_can_be_repeated(bench: Bench) -> None:
    analysis_id = submitted(bench, 450)
    base = f"/v1/analyses/{analysis_id}"
    for _ in range(2):
        answer = bench.client.post(f"{base}/cancel")
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    told = events_of(bench.client.get(f"{base}/events").text)
    assert [kind for _, kind, _ in told] == ["queued", "cancelled"]
    assert bench.client.get(f"{base}/result").json()["code"] == "analysis_cancelled"
    assert submitted(bench, 450) != analysis_id
    done = submitted(bench, 451)
    finish(bench, done)
    answer = bench.client.post(f"/v1/analyses/{done}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_finished")


def objects_of(bench: Bench, analysis_id: str) -> list[str]:
    buckets = (Bucket.FRAMES, Bucket.AUDIO, Bucket.OUTPUTS)
    return [key for bucket in buckets for key in bench.world.blobs._listed(bucket) if key.startswith(analysis_id)]


def test_deleting_removes_rows_and_objects_and_the_upload_with_its_last_analysis(bench: Bench) -> None:
    first, second = submitted(bench, 460, "faces"), submitted(bench, 460, "voice")
    original = bench.world.case.original_key(first)
    finish(bench, first)
    assert objects_of(bench, first)
    assert bench.client.delete(f"/v1/analyses/{first}").status_code == 204
    assert objects_of(bench, first) == []
    assert original in bench.originals()
    assert bench.client.get(f"/v1/analyses/{first}").status_code == 404
    assert bench.client.delete(f"/v1/analyses/{first}").status_code == 404
    assert bench.client.delete(f"/v1/analyses/{second}").status_code == 204
    assert original not in bench.originals()
    third = submitted(bench, 460, "faces")
    assert third not in (first, second)


def test_listing_pages_newest_first(bench: Bench) -> None:
    made = [submitted(bench, 470, f"part {number}") for number in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(20):
        parameters: dict[str, Any] = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = bench.client.get("/v1/analyses", params=parameters).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen[:5] == made[::-1]
    assert len(seen) == len(set(seen)) == bench.rows()["analyses"]
    queued = bench.client.get("/v1/analyses", params={"status": "finished", "outcome": "fake"}).json()["items"]
    assert queued
    assert all(each["status"] == "finished" for each in queued)
    bad = bench.client.get("/v1/analyses", params={"cursor": "yesterday"})
    assert (bad.status_code, bad.json()["code"]) == (400, "bad_cursor")
    far = bench.client.get("/v1/analyses", params={"limit": 1000})
    assert (far.status_code, far.json()["code"]) == (422, "invalid_request")
    assert far.json()["errors"] == [{"field": "query.limit", "rule": "less_than_equal"}]


def test_a_listing_and_a_read_tell_whatever_changed_since_they_were_asked_last(bench: Bench) -> None:
    changed = submitted(bench, 475)

    def told() -> AnalysisView:
        page = bench.client.get("/v1/analyses", params={"limit": 1})
        alone = bench.client.get(f"/v1/analyses/{changed}")
        (listed,) = AnalysisPage.model_validate_json(page.content).items
        assert alone.content == listed.model_dump_json().encode()
        assert (listed.id, listed) == (changed, AnalysisView.of(bench.world.case.analysis(changed)))
        return listed

    assert told() == told()
    assert (told().note, told().plan, told().verdict) == ("", None, None)
    assert bench.client.patch(f"/v1/analyses/{changed}", json={"note": "seen"}).status_code == 200
    assert told().note == "seen"
    made, _ = report_of(Outcome.FAKE, (faces(0.91, (track(1, 0, 58, 0.91),)),))
    bench.world.case.save_plan(changed, made.plan)
    assert told().plan == made.plan
    bench.world.case.save_plan(changed, made.plan.model_copy(update={"frame_budget": 7}))
    assert told().plan.frame_budget == 7
    bench.world.case.save_verdict(changed, made.verdict)
    assert told().verdict == made.verdict


def test_a_search_finds_by_word_id_digest_kind_and_time(bench: Bench) -> None:
    report = bench.upload(clip(tone=1480), "Holiday_100%.mp4", instruction="the speaker's mouth").json()
    other = bench.upload(clip(tone=1481), "Holiday 1000.mp4").json()

    def found(**conditions: str) -> list[str]:
        answer = bench.client.get("/v1/analyses", params=conditions)
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["items"]]

    assert found(q="holiday") == [other["id"], report["id"]]
    assert found(q="HOLIDAY_100%") == [report["id"]]
    assert found(q="mouth holiday") == [report["id"]]
    assert found(q="mouth beach") == []
    assert found(q=other["id"]) == [other["id"]]
    assert found(q=report["media"]["sha256"].upper()) == [report["id"]]
    assert found(q="holiday", kind="audio") == []
    assert found(q="holiday", kind="video", status="queued") == [other["id"], report["id"]]
    assert found(q="holiday", created_from=other["created_at"]) == [other["id"]]
    assert found(q="holiday", created_before=other["created_at"]) == [report["id"]]
    assert found(q="\0") == found()
    naive = bench.client.get("/v1/analyses", params={"created_from": "2026-01-01T00:00:00"})
    assert (naive.status_code, naive.json()["errors"][0]["field"]) == (422, "query.created_from")


def test_what_has_not_changed_is_not_sent_again(bench: Bench) -> None:
    analysis_id = submitted(bench, 1490)
    url = f"/v1/analyses/{analysis_id}"
    first = bench.client.get(url)
    tag = first.headers["etag"]
    again = bench.client.get(url, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["x-request-id"]
    finish(bench, analysis_id)
    changed = bench.client.get(url, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.json()["status"]) == (200, "finished")
    # Links are signed once in half their life, so that a result with links can be the same too.
    for part in ("result", "artefacts"):
        tagged = bench.client.get(f"{url}/{part}")
        assert bench.client.get(f"{url}/{part}", headers={"If-None-Match": tagged.headers["etag"]}).status_code == 304
    assert "etag" not in bench.client.get(f"{url}/report.pdf").headers
    assert "etag" not in bench.client.get("/v1/analyses/an_none").headers
