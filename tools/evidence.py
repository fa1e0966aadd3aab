"""Tools that read what the analyses of a conversation have established. They change nothing and know no ids.

An analysis is named by its place in the conversation, so that no model can ask for one that is not in it. Every tool
answers with facts: a number to cite, and the sentence that may be said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, Protocol

from langchain.tools import BaseTool, tool

Part = Literal["faces", "voice", "both"]
Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class Detail:
    """What narrows a topic. Times are seconds from the start; a start alone is a moment. `face` 0: all of them."""

    part: Part = "both"
    face: int = 0
    region: str = ""
    term: str = ""
    start_s: float | None = None
    end_s: float | None = None


ALL_OF_IT: Final = Detail()


class Testimony(Protocol):
    """Facts of the conversation's analyses on a topic, numbered for citing. `file` is a place, 0 for all."""

    def told(self, topic: str, detail: Detail = ALL_OF_IT, file: int = 0) -> Facts: ...

    def offered(self, detail: Detail, file: int) -> Facts:
        """An offer of a new analysis, which the user has to accept; nothing is started."""


def evidence_tools(testimony: Testimony) -> Mapping[str, BaseTool]:
    """The read-only tools, by name, and the one that offers a new analysis."""

    @tool
    def read_verdict(file: int = 0) -> Facts:
        """Is it fake, real or inconclusive, with the score, where it was found, and what faces and voice come to."""
        return testimony.told("verdict", file=file)

    @tool
    def read_certainty(file: int = 0) -> Facts:
        """How sure the result is: score, confidence, weights, the weakest assumption."""
        return testimony.told("certainty", file=file)

    @tool
    def read_reasons(file: int = 0) -> Facts:
        """Why the verdict is what it is: all evidence for and against it."""
        return testimony.told("why", file=file)

    @tool
    def read_stretches(part: Part = "both", file: int = 0) -> Facts:
        """When in the recording faces score as manipulated or the voice as synthetic."""
        return testimony.told("stretches", Detail(part=part), file)

    @tool
    def read_face(face: int = 0, file: int = 0) -> Facts:
        """One face by its number, or with 0 how many there are and what each scores."""
        return testimony.told("faces", Detail(face=face), file)

    @tool
    def read_heatmap(region: str = "", face: int = 0, file: int = 0) -> Facts:
        """Where in a face the evidence lies; region is one of eyes, nose, mouth, cheeks, jaw, forehead, boundary."""
        return testimony.told("region", Detail(region=region, face=face), file)

    @tool
    def read_voice(file: int = 0) -> Facts:
        """The voice: score, seconds of speech, stretches that score as synthetic, and at which pitch."""
        return testimony.told("voice", Detail(part="voice"), file)

    @tool
    def read_moment(start_s: float, end_s: float | None = None, part: Part = "both", file: int = 0) -> Facts:
        """Scores and maps of faces and voice at a moment, or with end_s within a stretch; 0:14 is 14 seconds."""
        return testimony.told("moment", Detail(part=part, start_s=start_s, end_s=end_s), file)

    @tool
    def read_unexamined(file: int = 0) -> Facts:
        """What was not examined, and why."""
        return testimony.told("unexamined", file=file)

    @tool
    def read_reliability(file: int = 0) -> Facts:
        """How reliable the result is: error rates, measured figures, the weakest assumption, which maps to rely on."""
        return testimony.told("reliability", file=file)

    @tool
    def read_thresholds(file: int = 0) -> Facts:
        """From which score on something counts as fake, and up to which as unremarkable."""
        return testimony.told("thresholds", file=file)

    @tool
    def read_models(file: int = 0) -> Facts:
        """Detectors, versions, digests, how long it took, and how much a language model wrote."""
        return testimony.told("models", file=file)

    @tool
    def read_plan(file: int = 0) -> Facts:
        """What was examined, and why."""
        return testimony.told("plan", file=file)

    @tool
    def read_media(file: int = 0) -> Facts:
        """The file itself: length, size, picture, sound."""
        return testimony.told("media", file=file)

    @tool
    def read_origin(file: int = 0) -> Facts:
        """What the file says about where it comes from: metadata and content credentials."""
        return testimony.told("origin", file=file)

    @tool
    def compare_files() -> Facts:
        """The verdicts of the conversation's files side by side."""
        return testimony.told("compare")

    @tool
    def explain_term(term: str) -> Facts:
        """What a word of the report means, such as heatmap, score, threshold, SHAP."""
        return testimony.told("term", Detail(term=term))

    @tool
    def say_what_can_be_checked() -> Facts:
        """What this service can and cannot do."""
        return testimony.told("capabilities")

    @tool
    def offer_analysis(
        part: Part = "both", start_s: float | None = None, end_s: float | None = None, file: int = 0
    ) -> Facts:
        """Offer to analyse a file anew, or only from start_s to end_s (seconds). Starts nothing: the user is asked."""
        return testimony.offered(Detail(part=part, start_s=start_s, end_s=end_s), file)

    @tool
    def decline(
        kind: Literal["author", "person", "intent", "place", "words", "advice", "blind", "unclear"],
    ) -> Facts:
        """Say that the evidence does not hold what was asked: who made it, who is seen, motives, place and date,
        what is said, what to do, cuts and lip movement, or anything else."""
        return testimony.told(kind)

    made = (
        read_verdict,
        read_certainty,
        read_reasons,
        read_stretches,
        read_face,
        read_heatmap,
        read_voice,
        read_moment,
        read_unexamined,
        read_reliability,
        read_thresholds,
        read_models,
        read_plan,
        read_media,
        read_origin,
        compare_files,
        explain_term,
        say_what_can_be_checked,
        offer_analysis,
        decline,
    )
    return MappingProxyType({each.name: each for each in made})
