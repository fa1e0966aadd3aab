"""What a question can be about. Rules, models and tools all choose from this list and from no other."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Topic(StrEnum):
    VERDICT = "verdict"
    CERTAINTY = "certainty"
    WHY = "why"
    STRETCHES = "stretches"
    FACES = "faces"
    REGION = "region"
    VOICE = "voice"
    MOMENT = "moment"
    UNEXAMINED = "unexamined"
    RELIABILITY = "reliability"
    THRESHOLDS = "thresholds"
    WEIGHTS = "weights"
    MODELS = "models"
    PLAN = "plan"
    MEDIA = "media"
    COVERAGE = "coverage"
    SUMMARY = "summary"
    COMPARE = "compare"
    FILES = "files"
    ORIGIN = "origin"
    TERM = "term"
    CAPABILITIES = "capabilities"
    METHOD = "method"
    FORMATS = "formats"
    GREETING = "greeting"
    THANKS = "thanks"
    AGAIN = "again"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"
    AUTHOR = "author"
    PERSON = "person"
    INTENT = "intent"
    PLACE = "place"
    WORDS = "words"
    ADVICE = "advice"
    BLIND = "blind"
    RULES = "rules"
    UNCLEAR = "unclear"


DECLINED: Final = frozenset(
    {
        Topic.AUTHOR,
        Topic.PERSON,
        Topic.INTENT,
        Topic.PLACE,
        Topic.WORDS,
        Topic.ADVICE,
        Topic.BLIND,
        Topic.RULES,
        Topic.UNCLEAR,
    }
)
"""What the evidence cannot answer; said plainly."""
OF_A_CASE: Final = frozenset(
    {
        Topic.VERDICT,
        Topic.CERTAINTY,
        Topic.WHY,
        Topic.STRETCHES,
        Topic.FACES,
        Topic.REGION,
        Topic.VOICE,
        Topic.MOMENT,
        Topic.UNEXAMINED,
        Topic.RELIABILITY,
        Topic.THRESHOLDS,
        Topic.WEIGHTS,
        Topic.MODELS,
        Topic.PLAN,
        Topic.MEDIA,
        Topic.COVERAGE,
        Topic.SUMMARY,
        Topic.FILES,
        Topic.ORIGIN,
    }
)
"""What is answered from the evidence of one analysis."""
