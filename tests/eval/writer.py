"""How many of a model's sentences the checker lets through, and why it refuses the others.

    LLM__BASE_URL=… LLM__MODEL=… LLM__API_KEY=… python -m tests.eval.writer [--films 3]

Runs the crew over the facts of invented analyses, one report after the other.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from agents.report.case_evidence import read_case_evidence
from agents.report.checker import check_draft, count_refusals
from agents.report.crew import CrewWriter
from agents.report.facts import collect_facts
from cli.plan import _Environment
from core.types import Provenance
from tests.eval.conversation.cases import case_file, films


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=3)
    options = parser.parse_args()
    writer, file = CrewWriter(_Environment().llm), case_file()
    count: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for film in list(films())[: options.films]:
        analysis = file.analysis(film.id)
        assert analysis.plan is not None
        assert analysis.verdict is not None
        case_evidence = read_case_evidence(file, film.id, analysis.plan, analysis.verdict)
        started = time.monotonic()
        draft = writer.write(collect_facts(case_evidence))
        made = check_draft(draft)
        for wording, ruling in zip(draft.wordings, made, strict=True):
            offered = wording.provenance is Provenance.LLM
            repeated = offered and " ".join(wording.text.split()) == wording.fact.text
            count["facts"] += 1
            count["offered"] += offered
            count["repeated as they were"] += repeated
            count["reworded and accepted"] += ruling.sentence.provenance is Provenance.LLM
            count["refused"] += ruling.refusal is not None
            if ruling.refusal is not None:
                print(f"  {ruling.refusal}: {wording.text}", flush=True)
        refused.update({str(reason): each for reason, each in count_refusals(made).items()})
        calls = [f"{call.purpose} {call.outcome} {call.seconds:.0f} s" for call in draft.calls]
        print(f"{film.id}: {time.monotonic() - started:.0f} s, {', '.join(calls)}", flush=True)
    print(", ".join(f"{name}: {each}" for name, each in count.items()))
    print("refused for", ", ".join(f"{name} {each}" for name, each in refused.most_common()) or "nothing")
    return 0


if __name__ == "__main__":
    sys.exit(main())
