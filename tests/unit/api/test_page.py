"""The pages without their servers: words in every language, geometry, the reference, and what may be loaded."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from api.http.app import create_app
from api.usecases.account import LANGUAGES
from api.usecases.timeline import timeline_of
from api.web.catalogue import catalogue, preferred
from api.web.drawing import HEIGHT, LANES, WIDTH, draw
from api.web.page import _local
from api.web.reference import reference_of
from api.web.rendering import PAGES, STATIC, static_digest, vocabulary
from core.figures import ACOUSTIC_FORMS
from core.settings import AuthSettings
from core.types import AcousticMeasure, decide
from detectors.fusion import weigh
from tests.fixtures.reports import LIMITS, faces, media, track, voice
from tests.unit.api.test_app import settings

TEMPLATES = {path.name: path.read_text() for path in PAGES.glob("*.html")}
SCRIPTS = {path.name: path.read_text() for path in STATIC.glob("*.js")}


def fields_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_says_the_same(language: str) -> None:
    first, other = catalogue(LANGUAGES[0]).sentences, catalogue(language).sentences
    assert list(other) == list(first)
    assert {key: fields_of(text) for key, text in other.items()} == {
        key: fields_of(text) for key, text in first.items()
    }
    assert all(text.strip() for text in other.values())
    unspoken = {key for key, text in other.items() if text == first[key] and len(text) > 24}
    assert unspoken == set()


def test_what_the_pages_say_is_in_the_catalogue_and_nothing_else_is() -> None:
    known = set(catalogue("en").sentences)
    literal = {
        key for text in TEMPLATES.values() for key in re.findall(r'(?<!\w)t\(\s*["\']([\w.]+)["\']\s*[,)]', text)
    }
    literal |= {key for text in TEMPLATES.values() for key in re.findall(r'"((?:nav|zone)\.[\w]+)"', text)}
    literal |= set(re.findall(r'say\("([\w.]+)"', (PAGES.parent / "rendering.py").read_text()))
    started = {each for text in TEMPLATES.values() for each in re.findall(r'(?<!\w)t\(\s*["\']([\w.]+)["\']\s*~', text)}
    spoken = {key for text in SCRIPTS.values() for key in re.findall(r'say\(\s*"(\w+)"', text)}
    assert literal <= known
    assert {f"js.{key}" for key in spoken} <= known
    refusals = {"empty_file", "unsupported_format", "corrupt_media", "playlist_refused", "rate_limited"}
    refusals |= {f"link_{what}" for what in ("refused", "is_a_page", "unavailable", "unreachable", "too_slow")}
    unused = {
        key
        for key in known - literal - {f"js.{key}" for key in spoken | refusals}
        if not any(key.startswith(start) for start in started)
    }
    assert unused == set()


@pytest.mark.parametrize(
    ("chosen", "accepted", "spoken"),
    [
        (None, "", "en"),
        ("fr", "de", "fr"),
        ("xx", "de-AT,de;q=0.9,en;q=0.8", "de"),
        (None, "it, fr;q=0.4, de;q=0.7", "de"),
        (None, "de;q=0, fr;q=0.1", "fr"),
        (None, "*;q=1, nonsense;;;", "en"),
    ],
)
def test_the_language_is_the_chosen_or_the_wished_for(chosen: str | None, accepted: str, spoken: str) -> None:
    assert preferred(chosen, accepted) == spoken


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/history?q=a", "/history?q=a"),
        ("//evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_no_redirect_leads_elsewhere(address: str, kept: str) -> None:
    assert _local(address) == kept


def numbers(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]


@effort(deadline=None)
@given(st.floats(0.5, 7200), st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_everything_drawn_lies_on_the_plane(duration_s: float, scores: list[float]) -> None:
    tracks = tuple(track(number, 0, duration_s, score) for number, score in enumerate(scores, start=1))
    drawing = draw(timeline_of("an_x", media(duration_s), None, LIMITS, None, (faces(max(scores), tracks),), (), ()))
    assert drawing is not None
    assert len(drawing.lanes) == min(LANES, len(scores))
    assert len(drawing.lanes) + len(drawing.folded) == len(scores)
    hidden = [lane.score_pct for lane in drawing.folded if lane.score_pct is not None]
    shown = [lane.score_pct for lane in drawing.lanes if lane.score_pct is not None]
    assert max(hidden, default=0) <= min(shown)
    for lane in (*drawing.lanes, *drawing.folded):
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in numbers(lane.line))
        assert all(0 <= mark.x <= WIDTH and mark.width > 0 for mark in lane.marks)
    assert 1 <= len(drawing.ticks) <= 9


def test_an_hour_is_drawn_and_a_moment_of_nothing_is_not() -> None:
    evidence = (faces(0.9, (track(1, 0, 3600, 0.9),)), voice(0.9, 3600))
    decision = decide(weigh(evidence), evidence, media(3600))
    timeline = timeline_of("an_x", media(3600), None, LIMITS, decision, evidence, (), ())
    drawing = draw(timeline)
    assert drawing is not None
    assert [lane.kind for lane in drawing.lanes] == ["face", "voice"]
    assert drawing.ticks[-1].label == "50:00"
    assert drawing.lanes[0].fake_y is not None
    assert drawing.lanes[0].real_y is not None
    assert drawing.lanes[0].fake_y < drawing.lanes[0].real_y
    assert draw(timeline_of("an_x", None, None, None, None, (), (), ())) is None


def test_the_reference_holds_every_operation_and_needs_no_viewer() -> None:
    app = create_app(settings())
    described = app.openapi()
    groups = reference_of(described)
    told = {(each.method.lower(), each.path) for group in groups for each in group.operations}
    assert told == {(method, path) for path, methods in described["paths"].items() for method in methods}
    submit = next(each for group in groups for each in group.operations if each.anchor.startswith("submit_analysis"))
    assert {"file", "instruction", "upload_id", "url"} <= {field.name for field in submit.fields}
    html = TestClient(app).get("/docs").text
    for each in told:
        assert each[1].rpartition("/")[2] in html.replace("<wbr>", "")


def test_nothing_on_a_page_comes_from_elsewhere() -> None:
    auth = AuthSettings.model_validate({"enabled": True, "jwt_secret": "x" * 40})
    client = TestClient(create_app(settings(auth=auth)))
    for path in ("/login", "/docs"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert answer.status_code == 200
        assert "unsafe" not in policy
        assert "script-src 'self';" in policy
        for banned in (" onclick=", " style=", "<style", 'src="http', 'href="http', "javascript:"):
            assert banned not in answer.text, (path, banned)
    for name, text in (SCRIPTS | {path.name: path.read_text() for path in STATIC.glob("*.css")}).items():
        outside = set(re.findall(r"https?://[^\s\"')]+", text)) - {"http://www.w3.org/2000/svg"}
        assert outside == set(), name
        for banned in ("innerHTML", "insertAdjacentHTML", "eval(", "document.write", "@import"):
            assert banned not in text, (name, banned)


def test_a_stranger_is_led_to_the_door_and_back() -> None:
    auth = AuthSettings.model_validate({"enabled": True, "jwt_secret": "x" * 40})
    client = TestClient(create_app(settings(auth=auth)), follow_redirects=False)
    turned = client.get("/history", params={"q": "a b"})
    assert (turned.status_code, turned.headers["location"]) == (303, "/login?next=/history%3Fq%3Da%2Bb")
    assert 'data-onward="/history?q=a+b"' in client.get(turned.headers["location"]).text
    assert TestClient(create_app(settings()), follow_redirects=False).get("/login").headers["location"] == "/"


def test_files_of_the_page_are_kept_for_good_and_others_are_not_served() -> None:
    client = TestClient(create_app(settings()))
    base = f"/static/{static_digest()}"
    for name, media_type in (("base.css", "text/css"), ("case.js", "text/javascript"), ("mark.svg", "image/svg+xml")):
        answer = client.get(f"{base}/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(media_type)
        assert "immutable" in answer.headers["cache-control"]
    for name in ("../base.html", "..%2f..%2fapp.py", "fonts", "none.js", "%2e%2e/base.html"):
        assert client.get(f"{base}/{name}").status_code == 404


def test_preferences_are_kept_in_cookies_and_only_known_ones() -> None:
    client = TestClient(create_app(settings()), follow_redirects=False)
    answer = client.post("/preferences", data={"language": "de", "theme": "dark", "back": "/docs"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/docs")
    told = client.get("/docs").text
    assert '<html lang="de" data-theme="dark">' in told
    client.post("/preferences", data={"language": "xx", "theme": '"><script>', "back": "/"})
    assert '<html lang="de" data-theme="dark">' in client.get("/docs").text


def test_type_is_vendored_with_its_licence() -> None:
    fonts = STATIC / "fonts"
    for font in fonts.glob("*.woff2"):
        family = font.name.partition("-")[0]
        assert "SIL Open Font License" in (fonts / f"{family}-LICENSE.txt").read_text()
        assert font.name in (fonts / "README.md").read_text()
    assert sum(path.stat().st_size for path in STATIC.rglob("*") if path.is_file()) < 400_000


def test_sources_of_pages_are_not_long(tmp_path: Path) -> None:
    assert all(len(text.splitlines()) < 420 for text in (SCRIPTS | TEMPLATES).values())


def test_measurements_of_the_sound_are_written_in_the_reader_s_language() -> None:
    for language, written in (("en", "0.16 semitones"), ("de", "0,16 Halbtöne"), ("fr", "0,16 demi-tons")):
        words = catalogue(language)
        acoustic = vocabulary(words)["acoustic"]
        assert acoustic("pitch_step", 0.157).replace("\u202f", " ") == written
        assert acoustic("noise_floor", -60.9, -17.2) == "−61 … −17\u202fdB"
        assert all(words.has(f"acoustics.{measure}") for measure in AcousticMeasure)
    assert set(ACOUSTIC_FORMS) == set(AcousticMeasure)
