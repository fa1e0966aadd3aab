"""The page in a real browser: a pasted link, a second opinion by a button, how long results are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cli.embedded import Service
from deepwitness_client import Client
from tests.e2e.browsing import SLOW_MS, looked_at, needs_chromium
from tests.e2e.receivers import giving
from tests.unit.detectors.clips import H264, PICTURE, SOUND, make

pytestmark = needs_chromium


def test_a_pasted_link_is_fetched_and_examined(page: Page, tmp_path: Path) -> None:
    clip = make(tmp_path / "linked.mp4", *PICTURE, *SOUND, *H264)
    with giving({"linked.mp4": clip.read_bytes()}) as site:
        page.goto("/")
        page.click("#fetch")
        expect(page.locator("#url")).to_be_focused()
        page.fill("#url", f"{site}/")
        page.click("#fetch")
        expect(page.locator("#problem")).to_contain_text("The link leads to a web page.")
        looked_at(page, "link-refused")
        page.fill("#instruction", "a quick look")
        page.fill("#url", f"{site}/linked.mp4")
        page.locator("#url").press("Enter")
        page.wait_for_url("**/analyses/an_*", timeout=SLOW_MS)
        expect(page.locator(".source")).to_contain_text(f"{site}/linked.mp4")
        expect(page.locator(".asked")).to_contain_text("a quick look")
        expect(page.locator("main")).to_have_attribute("data-status", "finished", timeout=SLOW_MS)
        looked_at(page, "link-result")


@pytest.mark.timeout(900)
def test_a_second_opinion_comes_by_a_button(page: Page, examined: str) -> None:
    page.goto(f"/analyses/{examined}")
    page.get_by_role("tab", name="Heatmaps").click()
    before = page.locator("#gallery figure").count()
    page.select_option("#method", "grad-cam-plus-plus")
    looked_at(page, "opinion-asked")
    page.locator("#opinion button").click()
    expect(page.locator("#opinion-waits")).to_contain_text("being made")
    made = page.locator("#gallery img[data-of='grad-cam-plus-plus']")
    expect(made.first).to_be_visible(timeout=4 * SLOW_MS)
    # At least: another test may have asked for a map of the same analysis.
    assert page.locator("#gallery figure").count() >= before + made.count()
    figure = page.locator("#gallery figure").filter(has=page.locator("img[data-of='grad-cam-plus-plus']")).first
    expect(figure).to_contain_text("agreement with the first heatmap")
    expect(page.locator("#method option[value='grad-cam-plus-plus']")).to_have_count(0)
    looked_at(page, "opinion")


def test_how_long_results_are_kept_is_chosen(page: Page, service: Service) -> None:
    page.goto("/settings")
    expect(page.locator("#retention-now")).to_contain_text("30 days")
    page.fill("#retention-days", "7")
    page.locator("#retention button").click()
    expect(page.locator("#retention-now")).to_contain_text("7 days")
    looked_at(page, "settings-retention")
    page.goto("/")
    expect(page.locator(".kept")).to_contain_text("7 days")
    with Client(service.url) as client:
        assert client.retention().days == 7
        assert client.keep_for(None).effective_days == 30
