"""Turns what an analysis established into checked sentences and a report. These names are all that other rooms use.

`CrewWriter`, which needs more at import, is in `agents.report.crew`.
"""

from agents.report.case_evidence import CaseEvidence, read_case_evidence
from agents.report.checker import check_draft, count_refusals, find_refusal
from agents.report.facts import (
    Fact,
    collect_facts,
    describe_face,
    describe_map,
    describe_measurement,
    make_fact,
    rests_on_little,
    span_of,
    translate_facts,
)
from agents.report.headline import compose_headline
from agents.report.writer import Draft, TemplateWriter, Wording, Writer

__all__ = [
    "CaseEvidence", "Draft", "Fact", "TemplateWriter", "Wording", "Writer", "check_draft", "collect_facts",
    "compose_headline", "count_refusals", "describe_face", "describe_map", "describe_measurement", "find_refusal",
    "make_fact", "read_case_evidence", "rests_on_little", "span_of", "translate_facts",
]  # fmt: skip
