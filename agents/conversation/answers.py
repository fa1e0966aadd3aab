"""What the evidence of one analysis says to a question, as facts: each one sentence with the ids it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from agents.conversation import analysis_details
from agents.conversation.cases import Case, ErrorRates
from agents.conversation.inquiry import PART, STREAM, Inquiry, describe_status, explain_absence, select_facts
from agents.conversation.phrasing import word_answer
from agents.conversation.points_in_time import describe_time
from agents.conversation.question import Question
from agents.conversation.topics import Topic
from agents.report import (
    MOST_STRETCHES,
    CaseEvidence,
    Fact,
    Moment,
    Noun,
    Percent,
    collect_facts,
    describe_measurement,
