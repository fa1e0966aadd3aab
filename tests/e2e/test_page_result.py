"""What a reader can do with a result, in a real browser: step, compare, magnify, look up, note, take away."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from pathlib import Path

import httpx
import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from cli.embedded import Service
from deepwitness_client import Client
from tests.e2e.browsing import SLOW_MS, looked_at, needs_chromium
from tests.unit.detectors.clips import H264, PICTURE, SOUND, make

pytestmark = needs_chromium

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def until(page: Page, holds: str) -> None:
    """Wait for a condition in the page, whose policy forbids to evaluate text by itself."""
    for _ in range(150):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never came true: {holds}")


def now_s(page: Page) -> float:
    return float(page.evaluate("document.getElementById('player').currentTime"))


def opened(page: Page, examined: str) -> None:
    page.goto(f"/analyses/{examined}")
    page.wait_for_function("document.getElementById('player').readyState >= 1")


def test_keys_step_by_the_true_frame_and_play_both_ways(page: Page, examined: str) -> None:
    opened(page, examined)
    rate = float(page.locator("main").get_attribute("data-frame-rate") or 0)
    assert rate > 0
    page.evaluate("document.getElementById('player').currentTime = 2")
    page.wait_for_timeout(300)
    before = now_s(page)
    page.keyboard.press(".")
    page.wait_for_timeout(200)
    assert int(now_s(page) * rate) == int(before * rate + 1e-3) + 1
    page.keyboard.press(",")
    page.keyboard.press(",")
    page.wait_for_timeout(200)
    assert int(now_s(page) * rate) == int(before * rate + 1e-3) - 1
    page.keyboard.press("l")
    until(page, "!document.getElementById('player').paused")
    page.keyboard.press("l")
    assert page.evaluate("document.getElementById('player').playbackRate") == 2
    page.keyboard.press("k")
    assert page.evaluate("document.getElementById('player').paused")
    here = now_s(page)
    page.keyboard.press("j")
    until(page, f"document.getElementById('player').currentTime < {here} - 0.2")
    page.keyboard.press("k")
    page.fill("#question", "j, k and l.")
    assert page.locator("#question").input_value() == "j, k and l."


def test_the_most_telling_frames_lead_to_their_moment(page: Page, examined: str) -> None:
    opened(page, examined)
    frames = page.locator(".film button")
    assert 3 <= frames.count() <= 8
    moments = [float(frames.nth(number).get_attribute("data-seek") or 0) for number in range(frames.count())]
    assert moments == sorted(moments)
    frames.last.click()
    assert now_s(page) == pytest.approx(moments[-1], abs=0.1)
    picture = frames.last.locator("img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("each => each.naturalWidth") > 50


def test_a_face_is_magnified_with_and_without_its_map(page: Page, examined: str) -> None:
    opened(page, examined)
    page.get_by_role("tab", name="Heatmaps").click()
    page.locator("[data-magnify]").first.click()
    dialog = page.locator("#magnifier")
    expect(dialog).to_be_visible()
    expect(dialog.locator("[data-plain] image")).to_have_count(1)
    expect(dialog.locator("[data-heated] image")).to_have_count(2)
    wide = dialog.locator("[data-plain]").get_attribute("viewBox")
    dialog.locator("[data-lens]").fill("4")
    near = dialog.locator("[data-plain]").get_attribute("viewBox")
    assert wide is not None
    assert near is not None
    assert float(near.split()[2]) == pytest.approx(float(wide.split()[2]) / 4)
    assert near == dialog.locator("[data-heated]").get_attribute("viewBox"), "both are zoomed together"
    looked_at(page, "magnifier")
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()


def test_the_timeline_has_numbers_a_legend_and_the_value_under_the_pointer(page: Page, examined: str) -> None:
    opened(page, examined)
    lane = page.locator(".lane.face").first
    said = lane.locator(".scale-marks text").all_text_contents()
    assert {"0", "100"} <= set(said)
    assert len(said) == 4, "the two limits of the face stand at its axis"
    legend = page.locator(".legend").inner_text()
    for word in ("manipulated from here", "no evidence up to here", "raised scores", "heatmap", "sound that raised"):
        assert word in legend
    plot = lane.locator(".plot")
    plot.scroll_into_view_if_needed()
    plot.hover(position={"x": 120, "y": 20})
    expect(page.locator("[data-hover]")).to_have_text(re.compile(r"^\d+\.\d s · Face 1 \d+\.\d\s%$"))


def test_a_picture_shows_no_heatmap_until_it_is_asked_for(page: Page, service: Service, tmp_path: Path) -> None:
    still = make(tmp_path / "still.png", "-i", str(SAMPLES / "interview.mp4"), "-ss", "5", "-frames:v", "1")
    with Client(service.url) as client:
        analysis_id = client.submit(still).analysis.id
        assert list(client.events(analysis_id))[-1].kind == "finished"
    page.goto(f"/analyses/{analysis_id}")
    expect(page.locator("[data-heat]")).not_to_be_checked()
    expect(page.locator("[data-overlay] image")).to_have_count(0)
    page.check("[data-heat]")
    expect(page.locator("[data-overlay] image")).to_have_count(1)
    page.uncheck("[data-heat]")
    looked_at(page, "still")


def test_a_result_is_short_and_the_rest_is_behind_tabs(page: Page, examined: str) -> None:
    opened(page, examined)
    assert page.evaluate("document.documentElement.scrollHeight") <= 3350, "half of what it was"
    for name in ("Findings", "Faces", "Heatmaps", "Evidence", "Limits"):
        page.get_by_role("tab", name=name, exact=True).click()
        expect(page.get_by_role("tabpanel", name=name, exact=True)).to_be_visible()
        looked_at(page, f"tab-{name.lower()}")
    page.get_by_role("tab", name="Findings").focus()
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Limits")).to_be_focused()
    page.goto(f"/analyses/{examined}#delete")
    expect(page.locator("[data-delete]")).to_be_visible()


def test_terms_are_explained_on_hover_and_on_a_tap(
    page: Page, browser: Browser, service: Service, examined: str
) -> None:
    opened(page, examined)
    page.locator(".verdict .term[data-term='weight']").first.hover()
    note = page.locator("#term-note")
    expect(note).to_contain_text("How much of the verdict rests on this part")
    page.mouse.move(5, 5)
    expect(note).to_be_hidden()
    context = browser.new_context(
        base_url=service.url, has_touch=True, viewport={"width": 390, "height": 844}, locale="de-DE"
    )
    phone = context.new_page()
    phone.goto(f"/analyses/{examined}")
    phone.locator(".verdict .term[data-term='limit']").first.tap()
    expect(phone.locator("#term-note")).to_contain_text("Eine Grenze ist der Wert")
    context.close()


def test_a_second_opinion_is_by_another_method_than_the_first(page: Page, examined: str, client: Client) -> None:
    first = {each["method"] for each in client.timeline(examined).model_dump()["maps"] if not each["second_opinion"]}
    assert any(each.startswith("Grad-CAM") for each in first)
    opened(page, examined)
    offered = page.locator("#method option").evaluate_all("all => all.map((each) => each.value)")
    assert offered
    assert "grad-cam" not in offered


def test_a_result_is_taken_away_by_name_and_by_program(page: Page, examined: str, client: Client) -> None:
    opened(page, examined)
    page.get_by_role("tab", name="Use").click()
    expect(page.locator("#use-curl")).to_contain_text(f"/v1/analyses/{examined}/result")
    expect(page.locator("#use-python")).to_contain_text("from deepwitness_client import Client")
    page.locator("[data-copy='use-curl']").click()
    address = page.locator("#actions a.primary").get_attribute("href")
    assert address is not None
    service = page.url.partition("/analyses")[0]
    for asked in (f"{service}{address}", f"{service}/v1/analyses/{examined}/report.pdf"):
        assert f"interview-report-{examined[:11]}.pdf" in httpx.get(asked).headers["content-disposition"]


def test_the_pdf_is_in_the_language_of_the_page(browser: Browser, page: Page, examined: str, tmp_path: Path) -> None:
    opened(page, examined)
    service = page.url.partition("/analyses")[0]
    sealed = httpx.get(f"{service}/v1/analyses/{examined}/report.pdf").content
    context = browser.new_context(locale="de-DE", base_url=service)
    german = context.new_page()
    german.goto(f"/analyses/{examined}")
    with german.expect_download(timeout=SLOW_MS) as downloading:
        german.locator("#actions a.primary").click()
    downloading.value.save_as(tmp_path / "report.pdf")
    assert downloading.value.suggested_filename == f"interview-report-{examined[:11]}-de.pdf"
    document = pypdf.PdfReader(tmp_path / "report.pdf")
    told = " ".join(" ".join(each.extract_text() for each in document.pages).split())
    assert hashlib.sha256(sealed).hexdigest() in told.replace(" ", "")
    assert "Dies ist eine Übersetzung ins Deutsche." in told
    assert "Was gefunden wurde" in told
    assert httpx.get(f"{service}/v1/analyses/{examined}/report.pdf").content == sealed
    context.close()


def test_several_analyses_are_deleted_without_a_script(browser: Browser, page: Page, client: Client) -> None:
    honest = SAMPLES / "honest.mp4"
    made = [client.submit(honest, f"only the voice until 0:0{number}").analysis.id for number in (3, 4)]
    opened(page, made[0])
    service = page.url.partition("/analyses")[0]
    context = browser.new_context(java_script_enabled=False, base_url=service, locale="en-GB")
    plain = context.new_page()
    plain.goto("/history")
    for each in made:
        plain.check(f"input[name=id][value={each}]")
    plain.locator("[data-delete-many]").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Delete the selection (2) permanently?")
    plain.get_by_role("button", name="Delete permanently").click()
    expect(plain.locator(f"input[value={made[0]}]")).to_have_count(0)
    assert plain.url.endswith("/history")
    context.close()


def test_a_shared_link_has_a_preview(page: Page, browser: Browser, examined: str, client: Client) -> None:
    opened(page, examined)
    page.get_by_role("tab", name="Share").click()
    expect(page.locator(".preview")).to_contain_text("interview.mp4")
    shared = client.share(examined).url
    stranger = browser.new_context(locale="en-GB").new_page()
    stranger.goto(shared)
    said = stranger.locator("meta[property='og:description']").get_attribute("content") or ""
    assert said == stranger.locator(".summary").inner_text()
    image = stranger.locator("meta[property='og:image']").get_attribute("content") or ""
    assert httpx.get(image, follow_redirects=True).content.startswith(b"\x89PNG")
    stranger.context.close()


def test_history_shows_faces_keeps_notes_and_deletes_several(
    page: Page, service: Service, examined: str, tmp_path: Path
) -> None:
    with Client(service.url) as client:
        made = [
            client.submit(make(tmp_path / f"spare{n}.mp4", *PICTURE, *SOUND, *H264), f"take {n}").analysis.id
            for n in range(2)
        ]
        for each in made:
            assert list(client.events(each))[-1].kind == "finished"
    page.goto("/history")
    row = page.locator(".case-row", has=page.locator(f"input[value='{examined}']"))
    assert row.locator("img.row-picture").evaluate("each => each.src").startswith("http")
    page.locator(".annotate summary").click()
    form = page.locator(f"form[data-annotate='{made[0]}']")
    form.get_by_label("Note").fill("=from the desk")
    form.get_by_label("Tags").fill("election, spare")
    form.locator("button").click()
    expect(page.locator("#told")).to_contain_text("Saved")
    page.goto("/history?q=election")
    expect(page.locator(".case-row")).to_have_count(1)
    expect(page.locator(".tag")).to_have_text(["election", "spare"])
    looked_at(page, "history-notes")
    table = list(csv.DictReader(io.StringIO(httpx.get(f"{service.url}/history.csv?q=election").text)))
    assert [(each["analysis"], each["note"], each["tags"]) for each in table] == [
        (made[0], "'=from the desk", "election, spare")
    ]
    page.goto("/history?q=spare")
    for each in made:
        page.locator(f"input[value='{each}']").check()
    page.locator("[data-delete-many]").click()
    expect(page.locator("#sure-many-title")).to_contain_text("selection (2)")
    page.locator("#sure-many button[value='yes']").click()
    page.wait_for_url("**/history")
    for each in made:
        assert httpx.get(f"{service.url}/v1/analyses/{each}").status_code == 404


def test_several_files_go_up_at_once(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    files = [make(tmp_path / "many0.mp4", *PICTURE, *SOUND, *H264), make(tmp_path / "many1.mp4", *PICTURE, *H264)]
    page.set_input_files("#file", files)
    expect(page.locator("#chosen")).to_contain_text("2 files")
    page.click("#send")
    page.wait_for_url("**/history", timeout=SLOW_MS)
    names = page.locator(".case-row .name").all_inner_texts()
    assert {"many0.mp4", "many1.mp4"} <= set(names)
