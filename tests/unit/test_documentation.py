"""The documentation builds without network or warning, and asks its reader's browser for nothing elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.http.metrics import COUNTERS
from cli.__main__ import make_app
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "docs" / "site"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    # A proxy that nobody listens at: whoever fetches something fails.
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(target)]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **nowhere, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return target


def test_every_page_is_built_and_loads_nothing_from_elsewhere(built: Path) -> None:
    pages = sorted(built.rglob("*.html"))
    names = {page.relative_to(built).as_posix() for page in pages}
    assert {"index.html", "models/visual.html", "problems/too_large.html", "operating.html"} <= names
    loads = re.compile(
        r"<(?:script|img|iframe|source|video)[^>]+src=\"(?:https?:)?//|<link(?![^>]+canonical)[^>]+//", re.I
    )
    for page in pages:
        assert not loads.search(page.read_text()), page
    for sheet in built.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(?:https?:)?//|@import", sheet.read_text()), sheet


def test_the_cards_are_those_of_the_shipped_models(built: Path) -> None:
    card = (ROOT / "detectors" / "weights" / "visual" / "card.md").read_text()
    digest = re.search(r"[0-9a-f]{64}", card)
    assert digest is not None
    assert digest[0] in (built / "models" / "visual.html").read_text()


def test_every_verb_is_documented() -> None:
    text = (SITE / "command-line.md").read_text()
    shown = CliRunner().invoke(make_app(), ["--help"], env={"COLUMNS": "200"}).output
    verbs = {command.name or getattr(command.callback, "__name__", "") for command in make_app().registered_commands}
    assert verbs
    for verb in verbs:
        assert verb in shown
        assert f"`{verb}" in text, verb


def test_settings_and_figures_that_the_documentation_names_exist() -> None:
    known = {
        f"{branch}__{name}".upper()
        for branch, field in Settings.model_fields.items()
        for name in getattr(field.annotation, "model_fields", {})
    }
    named: set[str] = set()
    figures: set[str] = set()
    for page in SITE.rglob("*.md"):
        named |= set(re.findall(r"\b[A-Z]+__[A-Z_]+\b", page.read_text()))
        figures |= set(re.findall(r"\bdeepwitness_(\w+)_total\b", page.read_text()))
    assert named
    assert named - known == set()
    assert figures - set(COUNTERS) - {"problems"} == set()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_paths_that_the_documents_name_exist(name: str) -> None:
    text = (ROOT / name).read_text()
    named = set(re.findall(r"`([a-z_]+/[\w./-]*)`", text)) | set(re.findall(r"\]\(([^):#]+)\)", text))
    assert len(named) > 10
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_every_test_that_the_security_page_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (SITE / "security.md").read_text())
    assert len(named) > 15
    lacking = [
        (path, test)
        for path, test in named
        if not (ROOT / path).is_file() or (test and f"def {test}(" not in (ROOT / path).read_text())
    ]
    assert lacking == []
