"""`python -m training.language.evaluate`: how many labelled instructions each backend understands.

`rules`: no model. `embedded`: the embedded language model, started for it. `right` and `wrong`: a scripted endpoint
over HTTP that always gives the labelled answer, or always another: the most that a large model can add, and the least.
`configured`: the endpoint of LLM__BASE_URL.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from agents.analysis.planner import WANTED, ask, decide
from agents.instructions import EVERYTHING
from agents.language.client import OpenAiLanguageModel
from core.ports import Completion, LanguageModel
from core.settings import LlmSettings
from core.types import LlmCall, Modality
from stack.llm import start_llm
from training.language.instructions import Labelled, Scored, labelled, scored

BACKENDS: Final = ("rules", "embedded", "right", "wrong", "configured")
_SUBJECT: Final = {
    frozenset({Modality.VISUAL}): "picture",
    frozenset({Modality.AUDIO}): "sound",
    frozenset({Modality.VISUAL, Modality.AUDIO}): "both",
}
_ANOTHER: Final = {"picture": "sound", "sound": "picture", "both": "picture"}
PATIENCE_S: Final = 600.0
"""Understanding is measured here, not speed: a machine that is busy otherwise must not count as a wrong answer."""


@dataclass(slots=True)
class Tally:
    """What one backend came to, over all texts and by group."""

    right: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    calls: list[LlmCall] = field(default_factory=list)
    missed: list[tuple[Labelled, Scored]] = field(default_factory=list)

    def add(self, case: Labelled, result: Scored) -> None:
        part = "held back" if case.held_back else "development"
        for group in ("all", part, f"batch {case.batch}", f"language {case.language}"):
            self.of[group] += 1
            self.right[group] += result.right
        if not result.right:
            self.missed.append((case, result))


@dataclass(frozen=True, slots=True)
class Patient:
    """A model that is given more time than the service gives it."""

    model: OpenAiLanguageModel

    def complete(self, *, timeout_s: float, **asked: Any) -> Completion[Any]:  # noqa: ARG002
        return self.model.complete(timeout_s=PATIENCE_S, **asked)


class _Environment(BaseSettings):
    model_config = SettingsConfigDict(env_nested_delimiter="__", frozen=True, extra="ignore")

    llm: LlmSettings = LlmSettings()


def sampled(cases: Sequence[Labelled], number: int | None) -> tuple[Labelled, ...]:
    """So many of the texts, chosen by the hash of the text; the same ones every time."""
    chosen = sorted(cases, key=lambda case: hashlib.sha256(f"sample {case.text}".encode()).digest())[:number]
    return tuple(case for case in cases if case in chosen) if number else tuple(cases)


def alone(cases: Sequence[Labelled], llm: LanguageModel) -> Tally:
    """The model asked about every text, whatever the rules make of it. Stretches are the rules' in either case."""
    tally = Tally()
    for case in cases:
        completion = ask(case.text, llm)
        intent, plan = completion.answer, decide(case.inputs, None).plan
        if intent is not None:
            wanted = WANTED[intent.subject] if intent.asks == "examine" else EVERYTHING
            held = tuple(path for path in EVERYTHING if (case.faces if path is Modality.VISUAL else case.audio))
            plan = plan.model_copy(update={"paths": tuple(path for path in wanted if path in held) or held})
        tally.add(case, scored(case, plan) if intent is not None else Scored(paths=False, stretch=False))
        tally.calls.append(completion.call)
    return tally


def interval(right: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share, z = right / of, 1.959964
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def evaluate(cases: Sequence[Labelled], llm: LanguageModel | None) -> Tally:
    tally = Tally()
    for case in cases:
        decision = decide(case.inputs, llm)
        tally.add(case, scored(case, decision.plan))
        tally.calls.extend(decision.calls)
    return tally


@contextmanager
def backend(name: str, cases: Sequence[Labelled]) -> Iterator[LanguageModel | None]:
    """The language model of a backend, or None for the rules."""
    with ExitStack() as stack:
        if name == "rules":
            yield None
        elif name == "configured":
            yield Patient(OpenAiLanguageModel(_Environment().llm))
        elif name == "embedded":
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="deepwitness-llm-")))
            (folder / "logs").mkdir()
            server = start_llm(folder, folder / "logs")
            stack.callback(server.stop)
            server.wait_ready()
            variables = server.variables
            settings = LlmSettings(
                base_url=variables["LLM__BASE_URL"],
                model=variables["LLM__MODEL"],
                api_key=SecretStr(variables["LLM__API_KEY"]),
                timeout_s=PATIENCE_S,
            )
            yield Patient(OpenAiLanguageModel(settings))
        else:
            truth = {case.text: _SUBJECT[frozenset(case.paths)] for case in cases if case.audio and case.faces}
            base_url = stack.enter_context(_answering(lambda text: _scripted(name, truth.get(text, "both"))))
            yield OpenAiLanguageModel(LlmSettings(base_url=base_url, model="scripted"))


def _scripted(name: str, subject: str) -> str:
    return json.dumps(
        {"asks": "examine", "subject": subject if name == "right" else _ANOTHER[subject], "effort": "usual"}
    )


@contextmanager
def _answering(answer: Callable[[str], str]) -> Iterator[str]:
    """A chat endpoint on the loopback that answers by the text between the marks."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = asked["messages"][-1]["content"].partition("<untrusted>")[2].rpartition("</untrusted>")[0]
            message = {"role": "assistant", "content": answer(text)}
            reply = {
                "id": "scripted",
                "object": "chat.completion",
                "created": 1,
                "model": "scripted",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
            }
            body = json.dumps(reply).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()


def report(name: str, tally: Tally, *, misses: bool) -> None:
    groups = defaultdict(list)
    for group in tally.of:
        groups[group.partition(" ")[0]].append(group)
    for listed in groups.values():
        for group in listed:
            right, of = tally.right[group], tally.of[group]
            low, high = interval(right, of)
            share = f"{100 * right / of:5.1f} %  [{100 * low:.1f}, {100 * high:.1f}]"
            print(f"{name:10} {group:18} {right:4} / {of:4}  {share}")
    if tally.calls:
        seconds = sorted(call.seconds for call in tally.calls)
        outcomes = dict(Counter(call.outcome for call in tally.calls))
        print(f"{name:10} asked {len(seconds)} times, median {seconds[len(seconds) // 2]:.2f} s, {outcomes}")
    for case, result in tally.missed if misses else ():
        if not case.held_back:
            print(f"  missed ({'stretch' if result.paths else 'paths'}) {case.language}: {case.text!r}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.language.evaluate", description=__doc__)
    parser.add_argument("--backend", action="append", choices=BACKENDS, help="may be repeated; default: rules")
    parser.add_argument("--misses", action="store_true", help="list what was missed of the development part")
    parser.add_argument("--sample", type=int, metavar="N", help="only N of the texts, chosen by hash")
    parser.add_argument("--alone", action="store_true", help="ask the model about every text, not where rules are open")
    arguments = parser.parse_args()
    cases = sampled(labelled(), arguments.sample)
    for name in arguments.backend or ["rules"]:
        with backend(name, cases) as llm:
            found = alone(cases, llm) if arguments.alone and llm is not None else evaluate(cases, llm)
            report(name, found, misses=arguments.misses)


if __name__ == "__main__":
    main()
