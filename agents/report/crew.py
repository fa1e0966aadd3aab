"""The writer that has a CrewAI crew reword the template's sentences. What it brings back is a draft, not testimony."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import structlog
from openai import APIError
from pydantic import ValidationError

from agents.language.client import OpenAiLanguageModel
from agents.language.deadline import seconds_left
from agents.report.crew_process import LAST_RESORT_S, CrewBatch, CrewOrder
from agents.report.facts import Fact
from agents.report.writer import Draft, Wording
from core.errors import Misconfigured
from core.settings import LlmSettings
from core.types import Provenance, Reason, ReasonCode

START_S: Final = 60.0
"""Importing CrewAI takes 6 to 20 seconds. The model's time is counted from then on."""
CHARACTERS_A_TOKEN: Final = 3.5
ENTRY_TOKENS: Final = 16
"""Of the answer's own punctuation, for each sentence."""
FILLED_SHARE: Final = 0.6
"""Of an answer's tokens that a batch may be expected to take."""

_ROOT: Final = Path(__file__).resolve().parents[2]
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
_PROXIES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
_QUIET: Final = {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_DISABLE_TRACKING": "true",
    "CREWAI_DISABLE_VERSION_CHECK": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "CREWAI_TESTING": "true",
    "OTEL_SDK_DISABLED": "true",
    "PYTHON_DOTENV_DISABLED": "true",
}
"""Nothing is sent home, asked for on a terminal or read from an environment file."""
_NOT_REACHED: Final = Reason(
    code=ReasonCode.LLM_UNAVAILABLE,
    message="The language model could not be used, so the report is in the template's words.",
)
_IN_PART: Final = Reason(
    code=ReasonCode.LLM_UNAVAILABLE,
    message="The language model did not word every sentence; the others are in the template's words.",
)

_log: Final = structlog.get_logger()


def require_crew() -> None:
    """Check that CrewAI is installed, without importing it. Raises: Misconfigured: `writer_not_installed`."""
    if find_spec("crewai") is None:
        raise Misconfigured(
            "writer_not_installed",
            "LLM__WRITER is crew, but CrewAI is not installed. Run `make setup-crew`, or set LLM__WRITER=template.",
        )


class CrewWriter:
    """Words each fact through a writer and a fact-checker, within bounded time and tokens.

    Supports no claim by itself: the checker holds every sentence to its fact. Sees facts only, never a file name, an
    instruction or anything else from outside.
    """

    def __init__(self, settings: LlmSettings) -> None:
        """Connects to nothing.

        Raises: Misconfigured: `writer_not_installed`, or `llm_without_endpoint` without a base URL.
        """
        require_crew()
        self._settings = settings
        self._llm = OpenAiLanguageModel(settings)

    def write(self, facts: tuple[Fact, ...]) -> Draft:
        """One wording a fact, in order; the template's where the crew brought none, and then a note says so."""
        model = self._find_model()
        if model is None:
            _log.warning("agents.crew.unavailable")
        done = () if model is None else self._run(model, _make_batches(facts, self._settings.max_tokens))
        worded = dict(enumerate(text for batch in done for text in batch.sentences))
        wordings = tuple(
            Wording(fact, worded[place], Provenance.LLM)
            if worded.get(place)
            else Wording(fact, fact.text, Provenance.TEMPLATE)
            for place, fact in enumerate(facts)
        )
        by_template = sum(each.provenance is Provenance.TEMPLATE for each in wordings)
        notes = (_IN_PART if by_template < len(facts) else _NOT_REACHED,) if by_template else ()
        return Draft(wordings, tuple(call for batch in done for call in batch.calls), notes)

    def _find_model(self) -> str | None:
        """The model to ask; None when the endpoint does not answer, which is known before anything is started."""
        if not self._llm.reachable():
            return None
        try:
            return self._llm.model(seconds_left(self._settings.timeout_s))
        except (APIError, TimeoutError, ValueError):
            return None

    def _run(self, model: str, batches: Sequence[Sequence[Fact]]) -> tuple[CrewBatch, ...]:
        """The batches that came back in time."""
        settings = self._settings
        try:
            work_s = seconds_left(settings.analysis_s)
        except TimeoutError:
            return ()
        order = CrewOrder(
            base_url=settings.base_url or "",
            model=model,
            api_key=settings.api_key.get_secret_value(),
            call_timeout_s=min(settings.timeout_s, work_s),
            start_s=START_S,
            work_s=work_s,
            max_tokens=settings.max_tokens,
            batches=tuple(tuple(fact.text for fact in batch) for batch in batches),
        )
        with tempfile.TemporaryDirectory(prefix="crew-", ignore_cleanup_errors=True) as home:
            try:
                ended = subprocess.run(
                    [sys.executable, "-m", "agents.report.crew_process"],
                    input=order.model_dump_json().encode(),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    cwd=home,
                    env=_build_environment(home),
                    timeout=START_S + work_s + LAST_RESORT_S,
                    check=False,
                )
                output, status = ended.stdout, ended.returncode
            except subprocess.TimeoutExpired as late:
                output, status = late.stdout or b"", None
        done = tuple(_read(output))
        if status != 0:
            _log.warning("agents.crew.ended_early", status=status, batches=len(done))
        return done


def _build_environment(home: str) -> dict[str, str]:
    """The crew's own: a home that is thrown away, and no secret of ours."""
    passed = {name: os.environ[name] for name in (*_PASSED_ON, *_PROXIES) if name in os.environ}
    unproxied = ",".join(filter(None, (passed.get("NO_PROXY"), "127.0.0.1", "localhost", "::1")))
    places = {"HOME": home, "XDG_DATA_HOME": home, "XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home, "TMPDIR": home}
    return {**passed, **_QUIET, **places, "PYTHONPATH": str(_ROOT), "NO_PROXY": unproxied, "no_proxy": unproxied}


def _read(output: bytes) -> Iterator[CrewBatch]:
    """Batches as far as they were written; a line that was cut off ends them."""
    for line in output.splitlines():
        try:
            yield CrewBatch.model_validate_json(line)
        except ValidationError:
            return


def _make_batches(facts: Sequence[Fact], max_tokens: int) -> tuple[tuple[Fact, ...], ...]:
    """Facts in order, in batches whose wordings are expected to fit one answer."""
    room = FILLED_SHARE * max_tokens
    batches: list[list[Fact]] = []
    filled = 0.0
    for fact in facts:
        cost = ENTRY_TOKENS + len(fact.text) / CHARACTERS_A_TOKEN
        if not batches or filled + cost > room:
            batches.append([])
            filled = 0.0
        batches[-1].append(fact)
        filled += cost
    return tuple(tuple(batch) for batch in batches)
