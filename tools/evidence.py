"""Tools that read what an analysis has established. Figures leave rounded by the one rule."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from langchain_core.tools import BaseTool, tool

from core.figures import clock, clock_range, percent, points, rounded, seconds
from core.ports import CaseFile
from core.types import (
    AudioEvidence,
    AudioExplanation,
    Finding,
    FusionExplanation,
    Scored,
    VisualEvidence,
    VisualExplanation,
)


def evidence_tools(case: CaseFile) -> Mapping[str, BaseTool]:
    """The read-only tools, by name. Every item they return carries the evidence id that an answer has to cite."""

    def visual(analysis_id: str) -> VisualEvidence | None:
        return next((each for each in case.evidence(analysis_id) if isinstance(each, VisualEvidence)), None)

    def audio(analysis_id: str) -> AudioEvidence | None:
        return next((each for each in case.evidence(analysis_id) if isinstance(each, AudioEvidence)), None)

    @tool
    def read_verdict(analysis_id: str) -> dict[str, object]:
        """The verdict on the whole file: outcome, score in per cent, thresholds, weight of faces and voice."""
        verdict = case.analysis(analysis_id).verdict
        if verdict is None:
            return {"id": "verdict", "known": False}
        return {
            "id": "verdict",
            "known": True,
            "outcome": str(verdict.outcome),
            "score_pct": None if verdict.p_fake is None else percent(verdict.p_fake),
            "fake_from_pct": percent(verdict.thresholds.fake),
            "real_up_to_pct": percent(verdict.thresholds.real),
            "weights_pct": {str(part.modality): percent(part.weight) for part in verdict.contributions},
            "reasons": [reason.message for reason in verdict.reasons],
        }

    @tool
    def read_media(analysis_id: str) -> dict[str, object]:
        """What the file is: kind, length, whether it has picture and sound, size of the picture."""
        info = case.prepared(analysis_id).info
        return {
            "id": "media",
            "kind": str(info.kind),
            "duration_s": seconds(info.duration_s),
            "has_video": info.has_video,
            "has_audio": info.has_audio,
            "width_px": info.width_px,
            "height_px": info.height_px,
            "ends_early": info.truncated,
        }

    @tool
    def read_plan(analysis_id: str) -> dict[str, object]:
        """What was examined, why, and what was left out."""
        plan = case.plan(analysis_id)
        if plan is None:
            return {"id": "plan", "known": False}
        return {
            "id": "plan",
            "known": True,
            "paths": [str(path) for path in plan.paths],
            "range": None if plan.range_s is None else clock_range(plan.range_s.start_s, plan.range_s.end_s),
            "frame_budget": plan.frame_budget,
            "why": plan.why,
            "left_out": [reason.message for reason in plan.masked],
        }

    @tool
    def read_faces(analysis_id: str) -> dict[str, object]:
        """The faces as a whole: score, coverage, every face followed, and the stretches that look manipulated."""
        evidence = visual(analysis_id)
        if evidence is None:
            return {"id": "visual", "examined": False}
        return {
            "id": "visual",
            "examined": True,
            **_finding(evidence.finding),
            "frames_with_face": evidence.coverage.frames_with_face,
            "frames_sampled": evidence.coverage.frames_sampled,
            "fake_frames_pct": None if evidence.fake_frames_pct is None else rounded(evidence.fake_frames_pct),
            "tracks": [
                {
                    "id": f"visual.track.{track.id}",
                    "seen": clock_range(track.start_s, track.end_s),
                    "score_pct": percent(track.p_fake),
                }
                for track in evidence.tracks
            ],
            "segments": [
                {
                    "id": f"visual.segment.{segment.id}",
                    "face": segment.track_id,
                    "range": clock_range(segment.start_s, segment.end_s),
                    "score_pct": percent(segment.p_fake),
                }
                for segment in evidence.segments
            ],
        }

    @tool
    def read_voice(analysis_id: str) -> dict[str, object]:
        """The voice as a whole: score, seconds of speech, and the stretches that sound synthetic."""
        evidence = audio(analysis_id)
        if evidence is None:
            return {"id": "audio", "examined": False}
        return {
            "id": "audio",
            "examined": True,
            **_finding(evidence.finding),
            "speech_s": seconds(evidence.coverage.speech_s),
            "total_s": seconds(evidence.coverage.total_s),
            "windows": len(evidence.windows),
            "segments": [
                {
                    "id": f"audio.segment.{segment.id}",
                    "range": clock_range(segment.start_s, segment.end_s),
                    "score_pct": percent(segment.p_fake),
                }
                for segment in evidence.segments
            ],
        }

    @tool
    def read_moment(analysis_id: str, time_s: float) -> dict[str, object]:
        """What was seen and heard nearest to one moment, given in seconds from the start."""
        seen, heard = visual(analysis_id), audio(analysis_id)
        faces: list[dict[str, object]] = []
        for track in seen.tracks if seen else ():
            nearest = min(track.frames, key=lambda frame: abs(frame.time_s - time_s))
            faces.append(
                {
                    "id": f"visual.track.{track.id}",
                    "nearest_frame": clock(nearest.time_s),
                    "away_s": seconds(abs(nearest.time_s - time_s)),
                    "score_pct": percent(nearest.p_fake),
                }
            )
        voice = [
            {
                "id": f"audio.window.{number}",
                "range": clock_range(window.start_s, window.end_s),
                "score_pct": percent(window.p_fake),
            }
            for number, window in enumerate(heard.windows if heard else (), start=1)
            if window.start_s <= time_s < window.end_s
        ]
        return {"at": clock(time_s), "faces": faces, "voice": voice}

    @tool
    def read_explanations(analysis_id: str) -> dict[str, object]:
        """The maps of the evidence: facial regions, seconds and pitches of the voice, and whether to rely on them."""
        return {"maps": [_map(each) for each in case.explanations(analysis_id)]}

    made = (read_verdict, read_media, read_plan, read_faces, read_voice, read_moment, read_explanations)
    return MappingProxyType({each.name: each for each in made})


def _finding(finding: Finding) -> dict[str, object]:
    if isinstance(finding, Scored):
        return {"outcome": str(finding.outcome), "score_pct": percent(finding.p_fake)}
    return {"outcome": "not scored", "reason": finding.reason.message}


def _map(explanation: VisualExplanation | AudioExplanation | FusionExplanation) -> dict[str, object]:
    if isinstance(explanation, VisualExplanation):
        return {
            "id": explanation.id,
            "artefact_id": explanation.artefact_id,
            "face": explanation.track_id,
            "at": clock(explanation.time_s),
            "regions_pct": {str(each.region): percent(each.share) for each in explanation.regions},
            "reliable": explanation.faithfulness.reliable,
        }
    if isinstance(explanation, AudioExplanation):
        return {
            "id": explanation.id,
            "artefact_id": explanation.artefact_id,
            "strongest_s": [seconds(explanation.peak_start_s), seconds(explanation.peak_end_s)],
            "bands_pct": {f"{band.low_hz:g}-{band.high_hz:g} Hz": percent(band.share) for band in explanation.bands},
            "reliable": explanation.faithfulness.reliable,
        }
    return {
        "id": explanation.id,
        "artefact_id": explanation.artefact_id,
        "moved_pct": {factor.name: points(factor.shapley) for factor in explanation.factors},
    }
