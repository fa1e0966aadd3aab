"""Every error code that the source can raise has its page, and every page a code that exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.http.app import create_app
from api.http.errors import PAGES, status_of
from core.errors import Defect, Misconfigured, Rejected, Unavailable
from tests.unit.api.test_app import settings

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "api", "tasks", "cli", "agents", "tools", "detectors", "explainers", "store", "prompts", "egress")
KINDS = {"Rejected": Rejected, "Unavailable": Unavailable, "Misconfigured": Misconfigured, "Defect": Defect}
OF_HTTP = {
    "invalid_request": 422,
    "not_found": 404,
    "method_not_allowed": 405,
    "bad_request_body": 400,
    "internal_error": 500,
    "not_ready": 503,
}
"""Raised by no class of ours: what the framework and the last resort answer with."""


def literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def raised_in(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Class and code of every error that this module can make, failures of jobs and of lines among them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            bases = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in KINDS]
            for call in ast.walk(node) if bases else ():
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "__init__" and call.args:
                    code = literal(call.args[0])
                    if code is not None:
                        yield bases[0], code
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in KINDS and node.args:
                code = literal(node.args[0])
                if code is not None:
                    yield node.func.id, code
            if node.func.id == "find_model_file":
                code = literal(next((each.value for each in node.keywords if each.arg == "code"), None))
                if code is not None:
                    yield "Misconfigured", code
            if node.func.id == "Failure":
                code = literal(next((each.value for each in node.keywords if each.arg == "code"), None))
                if code is not None:
                    yield "Failure", code


def all_raised() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {code: {"http"} for code in OF_HTTP}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for kind, code in raised_in(ast.parse(path.read_text())):
                found.setdefault(code, set()).add(kind)
    return found


RAISED = all_raised()


def test_the_search_for_codes_finds_what_is_there() -> None:
    assert len(RAISED) > 80
    assert RAISED["too_large"] == {"Rejected"}
    assert RAISED["rate_limited"] == {"Rejected"}
    assert "Unavailable" in RAISED["database_unavailable"]
    assert "Failure" in RAISED["job_abandoned"]


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    pages = {path.stem for path in PAGES.glob("*.md")} - {"index"}
    assert sorted(set(RAISED) - pages) == []
    assert sorted(pages - set(RAISED)) == []


@pytest.mark.parametrize("code", sorted(RAISED))
def test_a_page_says_what_it_means_what_to_do_and_the_true_status(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text()
    assert text.startswith(f"# {code}\n")
    for heading in ("## What it means", "## What to do"):
        after = text.partition(f"\n{heading}\n")[2].partition("\n## ")[0]
        assert len(after.split()) >= 4, heading
    statuses = {int(each) for each in re.findall(r"\b[45]\d\d\b", text.partition("\n## ")[0])}
    expected = {status_of(KINDS[kind](code, "")) for kind in RAISED[code] if kind in ("Rejected", "Unavailable")}
    if code in OF_HTTP:
        expected.add(OF_HTTP[code])
    assert statuses == expected
    assert f"({code}.md)" in (PAGES / "index.md").read_text()


def test_a_problem_links_to_its_page_and_the_service_serves_it() -> None:
    client = TestClient(create_app(settings()))
    problem = client.get("/absent").json()
    assert problem["type"] == "/problems/not_found"
    page = client.get(problem["type"])
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<h1>not_found</h1>" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for path in ("/problems/..%2Findex", "/problems/none", "/problems/index"):
        assert client.get(path).status_code == 404
    assert "too_large" in client.get("/problems").text
