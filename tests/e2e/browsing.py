"""What the tests in a real browser share.

`PICTURES=folder` keeps a picture of every state that is passed.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
PICTURES = os.environ.get("PICTURES")
SLOW_MS = 120_000


needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here (apt-get install chromium)")


def is_foreign(address: str, allowed: set[str]) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and parts.netloc not in allowed


def looked_at(page: Page, name: str) -> None:
    """Accessible by every rule of WCAG 2.2 A and AA that can be checked, no wider than the window. Keeps a picture."""
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=rules)
    violations = [(each["id"], [node["target"] for node in each["nodes"]][:4]) for each in found.response["violations"]]
    assert violations == [], (name, violations)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
