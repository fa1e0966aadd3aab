"""Links for others, a word on a verdict, two analyses beside each other, keys and sessions."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from api.usecases.files import Links
from core.figures import percent
from core.ports import Bucket
from core.settings import AuthSettings, Settings
from core.types import FrameRef, PreparedMedia
from tests.integration.api_bench import Bench, bench_of, clip
from tests.integration.test_api_access import SECRET, token
from tests.integration.test_api_results import finish, submitted


@pytest.fixture(scope="module")
def bench(settings: Settings) -> Iterator[Bench]:
    with bench_of(settings) as made:
        yield made


@pytest.fixture(scope="module")
def guarded(settings: Settings) -> Iterator[Bench]:
    auth = AuthSettings.model_validate({"enabled": True, "jwt_secret": SECRET})
    with bench_of(settings.model_copy(update={"auth": auth})) as made:
        yield made


def finished(bench: Bench, tone: int) -> str:
    analysis_id = submitted(bench, tone)
    finish(bench, analysis_id)
    return analysis_id


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_link_shows_one_result_until_it_is_withdrawn(guarded: Bench) -> None:
    ada, eve = token("ada"), token("eve")
    analysis_id = guarded.upload(clip(tone=600), **ada).json()["id"]
    base = f"/v1/analyses/{analysis_id}/shares"
    assert code_of(guarded.client.post(base, json={}, headers=ada)) == (409, "not_finished")
    finish(guarded, analysis_id)
    assert code_of(guarded.client.post(base, json={}, headers=eve)) == (404, "analysis_not_found")
    made = guarded.client.post(base, json={"expires_in_hours": 2}, headers=ada).json()
    secret = made["url"].rpartition("/")[2]
    lasts = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=1.9) < lasts <= timedelta(hours=2)
    shown = guarded.client.get(f"/v1/shared/{secret}")
    assert shown.json()["report"]["analysis_id"] == analysis_id
    assert guarded.client.get(f"/v1/shared/{secret}/media").json()["media_type"] == "video/mp4"
    listed = guarded.client.get(base, headers=ada).json()["items"]
    assert [(each["id"], each["url"]) for each in listed] == [(made["id"], None)]
    assert code_of(guarded.client.delete(f"{base}/{made['id']}", headers=eve)) == (404, "analysis_not_found")
    assert guarded.client.delete(f"{base}/{made['id']}", headers=ada).status_code == 204
    assert code_of(guarded.client.get(f"/v1/shared/{secret}")) == (404, "share_not_found")
    assert code_of(guarded.client.delete(f"{base}/{made['id']}", headers=ada)) == (404, "share_not_found")


def test_a_link_ends_with_its_time_and_with_its_analysis(bench: Bench) -> None:
    analysis_id = finished(bench, 610)
    links = [bench.client.post(f"/v1/analyses/{analysis_id}/shares", json={}).json() for _ in range(2)]
    first, second = (each["url"].rpartition("/")[2] for each in links)
    with bench.world.database.begin() as session:
        session.execute(text("UPDATE shares SET expires_at = now() WHERE id = :id"), {"id": links[0]["id"]})
    assert code_of(bench.client.get(f"/v1/shared/{first}")) == (404, "share_not_found")
    listed = bench.client.get(f"/v1/analyses/{analysis_id}/shares").json()["items"]
    assert [each["id"] for each in listed] == [links[1]["id"]]
    assert bench.client.delete(f"/v1/analyses/{analysis_id}").status_code == 204
    assert code_of(bench.client.get(f"/v1/shared/{second}")) == (404, "share_not_found")


def test_feedback_is_kept_and_changes_no_result(bench: Bench) -> None:
    analysis_id = finished(bench, 620)
    base = f"/v1/analyses/{analysis_id}"
    before = bench.client.get(f"{base}/report.json").json()
    given = {"judgement": "wrong", "truth": "real", "comment": " I was in the room. "}
    kept = bench.client.post(f"{base}/feedback", json=given)
    assert (kept.status_code, kept.json()["comment"]) == (201, "I was in the room.")
    bench.client.post(f"{base}/feedback", json={"judgement": "right"})
    listed = bench.client.get(f"{base}/feedback").json()["items"]
    assert [(each["judgement"], each["truth"]) for each in listed] == [("right", None), ("wrong", "real")]
    after = bench.client.get(f"{base}/report.json").json()
    assert {**after, "headline": None} == {**before, "headline": None}
    assert code_of(bench.client.post(f"{base}/feedback", json={"judgement": "maybe"})) == (422, "invalid_request")


def test_two_analyses_are_compared_by_what_their_reports_state(bench: Bench) -> None:
    first, second = finished(bench, 630), finished(bench, 631)
    found = bench.client.get("/v1/comparisons", params={"first": first, "second": second}).json()
    assert (found["first"]["analysis"]["id"], found["second"]["analysis"]["id"]) == (first, second)
    assert (found["same_verdict"], found["same_pipeline"]) == (True, True)
    scores = {each["name"]: each for each in found["scores"]}
    assert set(scores) == {"verdict", "visual", "audio"}
    report = bench.client.get(f"/v1/analyses/{first}/report.json").json()
    assert scores["verdict"]["first"] == report["verdict"]["p_fake"]
    assert (scores["verdict"]["first_pct"], scores["verdict"]["difference_pct"]) == (
        percent(scores["verdict"]["first"]),
        0,
    )
    unfinished = submitted(bench, 632)
    asked = {"first": first, "second": unfinished}
    assert code_of(bench.client.get("/v1/comparisons", params=asked)) == (409, "not_finished")
    asked = {"first": first, "second": "nothing"}
    assert code_of(bench.client.get("/v1/comparisons", params=asked)) == (404, "analysis_not_found")


def test_the_upload_and_its_frames_can_be_fetched(bench: Bench) -> None:
    content = clip(tone=650)
    made = bench.upload(content).json()
    base = f"/v1/analyses/{made['id']}"
    with urllib.request.urlopen(bench.client.get(f"{base}/media").json()["url"], timeout=20) as media:
        assert (media.headers["content-type"], media.read()) == ("video/mp4", content)
    assert code_of(bench.client.get(f"{base}/frames")) == (409, "not_finished")
    info = bench.world.case.analysis(made["id"]).media
    assert info is not None
    frames = tuple(FrameRef(index=i, time_s=t, key=f"{made['id']}/{i:05d}") for i, t in ((0, 0.5), (1, 0.25)))
    for frame in frames:
        bench.world.blobs.put_bytes(Bucket.FRAMES, frame.key, b"\x89PNG", "image/png")
    bench.world.case.save_prepared(made["id"], PreparedMedia(info=info, frames=frames))
    listed = bench.client.get(f"{base}/frames").json()["items"]
    assert [each["index"] for each in listed] == [1, 0]
    with urllib.request.urlopen(listed[0]["url"], timeout=20) as frame:
        assert frame.read() == b"\x89PNG"


def test_keys_are_told_once_and_open_until_revoked(guarded: Bench) -> None:
    ada, eve = token("ada"), token("eve")
    key = guarded.client.post("/v1/keys", json={"name": "script"}, headers=ada).json()["key"]
    mine = {"X-API-Key": key}
    listed = guarded.client.get("/v1/keys", headers=mine).json()["items"]
    assert [each["name"] for each in listed] == ["script"]
    assert key not in str(listed)
    assert guarded.client.get("/v1/keys", headers=eve).json()["items"] == []
    gone = f"/v1/keys/{listed[0]['id']}"
    assert code_of(guarded.client.delete(gone, headers=eve)) == (404, "key_not_found")
    assert guarded.client.delete(gone, headers=ada).status_code == 204
    assert guarded.client.get("/v1/keys", headers=mine).status_code == 401


def test_a_session_stands_for_its_owner_and_for_this_site_only(guarded: Bench) -> None:
    client = guarded.client
    assert client.post("/v1/session", json={"credential": "nonsense"}).status_code == 401
    bearer = token("grace")["Authorization"].removeprefix("Bearer ")
    assert client.post("/v1/session", json={"credential": bearer}).status_code == 200
    try:
        assert client.get("/v1/analyses").status_code == 200
        here, elsewhere = {"Origin": "http://testserver"}, {"Origin": "https://elsewhere.example"}
        assert client.post("/v1/uploads", json={"size_bytes": 9}, headers=here).status_code == 201
        for headers in (elsewhere, {}):
            assert code_of(client.post("/v1/uploads", json={"size_bytes": 9}, headers=headers)) == (403, "cross_site")
        cookie = client.cookies["deepwitness_session"]
        assert client.get("/v1/analyses", headers={"Authorization": f"Bearer {cookie}"}).status_code == 401
        assert client.delete("/v1/session").status_code == 204
        assert client.get("/v1/analyses").status_code == 401
        assert client.get("/v1/analyses", headers={"Cookie": f"deepwitness_session={bearer}"}).status_code == 401
    finally:
        client.cookies.clear()


def cookie_for(client: Any, credential: str) -> dict[str, str]:
    """A copy of the cookie that a browser gets for this credential."""
    assert client.post("/v1/session", json={"credential": credential}).status_code == 200
    value = client.cookies["deepwitness_session"]
    client.cookies.clear()
    return {"Cookie": f"deepwitness_session={value}", "Origin": "http://testserver"}


def test_a_session_ends_with_the_key_that_opened_it(guarded: Bench) -> None:
    client, ada = guarded.client, token("ada")
    key = client.post("/v1/keys", json={"name": "lost laptop"}, headers=ada).json()["key"]
    session = cookie_for(client, key)
    assert client.get("/v1/analyses", headers=session).status_code == 200
    (listed,) = [each for each in client.get("/v1/keys", headers=ada).json()["items"] if each["name"] == "lost laptop"]
    assert client.delete(f"/v1/keys/{listed['id']}", headers=ada).status_code == 204
    assert client.get("/v1/analyses", headers=session).status_code == 401
    assert client.post("/v1/keys", json={"name": "a way back"}, headers=session).status_code == 401


def test_no_copy_of_a_cookie_outlives_the_log_out(guarded: Bench) -> None:
    client = guarded.client
    session = cookie_for(client, token("grace")["Authorization"].removeprefix("Bearer "))
    elsewhere = {**session, "Origin": "https://elsewhere.example"}
    assert code_of(client.delete("/v1/session", headers=elsewhere)) == (403, "cross_site")
    assert client.get("/v1/analyses", headers=session).status_code == 200
    assert client.delete("/v1/session", headers=session).status_code == 204
    assert client.get("/v1/analyses", headers=session).status_code == 401
    with guarded.world.database.begin() as database:
        kept = database.execute(text("SELECT digest FROM sessions")).scalars().all()
    assert session["Cookie"].partition("=")[2] not in kept


def test_a_session_lasts_no_longer_than_its_credential(guarded: Bench) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=1)
    bearer = token("ada", exp=soon)["Authorization"].removeprefix("Bearer ")
    opened = guarded.client.post("/v1/session", json={"credential": bearer})
    session = {"Cookie": f"deepwitness_session={guarded.client.cookies['deepwitness_session']}"}
    guarded.client.cookies.clear()
    assert datetime.fromisoformat(opened.json()["expires"]) <= soon
    assert guarded.client.get("/v1/analyses", headers=session).status_code == 200
    with guarded.world.database.begin() as database:
        database.execute(text("UPDATE sessions SET expires_at = now() WHERE expires_at <= :soon"), {"soon": soon})
    assert guarded.client.get("/v1/analyses", headers=session).status_code == 401


def test_files_behind_a_shared_link_are_gone_when_it_is_withdrawn(guarded: Bench) -> None:
    ada, content = token("ada"), clip(tone=660)
    analysis_id = guarded.upload(content, **ada).json()["id"]
    finish(guarded, analysis_id)
    report = guarded.world.case.report(analysis_id)
    assert report is not None
    guarded.world.case.save_plan(analysis_id, report.plan)
    base = f"/v1/analyses/{analysis_id}/shares"
    made = guarded.client.post(base, json={}, headers=ada).json()
    secret = made["url"].rpartition("/")[2]
    media = local(guarded.client.get(f"/v1/shared/{secret}/media").json()["url"])
    heatmap = local(guarded.client.get(f"/v1/shared/{secret}").json()["heatmap_url"])
    page = guarded.client.get(f"/shared/{secret}").text
    assert "/v1/files/originals/" in page
    assert "X-Amz-Signature" not in page
    assert guarded.client.get(media).content == content
    assert guarded.client.get(heatmap).headers["cache-control"] == "no-store"
    assert guarded.client.delete(f"{base}/{made['id']}", headers=ada).status_code == 204
    assert [code_of(guarded.client.get(each)) for each in (media, heatmap)] == [(404, "file_not_found")] * 2


def local(address: str) -> str:
    """An address of the service itself, as its test client takes it."""
    assert address.startswith("http://testserver/v1/files/"), address
    return address.removeprefix("http://testserver")


def test_a_shared_file_can_be_had_in_part_and_is_never_guessed_at(guarded: Bench) -> None:
    ada, content = token("ada"), clip(tone=670)
    analysis_id = guarded.upload(content, **ada).json()["id"]
    finish(guarded, analysis_id)
    made = guarded.client.post(f"/v1/analyses/{analysis_id}/shares", json={}, headers=ada).json()
    shared = f"/v1/shared/{made['url'].rpartition('/')[2]}/media"
    url = local(guarded.client.get(shared).json()["url"])
    whole = guarded.client.get(url)
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, content, "video/mp4")
    assert whole.headers["x-content-type-options"] == "nosniff"
    for asked, expected in (("bytes=10-19", content[10:20]), ("bytes=-7", content[-7:])):
        part = guarded.client.get(url, headers={"Range": asked})
        assert (part.status_code, part.content) == (206, expected)
    assert part.headers["content-range"] == f"bytes {len(content) - 7}-{len(content) - 1}/{len(content)}"
    assert guarded.client.get(url, headers={"Range": "bytes=99999999-"}).content == content
    for wrong in (url[:-1] + ("0" if url[-1] != "0" else "1"), url.replace("video%2Fmp4", "text%2Fhtml")):
        assert code_of(guarded.client.get(wrong)) == (404, "file_not_found")
    guarded.world.blobs.put_bytes(Bucket.OUTPUTS, "odd/page.html", b"<script>", "text/html")
    odd = Links(guarded.world, made["id"]).to(Bucket.OUTPUTS, "odd/page.html").partition("/v1/files")
    answer = guarded.client.get("".join(odd[1:]))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_without_authentication_there_is_nothing_to_manage(bench: Bench) -> None:
    assert code_of(bench.client.get("/v1/keys")) == (409, "authentication_off")
    assert code_of(bench.client.post("/v1/session", json={"credential": "x"})) == (409, "authentication_off")
    told = bench.client.get("/v1/service").json()
    assert (told["authentication"], told["retention_days"]) == (False, 30)
    assert told["languages"] == ["en", "de", "fr"]
