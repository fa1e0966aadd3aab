"""Turns what an analysis established into checked sentences and a report. These names are all that other rooms use.

`CrewWriter`, which needs more at import, is in `agents.report.crew`.
"""

from agents.report.assembly import assemble_report, compose_headline
from agents.report.case_evidence import CaseEvidence, read_case_evidence
from agents.report.checker import Refusal, Ruling, check_draft, count_refusals, find_refusal
from agents.report.facts import (
    LITTLE_SPEECH_S,
    MOST_STRETCHES,
    Fact,
    collect_facts,
    "describe_measurement",
