"""The OpenAPI description: true examples, and a client generated from it that works against the service."""

from __future__ import annotations

import importlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from core.settings import Settings
from tests.integration.api_bench import Bench, bench_of, clip
from tests.integration.test_api_results import finish
from tests.integration.test_api_uploads import listening

CONFIG = """
package_name_override: generated_deepwitness
content_type_overrides:
  application/pdf: application/octet-stream
"""


@pytest.fixture(scope="module")
def bench(settings: Settings) -> Iterator[Bench]:
    with bench_of(settings) as made:
        yield made


def schemas_with_examples(part: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """Every schema of the description that carries examples, with each of them."""
    if isinstance(part, dict):
        schema = part.get("schema", part)
        for example in part.get("examples", []) if isinstance(part.get("examples"), list) else []:
            yield schema, example
        for named in part.get("examples", {}).values() if isinstance(part.get("examples"), dict) else []:
            if isinstance(named, dict) and "value" in named:
                yield schema, named["value"]
        if "example" in part:
            yield schema, part["example"]
        for each in part.values():
            yield from schemas_with_examples(each)
    elif isinstance(part, list):
        for each in part:
            yield from schemas_with_examples(each)


def test_every_example_fits_its_schema(bench: Bench) -> None:
    described = bench.client.get("/openapi.json").json()
    checked = 0
    for schema, example in schemas_with_examples(described):
        bare = {name: value for name, value in schema.items() if name not in ("examples", "example")}
        whole = {**bare, "components": described["components"]}
        jsonschema.Draft202012Validator(whole).validate(example)
        checked += 1
    assert checked > 30


def test_every_request_with_a_body_and_every_main_answer_has_an_example(bench: Bench) -> None:
    described = bench.client.get("/openapi.json").json()
    lacking = []
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                name = content["schema"].get("$ref", "").rpartition("/")[2]
                whole = {**content, "schema": described["components"]["schemas"].get(name, content["schema"])}
                if not list(schemas_with_examples(whole)):
                    lacking.append(f"{method} {path} {kind}")
    assert lacking == []
    for name in ("AnalysisView", "ResultView", "Problem", "UploadTicket", "Webhook", "Delivery"):
        assert list(schemas_with_examples(described["components"]["schemas"][name])), name


def test_operations_have_names_of_their_own(bench: Bench) -> None:
    described = bench.client.get("/openapi.json").json()
    names = [each["operationId"] for methods in described["paths"].values() for each in methods.values()]
    assert len(names) == len(set(names))
    assert {"submit_analysis", "read_result", "create_webhook"} <= set(names)


@pytest.fixture
def generated(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The client that `openapi-python-client` makes of the description, imported."""
    (tmp_path / "openapi.json").write_text(json.dumps(bench.client.get("/openapi.json").json()))
    (tmp_path / "config.yml").write_text(CONFIG)
    command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--fail-on-warning"]
    command += ["--path", "openapi.json", "--config", "config.yml", "--output-path", "made"]
    # It tidies what it wrote with the linter beside it.
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ended = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    monkeypatch.syspath_prepend(str(tmp_path / "made"))
    yield importlib.import_module("generated_deepwitness")
    for name in [name for name in sys.modules if name.startswith("generated_deepwitness")]:
        del sys.modules[name]


def test_a_generated_client_submits_follows_and_reads(bench: Bench, generated: Any) -> None:
    def operation(tag: str, name: str) -> Any:
        return importlib.import_module(f"generated_deepwitness.api.{tag}.{name}")

    models = importlib.import_module("generated_deepwitness.models")
    types = importlib.import_module("generated_deepwitness.types")
    with listening(bench) as port, generated.Client(base_url=f"http://127.0.0.1:{port}") as client:
        file = types.File(payload=io.BytesIO(clip(tone=800)), file_name="generated.mp4")
        body = models.SubmitAnalysisFilesBody(file=file, instruction="check the voice")
        made = operation("analyses", "submit_analysis").sync(client=client, body=body)
        assert (made.status, made.file_name, made.media.kind) == ("queued", "generated.mp4", "video")
        refused = operation("results", "read_result").sync(made.id, client=client)
        assert (refused.code, refused.status) == ("not_finished", 409)
        finish(bench, made.id)
        page = operation("analyses", "list_analyses").sync(client=client, q="generated", limit=5)
        assert [each.id for each in page.items] == [made.id]
        result = operation("results", "read_result").sync(made.id, client=client)
        assert (result.verdict, result.report.analysis_id) == ("Fake", made.id)
        pdf = operation("results", "read_document").sync(made.id, client=client)
        assert pdf.payload.read() == b"%PDF-1.7"
        assert operation("analyses", "remove_analysis").sync_detailed(made.id, client=client).status_code == 204
