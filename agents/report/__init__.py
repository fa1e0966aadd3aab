"""Turns what an analysis established into checked sentences and a report. These names are all that other rooms use.

`CrewWriter`, which needs more at import, is in `agents.report.crew`.
"""

from agents.report.assembly import assemble_report, compose_headline
from agents.report.case_evidence import CaseEvidence, read_case_evidence
from agents.report.checker import check_draft, count_refusals, find_refusal
from agents.report.facts import (
    LITTLE_SPEECH_S,
    Fact,
    collect_facts,
    describe_face,
    describe_map,
    describe_measurement,
    make_fact,
    span_of,
    translate_facts,
)
from agents.report.writer import Draft, TemplateWriter, Wording, Writer

__all__ = [
    "LITTLE_SPEECH_S",
    "CaseEvidence",
    "Draft",
    "Fact",
    "TemplateWriter",
    "Wording",
    "Writer",
    "assemble_report",
    "check_draft",
    "collect_facts",
    "compose_headline",
    "count_refusals",
    "describe_face",
    "describe_map",
    "describe_measurement",
    "find_refusal",
    "make_fact",
    "read_case_evidence",
    "span_of",
    "translate_facts",
]
