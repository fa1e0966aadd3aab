"""The closed vocabulary of a reworded fact: words by what they mean, and the words whose use says why it is refused.

A wording may use neutral words, words of the concepts that its fact holds, and words of the fact itself. Everything
else is new content, however harmless it looks.
"""

from __future__ import annotations

from typing import Final


def listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


NEUTRAL: Final = listed(
    """a an the this that these those it its they their them is are was were be been being has have had does do did and
    as at by for from in into of on onto over to with within where which here there during across
    among"""
)
ARTICLES: Final = listed("a an the its their")
DANGLING: Final = NEUTRAL - {"it", "here", "there", "them", "do", "did", "does", "is", "are", "was", "were"}
"""A sentence does not end on one of these."""
AUXILIARIES: Final = listed("is are was were has have had does do did be")
PREPOSITIONS: Final = listed("as at by for from in into of on onto over to with within during across among")
NEVER_GOVERNED: Final = PREPOSITIONS | AUXILIARIES | listed("and , : ; ) %")
"""What does not follow a preposition."""

MANIPULATED: Final = "manipulated"
SYNTHETIC: Final = "synthetic"
INCONCLUSIVE: Final = "inconclusive"
EVIDENCE: Final = "evidence"
NEGATION: Final = "negation"
SCORE: Final = "score"
FLAG: Final = "flag"
FINDING: Final = "finding"
LEVEL: Final = "level"
SHARE: Final = "share"
HOLDING: Final = "holding"
ALONE: Final = "alone"
ONLY: Final = "only"
ABOVE: Final = "above"
BELOW: Final = "below"
THRESHOLD: Final = "threshold"
UNREMARKABLE: Final = "unremarkable"
OUTSIDE: Final = "outside"
BETWEEN: Final = "between"
SAMPLED: Final = "sampled"
FRAME: Final = "frame"
FACE: Final = "face"
VOICE: Final = "voice"
STRETCH: Final = "stretch"
BECAUSE: Final = "because"
FREQUENCY: Final = "frequency"
JOINER: Final = "joiner"
OWN: Final = "own"
STABLE: Final = "stable"
MOVING: Final = "moving"

_CONCEPTS: Final = {
    MANIPULATED: "manipulated fake altered tampered doctored manipulation tampering alteration",
    SYNTHETIC: "synthetic synthesised synthesized artificial computer-generated",
    INCONCLUSIVE: "inconclusive undecided unclear",
    EVIDENCE: "evidence sign signs trace traces indication indications hint hints",
    NEGATION: "no not never without neither nor none nothing cannot lack lacks lacking lacked",
    SCORE: """score scores scored scoring rate rates rated rating class classes classed classify classifies classified
        count counts counted grade grades graded assess assesses assessed
        judged considered regarded treated""",
    FLAG: "flag flags flagged mark marks marked",
    FINDING: """find finds found detect detected see seen show shows showed shown showing reveal reveals revealed
        display displays displayed observed visible identified""",
    LEVEL: """reach reaches reached reaching get gets got receive receives received obtain obtains obtained stand stands
        value figure reading level result results""",
    SHARE: "share portion",
    HOLDING: """carry carries carrying carried hold holds holding account accounts take takes taking make makes
        contribute contributes contributing come comes draw draws drawn supply supplies provide provides""",
    ALONE: "alone solely",
    ONLY: "only just merely",
    ABOVE: "above upwards",
    BELOW: "below downwards",
    THRESHOLD: "threshold cut-off cutoff",
    UNREMARKABLE: "unremarkable inconspicuous",
    OUTSIDE: "outside",
    BETWEEN: "between",
    JOINER: "until till through",
    SAMPLED: "sampled sample samples sampling",
    FRAME: "frame frames",
    FACE: "face faces facial",
    VOICE: "voice",
    "speech": "speech",
    "picture": "picture pictures visuals",
    "sound": "sound audio",
    "video": "video clip footage",
    "image": "image photo photograph",
    "recording": "recording",
    STRETCH: "stretch stretches segment segments passage passages section sections",
    "table": "table",
    "listing": "list lists listed",
    "further": "further additional more other another",
    "map": "map heatmap",
    "mostly": "mostly mainly chiefly primarily largely predominantly",
    "lying": """lie lies lying rest rests resting sit sits fall falls focus focuses focused concentrate concentrates
        concentrated based depend depends rely relies""",
    "relied": "relied trusted used",
    "mass": "mass",
    "weight": "weight weighting",
    "strongest": "strongest",
    "weakest": "weakest",
    "assumption": "assumption",
    "point": "point",
    "thin": "thin sparse scant slim",
    "close": "close near",
    "band": "band",
    FREQUENCY: "frequency frequencies",
    "examined": "examined analysed analyzed inspected",
    "verdict": "verdict",
    "instruction": "instruction",
    "asked": "ask asks asked requested request",
    "early": "early prematurely",
    "ending": "end ends ended",
    "missing": "missing absent",
    "failed": "fail fails failed",
    OWN: "own",
    BECAUSE: "because since",
    "whole": "whole entire",
    "eyes": "eyes eye",
    "nose": "nose",
    "mouth": "mouth",
    "cheeks": "cheeks cheek",
    "jaw line": "jawline jaw",
    "forehead": "forehead",
    "face boundary": "faceboundary",
    STABLE: "stable steady",
    MOVING: "move moves moved moving shift shifts shifted change changes changed vary varies varied",
    "recompressed": "recompressed",
    "downscaled": "downscaled",
    "mirrored": "mirrored flipped",
    "silence": "silence silences",
    "file": "file",
    "side": "side",
    "crossing": "cross crosses crossed crossing",
}
CONCEPT_OF: Final = {word: concept for concept, words in _CONCEPTS.items() for word in words.split()}

REGIONS: Final = frozenset({"eyes", "nose", "mouth", "cheeks", "jaw line", "forehead", "face boundary"})
MODALITIES: Final = frozenset({FACE, VOICE, "speech", "picture", "sound", "video", "image", "recording"})
OUTCOMES: Final = frozenset({MANIPULATED, SYNTHETIC, INCONCLUSIVE, UNREMARKABLE})
SCORED_AS: Final = listed(f"{_CONCEPTS[SCORE]} {_CONCEPTS[FLAG]}") - {"scoring", "rating"}
NEED_AS: Final = listed(
    """count counts counted class classes classed classify classifies classified flag flags flagged
    regarded treated"""
)
"""Verbs that say nothing without `as`."""

ADDABLE: Final = frozenset({LEVEL, FINDING, SHARE})
"""Concepts that add nothing to what is claimed."""
REPEATABLE: Final = ADDABLE | {SCORE}
"""Concepts that a wording may use once more than its fact."""
DROPPABLE: Final = frozenset({LEVEL, FINDING, FLAG, SHARE, HOLDING, SCORE, BECAUSE, OWN, UNREMARKABLE, ONLY, JOINER})
"""Concepts without which a claim is still the same claim; what depends on them is checked by itself."""

PHRASES: Final = (
    (
        r"\b(?:(?:taken|considered|viewed|seen|looked at|judged) )?(?:by (?:itself|themselves)|on (?:its|their) own)",
        "alone",
    ),
    (r"\b(?:taken|considered|viewed|seen) (?:alone|separately)|\bin isolation\b", "alone"),
    (r"\bout of\b", "of"),
    (r"\bpercentage points?\b", "pp"),
    (r"\bunstable\b|\bunsteady\b", "not stable"),
    (r"\bper ?cent\b", "%"),
    (r"\b(?:did|does) not pass\b|\bdidn't pass\b", "failed"),
    (r"\b(?:or|and) (?:above|more|higher|over|up|upwards?)\b", "and above"),
    (r"\b(?:or|and) (?:below|less|lower|under|downwards?)\b", "and below"),
    (r"\bcut-?off(?: point)?\b", "threshold"),
    (r"\brelied (?:up)?on\b", "relied"),
    (r"\b(?:as a whole|in full|in its entirety)\b", "whole"),
    (r"\b(?:came|comes|come|coming) out\b", "score"),
    (r"\bjaw[ -]line\b", "jawline"),
    (r"\b(?:face|facial) boundary\b|\bboundary of the face\b", "faceboundary"),
    (r"\bheat map\b", "heatmap"),
    (r"\blook(?:ed)? at\b", "examined"),
    (r"\bnot conclusive\b", "inconclusive"),
    (r"\b(\w+)n't\b", r"\1 not"),
    (r"\b(?:it|that)'s\b", "it is"),
    (r"(\w)'s\b", r"\1"),
)
"""Wordings of several words, brought to one before anything is read; in this order."""

VAGUE_QUANTITIES: Final = listed(
    """half halves third thirds quarter quarters fifth fifths tenth tenths dozen dozens twice double triple thrice once
    first fourth sixth seventh eighth ninth few several many most majority minority couple pair hundreds thousands
    million billion all every both some any zero"""
)
HEDGES: Final = listed(
    """may might could would should can possibly possible perhaps maybe probably probable likely unlikely allegedly
    supposedly apparently seemingly seems seem appear appears suggests suggest hardly barely rarely scarcely almost
    nearly about roughly around approximately least less fewer under up doubt doubtful doubtless doubts questionable
    however but although though unless if except despite otherwise"""
)
CERTAINTIES: Final = listed(
    """definitely certainly certain clearly undoubtedly undeniably surely sure proves prove proven proof confirmed
    confirms confirm conclusive conclusively beyond absolutely completely totally fully strongly very highly
    extremely must always obvious obviously undisputed"""
)
ACCUSATIONS: Final = listed(
    """lied liar deceive deceives deceived deceiving deceit deception deceptive intent intended intention intentional
    intentionally deliberate deliberately malicious maliciously criminal crime fraud fraudulent fraudster forger
    forged hoax culprit guilty guilt blame perpetrator attacker attackers scam scammer propaganda politician
    president actor actress celebrity speaker person man woman author creator uploader owner he she him her his who
    whose impersonator impersonates impersonating victim stole stolen mislead misleading"""
)
INSTRUCTIONS: Final = listed(
    """ignore ignored disregard please click visit forward subscribe contact call download follow you your yours we our
    us i me my reader readers trust believe remember note delete remove publish post report output reply answer
    respond prompt system assistant"""
)
CONTRARY: Final = listed(
    """real authentic authenticity genuine genuinely original untouched unaltered unmanipulated unedited undoctored
    trustworthy true truthful legitimate clean natural human bona fide false wrong incorrect deepfake deepfaked
    faked forgery edited reliable safe innocent"""
)
