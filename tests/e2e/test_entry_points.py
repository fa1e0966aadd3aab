"""The images' own commands over the images' own files: the API, the migration and the workers' queues."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from cli.service import report_of
from core.types import Scored
from deepwitness_client import Client
from stack.launcher import running_stack
from stack.process import ServerProcess, free_port

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
WORKERS = tuple(name for name in SERVICES if name.startswith("worker-") and "profiles" not in SERVICES[name])


def image(dockerfile: str, folder: Path) -> list[str]:
    """Lay out the files that an image copies from the repository; returns the image's command."""
    text = (ROOT / "deploy" / dockerfile).read_text()
    final_stage = text[text.rindex("\nFROM ") :]
    for sources, target in re.findall(r"^COPY (?!--from)(.+) (\S+)$", final_stage, re.MULTILINE):
        for source in sources.split():
            into = folder / target / Path(source).name if target.endswith("/") else folder / target
            into.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, into, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, into)
    command = re.search(r"^CMD (\[.*\])$", final_stage, re.MULTILINE)
    assert command is not None
    return [str(word) for word in json.loads(command.group(1))]


def runnable(command: list[str], changes: dict[str, str]) -> list[str]:
    """The command with this machine's interpreter first on its path, and other addresses."""
    words = [changes.get(word, word) for word in command]
    return [shutil.which(words[0], path=str(Path(sys.executable).parent)) or shutil.which(words[0]) or "", *words[1:]]


@pytest.fixture
def deployment() -> Iterator[tuple[str, list[ServerProcess]]]:
    """The address of an API from its image's files, with two workers that share the queues of the compose file's."""
    folder = Path(tempfile.mkdtemp(prefix="deepwitness-images-"))
    folder.chmod(0o755)
    port = free_port()
    with ExitStack() as ended:
        ended.callback(shutil.rmtree, folder, ignore_errors=True)
        given = ended.enter_context(running_stack(folder / "stack")).variables
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        common: dict[str, Any] = {**given, "PATH": path, "HOME": str(folder), "TF_CPP_MIN_LOG_LEVEL": "2"}

        def process(name: str, root: Path, command: list[str], **more: str) -> ServerProcess:
            made = ServerProcess(
                name, command, folder / "logs" / f"{name}.log", environment={**common, "PYTHONPATH": str(root), **more}
            )
            ended.callback(made.stop)
            return made

        api = runnable(image("api.Dockerfile", folder / "api"), {"0.0.0.0": "127.0.0.1", "8000": str(port)})
        migration = [str(word) for word in SERVICES["migrate"]["command"]]
        process("migrate", folder / "api", runnable(migration, {})).run_once()
        serving = process("api", folder / "api", api)
        serving.start()
        command = runnable(image("worker.Dockerfile", folder / "worker"), {})
        workers = []
        for names in (WORKERS[::2], WORKERS[1::2]):
            queues = ",".join(SERVICES[name]["environment"]["QUEUES"] for name in names)
            workers.append(process("+".join(names), folder / "worker", command, QUEUES=queues))
            workers[-1].start()
        url = f"http://127.0.0.1:{port}"
        serving.wait_ready(lambda: httpx.get(f"{url}/readyz", timeout=3).raise_for_status(), 180)
        yield url, workers


def test_the_images_commands_carry_an_upload_to_its_report(
    deployment: tuple[str, list[ServerProcess]], interview: Path
) -> None:
    url, workers = deployment
    assert len(WORKERS) == 6
    with Client(url) as client:
        submitted = client.submit(interview).analysis.id
        events = list(client.events(submitted))
        assert events[-1].kind == "finished", [worker.log_tail() for worker in workers]
        report = report_of(client, submitted)
    assert all(isinstance(each.finding, Scored) for each in report.evidence)
    assert all(worker.is_alive() for worker in workers)
