"""The page in a real browser, over the whole service: upload to verdict, seek, ask, compare, errors, accessibility."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cli.embedded import Service
from deepwitness_client import Client
from tests.e2e.browsing import PICTURES, SLOW_MS, looked_at, needs_chromium
from tests.unit.detectors.clips import H264, PICTURE, SOUND, make

pytestmark = needs_chromium


def now_s(page: Page) -> float:
    return float(page.evaluate("document.getElementById('player').currentTime"))


def test_from_an_upload_to_its_verdict(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    looked_at(page, "first")
    face = Path(__file__).resolve().parents[2] / "samples" / "honest.mp4"
    page.set_input_files("#file", face)
    expect(page.locator("#chosen")).to_contain_text("honest.mp4")
    page.fill("#instruction", "only the faces, please")
    page.click("#send")
    page.wait_for_url("**/analyses/an_*", timeout=SLOW_MS)
    # The live page stays while the analysis runs, and becomes the result by itself.
    expect(page.locator("main")).to_have_attribute("data-status", "finished", timeout=SLOW_MS)
    expect(page.locator("#verdict-title")).to_be_focused()
    expect(page.locator(".verdict-measured .parts strong").first).to_contain_text("%")
    expect(page.locator("#plan-title ~ p").first).not_to_be_empty()
    assert page.locator(".prose p").count() >= 3
    looked_at(page, "result-faces-only")


def test_the_scripts_parts_do_what_they_say(page: Page) -> None:
    page.goto("/")
    found = page.evaluate(
        """async (cut) => {
            const base = document.querySelector("script[src$='/frame.js']").src.replace('frame.js', '');
            const { nearest, windowAt } = await import(base + 'player.js');
            const { eventsOf } = await import(base + 'ask.js');
            const { clock, percent } = await import(base + 'lib.js');
            const times = [0, 1, 4, 9], own = (each) => each;
            const windows = [{ start_s: 0, end_s: 3 }, { start_s: 1.5, end_s: 4.5 }, { start_s: 8, end_s: 11 }];
            const read = eventsOf(cut);
            return {
                nearest: [-1, 0.5, 0.6, 2.4, 2.6, 99].map((now) => nearest(times, now, own).item),
                none: nearest([], 1, own),
                windows: [0.1, 2.9, 5, 9].map((now) => windows.indexOf(windowAt(windows, now))),
                events: read.events.map((each) => each.n), rest: read.rest,
                clock: [0, 59.99, 61, 3725].map(clock), percent: percent(96.25),
            };
        }""",
        'id: 1\r\nevent: a\r\ndata: {"n":1}\r\n\r\n: ping\n\ndata: {"n":2}\n\ndata: {"n"',
    )
    assert found["nearest"] == [0, 0, 1, 1, 4, 9]
    assert found["none"] is None
    assert found["windows"] == [0, 1, -1, 2]
    assert (found["events"], found["rest"]) == ([1, 2], 'data: {"n"')
    assert found["clock"] == ["00:00", "00:59", "01:01", "1:02:05"]


def test_what_cannot_be_taken_is_said_at_once(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    problem = page.locator("#problem")
    for name, content, said in (
        ("notes.mp4", b"These are notes and no video. " * 40, "not a video"),
        ("empty.mp4", b"", "empty"),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:1/a.ts\n", "playlist"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        page.set_input_files("#file", path)
        page.click("#send")
        expect(problem).to_contain_text(said, timeout=20_000)
        expect(page.locator("#send")).to_be_enabled()
    page.evaluate("document.getElementById('upload').dataset.maxBytes = '10'")
    page.set_input_files("#file", make(tmp_path / "big.mp4", *PICTURE, *H264))
    expect(problem).to_contain_text("larger than this service accepts")
    looked_at(page, "refused")


def test_a_service_that_goes_and_comes_back(page: Page, context: BrowserContext, tmp_path: Path) -> None:
    page.goto("/")
    page.set_input_files("#file", make(tmp_path / "tone.wav", *SOUND))
    context.set_offline(True)
    page.click("#send")
    expect(page.locator("#problem")).to_contain_text("cannot be reached")
    expect(page.locator("#chosen")).to_contain_text("tone.wav")
    context.set_offline(False)
    page.click("#send")
    page.wait_for_url("**/analyses/an_*", timeout=SLOW_MS)
    expect(page.locator("main")).to_have_attribute("data-status", "finished", timeout=SLOW_MS)
    expect(page.locator("#verdict-title")).to_have_text("Nothing to examine")
    expect(page.locator(".summary")).to_have_text("Nothing to examine: no speech was found")
    expect(page.locator(".limits table")).to_have_count(0)
    looked_at(page, "nothing-to-examine")


def test_an_analysis_can_be_stopped_while_it_runs(page: Page, service: Service, tmp_path: Path) -> None:
    service.worker.stop()
    try:
        page.goto("/")
        page.set_input_files("#file", make(tmp_path / "waiting.mp4", *PICTURE, *SOUND, *H264))
        page.click("#send")
        page.wait_for_url("**/analyses/an_*", timeout=SLOW_MS)
        expect(page.locator("#progress")).to_be_visible()
        looked_at(page, "waiting")
        page.click("[data-cancel]")
        expect(page.locator("main")).to_have_attribute("data-status", "cancelled", timeout=SLOW_MS)
        expect(page.locator("#verdict-title")).to_have_text("Cancelled")
        looked_at(page, "cancelled")
    finally:
        service.worker.start()


def test_the_timeline_moves_the_recording(page: Page, examined: str) -> None:
    page.goto(f"/analyses/{examined}")
    page.wait_for_function("document.getElementById('player').readyState >= 1")
    expect(page.locator("#verdict-title")).to_have_text("Manipulated")
    page.locator(".marked button").first.click()
    marked_s = float(page.locator(".marked button").first.get_attribute("data-seek") or 0)
    assert now_s(page) == pytest.approx(marked_s, abs=0.1)
    page.locator(".lane.face .plot").first.scroll_into_view_if_needed()
    lane = page.locator(".lane.face .plot").first.bounding_box()
    assert lane is not None
    page.mouse.click(lane["x"] + lane["width"] / 2, lane["y"] + lane["height"] / 2)
    assert now_s(page) == pytest.approx(6.0, abs=0.1)
    head = page.locator("[data-playhead]").bounding_box()
    assert head is not None
    assert head["x"] == pytest.approx(lane["x"] + lane["width"] / 2, abs=3)
    expect(page.locator("[data-reading]")).to_contain_text("Face 1")
    assert float(page.locator("#region-start").input_value()) == pytest.approx(marked_s, abs=0.051)
    expect(page.locator("[data-overlay] rect.box")).to_have_count(1)
    page.locator("[data-scrub]").focus()
    page.keyboard.press("End")
    assert now_s(page) > 11
    page.locator(".prose .cite[data-map]").first.click()
    expect(page.locator("[data-overlay] image")).to_have_count(1)
    page.uncheck("[data-heat]")
    page.uncheck("[data-boxes]")
    expect(page.locator("[data-overlay] > *")).to_have_count(0)
    page.check("[data-heat]")
    page.check("[data-boxes]")
    page.locator("[data-zoom='4']").click()
    wide = page.locator(".lane.face .plot").first.bounding_box()
    assert wide is not None
    assert wide["width"] > 3 * lane["width"]
    page.locator("[data-zoom='1']").click()
    looked_at(page, "result")
    if PICTURES:
        page.set_viewport_size({"width": 1280, "height": 1450})
        page.locator(".marked button").first.click()
        page.locator("[data-scrub]").fill("5.12")
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(1500)
        page.screenshot(path=Path(PICTURES) / "page.jpg", type="jpeg", quality=82)


def test_a_question_is_answered_from_the_evidence(page: Page, examined: str) -> None:
    page.goto(f"/analyses/{examined}")
    page.fill("#question", "Which face is manipulated, and when?")
    page.keyboard.press("Enter")
    answer = page.locator("[data-dialogue] .answer").last
    expect(answer.locator("p")).not_to_have_count(0, timeout=SLOW_MS)
    expect(answer.locator(".cite[data-seek]").first).to_be_visible(timeout=SLOW_MS)
    expect(page.locator("[data-ask-form] button")).to_be_enabled(timeout=SLOW_MS)
    moment = answer.locator(".cite[data-seek]").last
    moment.click()
    assert now_s(page) == pytest.approx(float(moment.get_attribute("data-seek") or 0), abs=0.1)
    page.reload()
    expect(page.locator("[data-dialogue] .question")).to_have_text("Which face is manipulated, and when?")
    looked_at(page, "asked")


def test_sharing_judging_and_deleting(page: Page, browser: Browser, service: Service, tmp_path: Path) -> None:
    with Client(service.url) as client:
        analysis_id = client.submit(make(tmp_path / "bars.mp4", *PICTURE, *SOUND, *H264)).analysis.id
        assert list(client.events(analysis_id))[-1].kind == "finished"
    page.goto(f"/analyses/{analysis_id}")
    page.get_by_role("tab", name="Share").click()
    page.locator("[data-share] button").click()
    expect(page.locator("#share-url")).to_contain_text("/shared/")
    address = page.locator("#share-url").inner_text()
    stranger = browser.new_context(locale="de-DE").new_page()
    stranger.goto(address)
    expect(stranger.locator("#verdict-title")).to_have_text("Nichts zu untersuchen")
    assert "Nichts zu untersuchen" in (stranger.locator("meta[property='og:title']").get_attribute("content") or "")
    expect(stranger.locator("[data-delete]")).to_have_count(0)
    looked_at(stranger, "shared-german")
    page.get_by_role("tab", name="Notes").click()
    page.get_by_label("This is wrong").check()
    page.locator("[data-feedback] button").click()
    expect(page.locator("#told")).to_contain_text("Thank you")
    page.locator("[data-delete]").click()
    page.locator("#sure button[value='no']").click()
    page.locator("[data-delete]").click()
    looked_at(page, "sure")
    page.locator("#sure button[value='yes']").click()
    page.wait_for_url("**/history")
    stranger.reload()
    expect(stranger.locator("h1")).to_have_text("Dieser Link funktioniert nicht mehr")
    stranger.context.close()


def test_history_and_comparison(page: Page, examined: str, service: Service) -> None:
    with Client(service.url) as client:
        sample = Path(__file__).resolve().parents[2] / "samples" / "interview.mp4"
        other = client.submit(sample, "check only the voice").analysis.id
        assert list(client.events(other))[-1].kind == "finished"
    page.goto("/history")
    page.fill("#q", "interview")
    page.click("button:has-text('Show')")
    for analysis_id in (examined, other):
        page.locator(f".case-row input[value='{analysis_id}']").check()
    looked_at(page, "history")
    page.click("button:has-text('Compare the two')")
    expect(page.locator(".lead")).to_contain_text("It is the same file.")
    expect(page.locator(".scores tbody tr")).to_have_count(3)
    looked_at(page, "compare")
    page.goto("/history?q=nothing-is-called-so")
    expect(page.locator(".empty")).to_contain_text("No analysis fits")
    looked_at(page, "history-empty")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_on_a_telephone_and_in_the_dark(
    browser: Browser, service: Service, examined: str, scheme: str
) -> None:
    for name, width in (("phone", 390), ("wide", 1280)):
        if (scheme, name) == ("light", "wide"):
            continue  # that is what the other tests look at
        context = browser.new_context(
            base_url=service.url, color_scheme=scheme, viewport={"width": width, "height": 844}, locale="fr-FR"
        )  # fmt: skip
        page = context.new_page()
        for address in ("/", f"/analyses/{examined}", "/history", "/compare", "/settings", "/docs", "/analyses/gone"):
            page.goto(address)
            expect(page.locator("html")).to_have_attribute("lang", "fr")
            looked_at(
                page, f"{scheme}-{name}-{address.strip('/').replace(examined, 'result').replace('/', '-') or 'first'}"
            )
        context.close()


def test_an_hour_of_recording_plays_without_stutter(page: Page, examined: str) -> None:
    """The result's own script over an hour of measurements: what one frame costs while it plays."""
    page.goto(f"/analyses/{examined}")
    cost_ms = page.evaluate(
        """async () => {
            const facts = JSON.parse(document.getElementById('timeline-facts').textContent);
            const [track] = facts.faces.tracks, [point] = track.points;
            facts.duration_s = 3600;
            facts.faces.tracks = [1, 2, 3, 4, 5, 6].map((id) => ({ ...track, id, points: Array.from({ length: 1200 },
                (_, n) => ({ ...point, frame_index: n, time_s: 3 * n })) }));
            facts.voice.windows = Array.from({ length: 2400 },
                (_, n) => ({ start_s: 1.5 * n, end_s: 1.5 * n + 3, score_pct: 50 }));
            document.getElementById('timeline-facts').textContent = JSON.stringify(facts);
            const address = document.querySelector("script[src$='/case.js']").src.replace('case.js', 'player.js');
            const main = document.querySelector('main');
            (await import(address)).playing(main);
            const player = document.getElementById('player');
            const started = performance.now();
            for (let n = 0; n < 200; n += 1) {
                Object.defineProperty(player, 'currentTime', { value: 17.77 * n, configurable: true });
                player.dispatchEvent(new Event('timeupdate'));
                main.getBoundingClientRect();
            }
            return (performance.now() - started) / 200;
        }"""
    )
    assert cost_ms < 16, f"{cost_ms:.1f} ms a frame"
