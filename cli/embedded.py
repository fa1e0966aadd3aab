"""The whole service on this machine: embedded servers, one worker, the API; for as long as a context lasts."""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import httpx

from stack.launcher import running_stack
from stack.llm import LlmUnavailable, part_paths
from stack.process import ServerProcess, free_port
from stack.supervisor import Kept, Supervisor

ROOT: Final = Path(__file__).resolve().parents[1]
STATE: Final = ROOT / ".state"
ADDRESS_FILE: Final = "service.json"
START_TIMEOUT_S: Final = 180.0
"""Generous: a first start compiles every library's byte code."""
WORKER_COMMAND: Final = (
    sys.executable, "-m", "celery", "--quiet", "-A", "tasks.app", "worker", "--pool", "threads",
    "--queues", "prepare,visual,audio,explain,agents,maintenance,webhooks",
    "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    """A running service, whose processes are started again when they end."""

    url: str
    worker: ServerProcess
    api: ServerProcess
    variables: dict[str, str]
    public_url: str
    """Where others reach it."""
    supervisor: Supervisor

    def process(self, name: str) -> ServerProcess:
        """Raises: KeyError for a name that none of its processes has."""
        return {each.process.name: each.process for each in self.supervisor.kept}[name]


@contextmanager
def running_service(
    state: Path,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    llm: bool = True,
    settings: Mapping[str, str] | None = None,
    tell: Callable[[str], None],
    tell_ended: Callable[[str, datetime | None], None] = lambda name, since: None,  # noqa: ARG005
) -> Iterator[Service]:
    """Start everything and wait until an upload would be served.

    Args:
        state: where the servers keep their data; one service at a time.
        llm: with the embedded language model, if it is installed (`make setup-llm`) and no other model is configured.
        settings: variables for its processes, where the environment does not set them.
        tell: is told what is being waited for.
        tell_ended: is told the name of a process that ended and is started again; with None when it is back.

    Raises: StackError with the end of a log when something does not come up.
    """
    logs = state / "logs"
    with running_stack(state, llm=llm and "LLM__BASE_URL" not in os.environ and _llm_installed()) as stack:
        port = port or free_port()
        url = f"http://127.0.0.1:{port}" if is_everywhere(host) else f"http://{host}:{port}"
        public = f"http://{address_of_this_machine()}:{port}" if is_everywhere(host) else url
        # Whoever starts it here for this machine alone is its operator and its user in one.
        here = {"LINKS__ENABLED": "true"} if host == "127.0.0.1" else {}
        environment = {
            **here,
            **(settings or {}),
            **os.environ,
            **stack.variables,
            "PYTHONPATH": str(ROOT),
            "LIMITS__DISKS": json.dumps([str(state)]),
        }
        environment.setdefault("API__PUBLIC_URL", public)
        # The storage listens on loopback alone and lets browsers guess what a file is: the service passes files on.
        environment.setdefault("BLOBS__THROUGH_API", "true")
        environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        # NumPy's own threads spin while they wait; every further heap of the C library keeps what was freed in it.
        environment.setdefault("OPENBLAS_NUM_THREADS", "1")
        environment.setdefault("MALLOC_ARENA_MAX", "2")
        environment.setdefault("HOME", str(state))
        tell("preparing the database")
        ServerProcess(
            "database migration", (sys.executable, "-m", "store.migrations"), logs / "migrations.log",
            environment=environment,
        ).run_once()  # fmt: skip
        worker = ServerProcess("worker", WORKER_COMMAND, logs / "worker.log", environment=environment)
        api = ServerProcess(
            "api", (sys.executable, "-m", "api", "--host", host, "--port", str(port)), logs / "api.log",
            environment=environment,
        )  # fmt: skip

        def tell_of(name: str, since: datetime | None) -> None:
            _announce(state, url, supervisor.away())
            tell_ended(name, since)

        kept = (*stack.kept, Kept(worker), Kept(api, lambda: httpx.get(f"{url}/healthz", timeout=3).raise_for_status()))
        supervisor = Supervisor(kept, tell_of)
        try:
            worker.start()
            api.start()
            tell("loading the models")
            api.wait_ready(lambda: httpx.get(f"{url}/readyz", timeout=3).raise_for_status(), START_TIMEOUT_S)
            _announce(state, url, {})
            supervisor.begin()
            yield Service(url, worker, api, stack.variables, environment["API__PUBLIC_URL"], supervisor)
        finally:
            supervisor.end()
            (state / ADDRESS_FILE).unlink(missing_ok=True)
            api.stop()
            worker.stop()


def is_everywhere(host: str) -> bool:
    return host in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


def address_of_this_machine() -> str:
    """The address by which this machine goes out to others; loopback where it has no network. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def address_of_running(state: Path) -> str | None:
    """The address of a service that already runs from `state`, if one answers there."""
    try:
        url = str(json.loads((state / ADDRESS_FILE).read_text())["url"])
        return url if httpx.get(f"{url}/healthz", timeout=3).is_success else None
    except (OSError, ValueError, KeyError, httpx.TransportError):
        return None


def away_of_running(state: Path) -> dict[str, datetime]:
    """Processes of the service that runs from `state` that have ended and are being started again, and since when."""
    try:
        listed = json.loads((state / ADDRESS_FILE).read_text()).get("away", {})
        return {str(name): datetime.fromisoformat(since) for name, since in listed.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _announce(state: Path, url: str, away: Mapping[str, datetime]) -> None:
    part = state / f"{ADDRESS_FILE}.{secrets.token_hex(4)}"
    part.write_text(json.dumps({"url": url, "away": {name: since.isoformat() for name, since in away.items()}}))
    part.replace(state / ADDRESS_FILE)


def _llm_installed() -> bool:
    try:
        part_paths()
    except LlmUnavailable:
        return False
    return True
