"""Start the embedded servers together, and stop them with whoever started them."""

from __future__ import annotations

import fcntl
import json
import os
import secrets as random_secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from stack.llm import LlmServer, start_llm
from stack.process import StackError
from stack.servers import Secrets, Server, prepare_postgres, prepare_s3, prepare_valkey
from stack.supervisor import Kept

_PREPARERS: Final[dict[str, Callable[[Path, Path, Secrets], Server]]] = {
    "postgres": prepare_postgres,
    "valkey": prepare_valkey,
    "s3": prepare_s3,
}
_SECRET_BYTES: Final = {"signing": 32, "webhooks": 32}


@dataclass(frozen=True, slots=True)
class StackEnvironment:
    """What a process needs in its environment to use the stack."""

    variables: dict[str, str]
    pids: dict[str, int]
    kept: tuple[Kept, ...] = ()
    """Its processes, for a supervisor."""
    llm: LlmServer | None = None

    def wait_llm(self, timeout_s: float = 120.0) -> None:
        """Block until the language model answers.

        Raises: StackError when it was not asked for or does not come up.
        """
        if self.llm is None:
            raise StackError("the stack was started without a language model")
        self.llm.wait_ready(timeout_s)


@contextmanager
def running_stack(
    root: Path, *, services: Sequence[str] = ("postgres", "valkey", "s3"), llm: bool = False
) -> Iterator[StackEnvironment]:
    """The servers, ready to be used, for as long as the context lasts.

    Ports are new at every start; data, and the passwords made at the first start, stay in `root`. A language model
    loads in the background: its address is known at once, `wait_llm` waits for its first answer.

    Args:
        root: holds data and logs; one launcher at a time.

    Raises:
        StackError: a server did not come up, or another launcher holds `root`.
        stack.llm.LlmUnavailable: a language model was asked for and its packages are missing or damaged.
    """
    root = root.resolve()
    root.mkdir(parents=True, exist_ok=True)
    logs = root / "logs"
    with _exclusive(root):
        secrets = _secrets(root)
        servers: list[Server] = []
        model: LlmServer | None = None
        try:
            with ThreadPoolExecutor(len(services) or 1) as pool:
                servers = list(pool.map(lambda name: _PREPARERS[name](root, logs, secrets), services))
                # In this thread: a child's parent, whose end is its own, is the thread that started it.
                for server in servers:
                    server.process.start()
                for waited in [pool.submit(server.process.wait_ready, server.answers) for server in servers]:
                    waited.result()
            if llm:
                model = start_llm(root, logs)
            variables = {name: value for server in servers for name, value in server.variables.items()}
            variables["SIGNING__KEY"] = secrets.signing
            variables["WEBHOOKS__KEY"] = secrets.webhooks
            if model is not None:
                variables |= model.variables
            pids = {server.process.name: server.process.pid for server in servers}
            kept = [Kept(server.process, server.answers) for server in servers]
            kept += [] if model is None else [Kept(model.process)]
            yield StackEnvironment(variables, pids, tuple(kept), model)
        finally:
            if model is not None:
                model.stop()
            if servers:
                with ThreadPoolExecutor(len(servers)) as pool:
                    list(pool.map(lambda server: server.process.stop(), servers))


@contextmanager
def _exclusive(root: Path) -> Iterator[None]:
    with (root / "lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StackError(f"another process is running the stack in {root}; stop it first") from error
        yield


def _secrets(root: Path) -> Secrets:
    """Those that are kept, and new ones for those that are not."""
    path = root / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = {each.name: random_secrets.token_hex(_SECRET_BYTES.get(each.name, 16)) for each in fields(Secrets)}
    secrets = Secrets(**(missing | kept))
    if asdict(secrets) != kept:
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            json.dump(asdict(secrets), handle)
        part.replace(path)
    return secrets
