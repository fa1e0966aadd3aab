"""Every state and every shape of an analysis as its page shows it, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from api.usecases.account import LANGUAGES
from api.web.catalogue import catalogue
from core.settings import Settings
from core.types import (
    Artefact,
    ArtefactKind,
    Evidence,
    Failure,
    FrameSize,
    MediaInfo,
    MediaKind,
    Modality,
    Outcome,
    PreparedMedia,
    Provenance,
    Reason,
    ReasonCode,
    Sentence,
    Stage,
    TimeRange,
)
from store.models import MediaRow
from tests.fixtures.reports import faces, media, report_of, track, voice, without
from tests.integration.api_bench import Bench, bench_of, clip
from tests.integration.test_api_results import submitted

NOTHING = (Reason(code=ReasonCode.NOTHING_EXAMINED, message="Nothing could be scored."),)
NO_FACE = without(Modality.VISUAL, ReasonCode.NO_FACE, "No face was found.")
NO_SPEECH = without(Modality.AUDIO, ReasonCode.NO_SPEECH, "No speech was heard.")
CROWD = tuple(track(number, 0, 50, 0.1 * number) for number in range(1, 8))
SHAPES: dict[str, tuple[Outcome, tuple[Evidence, ...], MediaInfo, tuple[Reason, ...]]] = {
    "both": (Outcome.FAKE, (faces(0.9, (track(1, 0, 58, 0.9),)), voice(0.9)), media(), ()),
    "crowd": (Outcome.REAL, (faces(0.2, CROWD), NO_SPEECH), media(), ()),
    "voice": (
        Outcome.FAKE,
        (voice(0.9),),
        media().model_copy(update={"kind": MediaKind.AUDIO, "has_video": False}),
        (),
    ),
    "nothing": (Outcome.INCONCLUSIVE, (NO_FACE, NO_SPEECH), media(), NOTHING),
    "hour": (Outcome.FAKE, (faces(0.9, (track(1, 0, 3500, 0.9, frames=900),)), voice(0.9, 3600)), media(3600), ()),
    "image": (
        Outcome.FAKE,
        (faces(0.9, (track(1, 0, 0, 0.9, frames=1),)).model_copy(update={"segments": ()}),),
        media(0.0, has_audio=False).model_copy(update={"kind": MediaKind.IMAGE, "frame_rate_hz": None}),
        (),
    ),
    "cut": (Outcome.REAL, (faces(0.1, (track(1, 0, 9, 0.1),)),), media().model_copy(update={"truncated": True}), ()),
}


@pytest.fixture(scope="module")
def bench(settings: Settings) -> Iterator[Bench]:
    with bench_of(settings) as made:
        yield made


def show(bench: Bench, analysis_id: str, language: str = "en") -> str:
    answer = bench.client.get(f"/analyses/{analysis_id}", params={"lang": language})
    assert answer.status_code == 200, answer.text[:500]
    assert f'<html lang="{language}"' in answer.text
    ids = re.findall(r' id="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids)), "an id stands once"
    targets = set(re.findall(r'href="#([^"]+)"', answer.text))
    assert targets <= set(ids), "every inner link leads somewhere"
    return str(answer.text)


def conclude(bench: Bench, analysis_id: str, shape: str) -> None:
    outcome, evidence, info, reasons = SHAPES[shape]
    case = bench.world.case
    with bench.world.database.begin() as session:
        session.execute(update(MediaRow).where(MediaRow.id == case.analysis(analysis_id).media_id).values(info=info))
    case.save_prepared(analysis_id, PreparedMedia(info=info, frame_size=FrameSize(width_px=1280, height_px=720)))
    report, _ = report_of(outcome, evidence, info=info, reasons=reasons)
    clipped = Artefact(
        id="overlay",
        kind=ArtefactKind.OVERLAY_CLIP,
        key=f"{analysis_id}/overlay.mp4",
        media_type="video/mp4",
        size_bytes=1,
        sha256="0" * 64,
        caption="The worst stretch",
    )
    worded = Sentence(text="So it is.", citations=("verdict", "glossary.odd"), provenance=Provenance.LLM)
    report = report.model_copy(
        update={
            "analysis_id": analysis_id,
            "plan": report.plan.model_copy(update={"range_s": TimeRange(start_s=1, end_s=9), "masked": NOTHING}),
            "narrative": report.narrative.model_copy(
                update={"sentences": (*report.narrative.sentences, worded), "notes": NOTHING}
            ),
        }
    )
    for artefact in (*report.artefacts, clipped):
        case.save_artefact(analysis_id, artefact)
    case.save_plan(analysis_id, report.plan)
    for part in evidence:
        case.save_evidence(analysis_id, part)
    for explanation in report.explanations:
        case.save_explanation(analysis_id, explanation)
    case.save_verdict(analysis_id, report.verdict)
    case.save_report(analysis_id, report)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_a_result_has_its_page(bench: Bench, shape: str) -> None:
    analysis_id = submitted(bench, 700 + list(SHAPES).index(shape), shape)
    conclude(bench, analysis_id, shape)
    outcome = SHAPES[shape][0]
    for language in LANGUAGES:
        html = show(bench, analysis_id, language)
        state = "nothing_to_examine" if shape == "nothing" else outcome
        assert catalogue(language).say(f"verdict.{state}") in html
        assert "So it is." in html
    assert ("data-timeline" in html) == (shape not in ("nothing", "image"))
    player = {"image": '<img id="player"', "voice": '<audio id="player"'}.get(shape, '<video id="player"')
    assert player in html
    assert len(html) < 900_000


def test_a_running_analysis_shows_what_is_known(bench: Bench) -> None:
    analysis_id = submitted(bench, 720)
    assert catalogue("en").say("live.title") in show(bench, analysis_id)
    case, events = bench.world.case, bench.world.events
    outcome, evidence, info, _ = SHAPES["both"]
    report, _ = report_of(outcome, evidence, info=info)
    case.set_stage(analysis_id, Stage.PLAN)
    events.append(analysis_id, "plan", "Everything is examined.", stage=Stage.PLAN)
    case.save_plan(analysis_id, report.plan)
    html = show(bench, analysis_id)
    assert "Everything is examined." in html
    assert report.plan.why.split(",")[0] in html
    case.save_evidence(analysis_id, evidence[0])
    case.save_verdict(analysis_id, report.verdict)
    told = {"headline": report.headline.model_dump(mode="json")}
    events.append(analysis_id, "verdict", "There is a verdict.", stage=Stage.WEIGH, detail=told)
    case.save_artefact(analysis_id, report.artefacts[1])
    html = show(bench, analysis_id)
    assert catalogue("en").say("verdict.fake") in html
    assert "The face looks manipulated" in html
    assert "data-cancel" in html
    assert 'id="gallery"' in html


def test_what_failed_or_was_stopped_says_so(bench: Bench) -> None:
    failed, stopped = submitted(bench, 730), submitted(bench, 731)
    bench.world.case.mark_failed(failed, Failure(code="corrupt_media", message="The file is damaged."))
    assert bench.client.post(f"/v1/analyses/{stopped}/cancel").status_code == 200
    for language in LANGUAGES:
        assert "The file is damaged." in show(bench, failed, language)
        assert catalogue(language).say("cancelled.text") in show(bench, stopped, language).replace("&#39;", "'")


def test_a_file_name_is_shown_and_never_run(bench: Bench) -> None:
    name = '"><img src=x onerror=alert(1)>.mp4'
    made = bench.upload(clip(tone=740), name=name, instruction="</script><script>alert(2)</script>").json()
    conclude(bench, made["id"], "both")
    for address in (f"/analyses/{made['id']}", "/history", "/", "/compare"):
        text = bench.client.get(address).text
        assert "<img src=x" not in text
        assert "<script>alert" not in text
        assert "onerror=alert(1)&gt;" in text.replace("<wbr>", "")


def test_the_form_works_without_its_script(bench: Bench) -> None:
    sent = bench.client.post(
        "/analyses", files={"file": ("clip.mp4", clip(tone=750))}, data={"instruction": ""}, follow_redirects=False
    )
    assert sent.status_code == 303
    assert bench.client.get(sent.headers["location"]).status_code == 200
    refused = bench.client.post("/analyses", files={"file": ("a.txt", b"words and nothing else, again and again")})
    assert refused.status_code == 415
    assert "unsupported_format" in refused.text


def test_lists_and_comparison_have_their_pages(bench: Bench) -> None:
    first, second = submitted(bench, 760), submitted(bench, 761)
    conclude(bench, first, "both")
    conclude(bench, second, "nothing")
    for address in (
        "/",
        "/history?q=clip&outcome=fake&status=finished&kind=video",
        "/history?outcome=odd&status=odd&kind=odd",
        "/compare",
        f"/compare?first={first}",
        f"/compare?id={first}&id={second}",
        "/settings",
    ):
        answer = bench.client.get(address)
        assert answer.status_code == 200, address
    assert bench.client.get(f"/compare?first={first}&second=an_no").status_code == 404
    assert bench.client.get("/history?cursor=yesterday").status_code == 400


def test_picked_analyses_are_removed_together_and_the_list_comes_back(bench: Bench) -> None:
    picked = [submitted(bench, tone) for tone in (777, 778)]
    asked = bench.client.post("/history/delete", data={"id": picked}, headers={"Accept-Language": "de"})
    assert "Die Auswahl (2) endgültig löschen?" in asked.text
    assert all(f'name="id" value="{each}"' in asked.text for each in picked)
    assert all(bench.client.get(f"/v1/analyses/{each}").status_code == 200 for each in picked)
    answer = bench.client.post("/history/delete", data={"id": picked, "sure": "yes"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/history")
    assert [bench.client.get(f"/v1/analyses/{each}").status_code for each in picked] == [404, 404]
    nothing = bench.client.post("/history/delete", data={}, follow_redirects=False)
    assert (nothing.status_code, nothing.headers["location"]) == (303, "/history")


def test_a_form_of_ours_says_where_it_comes_from(bench: Bench) -> None:
    """A browser hides the origin of a form under `no-referrer`, and the service refuses a change of unknown origin."""
    assert bench.client.get("/history").headers["referrer-policy"] == "same-origin"
