"""Invented evidence of every kind that people ask about, with figures that cannot be mistaken for each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from agents.conversation.cases import DetectorErrorRates
from core.types import (
    AnalysisStatus,
    AudioCoverage,
    AudioEvidence,
    AudioExplanation,
    AudioSegment,
    AudioWindow,
    BandShare,
    Box,
    Contribution,
    DetectorRef,
    Evidence,
    Explanation,
    FaceTrack,
    FacialRegion,
    Faithfulness,
    FrameScore,
    MediaInfo,
    Modality,
    Outcome,
    Plan,
    PreparedMedia,
    Reason,
    ReasonCode,
    RegionShare,
    Report,
    Scored,
    Stage,
    Thresholds,
    Unscored,
    Verdict,
    VisualCoverage,
    VisualEvidence,
    VisualExplanation,
    VisualSegment,
)
from tests.fixtures.ports import MemoryCaseFile, analysis
from tests.fixtures.reports import media, report_of

LIMITS = Thresholds(version="limits-7", real=0.213, fake=0.706)
ERROR_RATES = {modality: DetectorErrorRates("limits-7", 0.01, 0.05, "left-out recordings") for modality in Modality}
BETWEEN = Reason(
    code=ReasonCode.SCORE_BETWEEN_THRESHOLDS,
    message="The score lies between what is called real and what is called fake.",
)
RELIABLE = Faithfulness(deletion_drop=1.3, random_drop=0.1, reliable=True)


def classify_score(score: float) -> Outcome:
    return Outcome.FAKE if score >= LIMITS.fake else Outcome.REAL if score <= LIMITS.real else Outcome.INCONCLUSIVE


def scored(score: float) -> Scored:
    return Scored(p_fake=score, calibration_version="limits-7", uncalibrated=0.0, outcome=classify_score(score))


def track(number: int, start_s: float, end_s: float, score: float, frames: dict[float, float]) -> FaceTrack:
    """A face whose frames score as they are given, by second."""
    box = Box(x_px=100.0 + 400 * (number - 1), y_px=80, width_px=200, height_px=240)
    shown = tuple(
        FrameScore(frame_index=int(10 * time_s), time_s=time_s, box=box, p_fake=each, quality=0.8)
        for time_s, each in frames.items()
    )
    return FaceTrack(id=number, start_s=start_s, end_s=end_s, p_fake=score, frames=shown)


def seen(
    score: float,
    tracks: tuple[FaceTrack, ...],
    *,
    segments: tuple[tuple[int, float, float, float], ...] = (),
    sampled: int,
    with_face: int,
    fake_frames: float,
) -> VisualEvidence:
    return VisualEvidence(
        detector=DetectorRef(name="visual.face", version="face-3"),
        finding=scored(score),
        coverage=VisualCoverage(frames_sampled=sampled, frames_with_face=with_face, faces_scored=with_face),
        tracks=tracks,
        segments=tuple(
            VisualSegment(id=number, track_id=face, start_s=start_s, end_s=end_s, p_fake=each)
            for number, (face, start_s, end_s, each) in enumerate(segments, start=1)
        ),
        fake_frames_pct=fake_frames,
        quality=0.8,
        thresholds=LIMITS,
    )


def heard(
    score: float,
    windows: dict[float, float],
    *,
    segments: tuple[tuple[float, float, float], ...] = (),
    total_s: float,
    speech_s: float,
) -> AudioEvidence:
    return AudioEvidence(
        detector=DetectorRef(name="audio.voice", version="voice-4"),
        finding=scored(score),
        coverage=AudioCoverage(total_s=total_s, speech_s=speech_s),
        windows=tuple(
            AudioWindow(start_s=start_s, end_s=start_s + 3, p_fake=each, speech_s=2.5)
            for start_s, each in windows.items()
        ),
        segments=tuple(
            AudioSegment(id=number, start_s=start_s, end_s=end_s, p_fake=each)
            for number, (start_s, end_s, each) in enumerate(segments, start=1)
        ),
        thresholds=LIMITS,
    )


def map_of(
    number: int, face: int, time_s: float, score: float, regions: dict[FacialRegion, float]
) -> VisualExplanation:
    return VisualExplanation(
        id=f"heatmap.{number}",
        artefact_id=f"heatmap-{number}",
        track_id=face,
        frame_index=int(10 * time_s),
        time_s=time_s,
        p_fake=score,
        method="Grad-CAM",
        regions=tuple(RegionShare(region=region, share=share) for region, share in regions.items()),
        faithfulness=RELIABLE,
    )


def sound_map(start_s: float, score: float, low_hz: float, high_hz: float, share: float) -> AudioExplanation:
    return AudioExplanation(
        id="spectrogram.1",
        artefact_id="spectrogram-1",
        start_s=start_s,
        end_s=start_s + 3,
        p_fake=score,
        method="SHAP",
        peak_start_s=start_s + 1,
        peak_end_s=start_s + 1.5,
        bands=(BandShare(low_hz=low_hz, high_hz=high_hz, share=share),),
        additivity_error=1e-7,
        faithfulness=RELIABLE,
    )


@dataclass(frozen=True)
class Film:
    """One finished analysis."""

    id: str
    evidence: tuple[Evidence, ...]
    outcome: Outcome
    score: float | None
    weights: dict[Modality, float]
    info: MediaInfo
    explanations: tuple[Explanation, ...] = ()
    reasons: tuple[Reason, ...] = ()
    masked: tuple[Reason, ...] = ()
    paths: tuple[Modality, ...] = (Modality.VISUAL, Modality.AUDIO)
    file_name: str = field(default="clip.mp4")


def films() -> Iterator[Film]:
    one = track(1, 0.0, 41.0, 0.874, {1.0: 0.12, 9.0: 0.31, 14.0: 0.962, 20.0: 0.941, 33.0: 0.18})
    yield Film(
        id="an_faceswap",
        evidence=(
            seen(0.874, (one,), segments=((1, 12.0, 24.0, 0.957),), sampled=36, with_face=34, fake_frames=41.2),
            heard(0.164, {3.0: 0.11, 15.0: 0.172, 30.0: 0.143}, total_s=42.5, speech_s=27.4),
        ),
        outcome=Outcome.FAKE,
        score=0.786,
        weights={Modality.VISUAL: 0.82, Modality.AUDIO: 0.18},
        info=media(42.5),
        explanations=(
            map_of(
                1, 1, 14.0, 0.962, {FacialRegion.MOUTH: 0.473, FacialRegion.BOUNDARY: 0.221, FacialRegion.EYES: 0.104}
            ),
            sound_map(15.0, 0.172, 2000, 4000, 0.38),
        ),
    )
    real_face = track(1, 0.0, 60.0, 0.093, {2.0: 0.081, 25.0: 0.112, 50.0: 0.077})
    yield Film(
        id="an_cloned",
        evidence=(
            seen(0.093, (real_face,), sampled=40, with_face=39, fake_frames=0.0),
            heard(
                0.934,
                {6.0: 0.961, 18.0: 0.948, 45.0: 0.883},
                segments=((6.0, 21.0, 0.955), (45.0, 48.0, 0.883)),
                total_s=61.0,
                speech_s=44.6,
            ),
        ),
        outcome=Outcome.FAKE,
        score=0.752,
        weights={Modality.AUDIO: 0.73, Modality.VISUAL: 0.27},
        info=media(61.0),
        explanations=(sound_map(6.0, 0.961, 4000, 6000, 0.517),),
    )
    yield Film(
        id="an_real",
        evidence=(
            seen(
                0.068,
                (track(1, 0.0, 30.0, 0.068, {1.0: 0.055, 15.0: 0.079}),),
                sampled=32,
                with_face=31,
                fake_frames=0.0,
            ),
            heard(0.142, {2.0: 0.131, 12.0: 0.153}, total_s=31.5, speech_s=19.2),
        ),
        outcome=Outcome.REAL,
        score=0.097,
        weights={Modality.VISUAL: 0.61, Modality.AUDIO: 0.39},
        info=media(31.5),
    )
    yield Film(
        id="an_unsure",
        evidence=(
            seen(
                0.522,
                (track(1, 0.0, 18.0, 0.522, {4.0: 0.561, 11.0: 0.483}),),
                sampled=24,
                with_face=17,
                fake_frames=11.8,
            ),
            heard(0.447, {1.0: 0.451}, total_s=20.0, speech_s=8.3),
        ),
        outcome=Outcome.INCONCLUSIVE,
        score=0.494,
        weights={Modality.VISUAL: 0.63, Modality.AUDIO: 0.37},
        info=media(20.0),
        reasons=(BETWEEN,),
    )
    no_face = Unscored(
        reason=Reason(code=ReasonCode.NO_FACE, message="No face was found in the 28 frames that were examined.")
    )
    yield Film(
        id="an_noface",
        evidence=(
            VisualEvidence(
                detector=DetectorRef(name="visual.face", version="face-3"),
                finding=no_face,
                coverage=VisualCoverage(frames_sampled=28, frames_with_face=0, faces_scored=0),
            ),
            heard(0.118, {5.0: 0.109, 20.0: 0.127}, total_s=35.0, speech_s=22.7),
        ),
        outcome=Outcome.REAL,
        score=0.118,
        weights={Modality.AUDIO: 1.0},
        info=media(35.0),
    )
    silent_face = track(1, 0.0, 15.0, 0.912, {3.0: 0.934, 8.0: 0.901})
    yield Film(
        id="an_silent",
        evidence=(
            seen(0.912, (silent_face,), segments=((1, 2.0, 13.0, 0.926),), sampled=20, with_face=19, fake_frames=84.2),
        ),
        outcome=Outcome.FAKE,
        score=0.912,
        weights={Modality.VISUAL: 1.0},
        info=media(15.5, has_audio=False),
        explanations=(map_of(1, 1, 3.0, 0.934, {FacialRegion.BOUNDARY: 0.528, FacialRegion.NOSE: 0.162}),),
        masked=(Reason(code=ReasonCode.NO_AUDIO_STREAM, message="The file has no sound."),),
        paths=(Modality.VISUAL,),
    )
    first = track(1, 0.0, 50.0, 0.117, {5.0: 0.104, 22.0: 0.131, 40.0: 0.098})
    second = track(2, 18.0, 39.0, 0.893, {19.0: 0.846, 22.0: 0.927, 35.0: 0.911})
    yield Film(
        id="an_two",
        evidence=(
            seen(
                0.861, (first, second), segments=((2, 18.0, 37.0, 0.908),), sampled=44, with_face=43, fake_frames=37.2
            ),
            heard(0.236, {4.0: 0.221, 21.0: 0.248}, total_s=52.0, speech_s=33.9),
        ),
        outcome=Outcome.FAKE,
        score=0.731,
        weights={Modality.VISUAL: 0.79, Modality.AUDIO: 0.21},
        info=media(52.0),
        explanations=(map_of(1, 2, 22.0, 0.927, {FacialRegion.EYES: 0.396, FacialRegion.MOUTH: 0.183}),),
    )


SCENES: dict[str, tuple[str, ...]] = {
    "faceswap": ("an_faceswap",),
    "cloned": ("an_cloned",),
    "real": ("an_real",),
    "unsure": ("an_unsure",),
    "noface": ("an_noface",),
    "silent": ("an_silent",),
    "two": ("an_two",),
    "pair": ("an_faceswap", "an_real"),
    "none": (),
}


@cache
def _documented() -> tuple[tuple[Film, Report], ...]:
    """Every film with a report of its evidence; drawing its pictures takes a while, so once."""
    made = [(film, report_of(film.outcome, film.evidence, info=film.info, reasons=film.reasons)[0]) for film in films()]
    return tuple(made)


def case_file() -> MemoryCaseFile:
    """All films, finished."""
    made = MemoryCaseFile()
    for film, report in _documented():
        own = {each.modality: each.finding for each in film.evidence}
        parts = tuple(
            Contribution(modality=modality, p_fake=finding.p_fake, weight=weight)
            for modality, weight in film.weights.items()
            if isinstance(finding := own[modality], Scored)
        )
        verdict = Verdict(
            outcome=film.outcome, p_fake=film.score, contributions=parts, thresholds=LIMITS, reasons=film.reasons
        )
        plan: Plan = report.plan.model_copy(update={"paths": film.paths, "masked": film.masked, "frame_budget": 48})
        made.analyses[film.id] = analysis(film.id).model_copy(
            update={
                "verdict": verdict,
                "plan": plan,
                "media": film.info,
                "status": AnalysisStatus.FINISHED,
                "stage": Stage.DONE,
            }
        )
        made.save_prepared(film.id, PreparedMedia(info=film.info))
        made.save_plan(film.id, plan)
        for evidence in film.evidence:
            made.save_evidence(film.id, evidence)
        for explanation in film.explanations:
            made.save_explanation(film.id, explanation)
        made.save_report(
            film.id, report.model_copy(update={"verdict": verdict, "plan": plan, "explanations": film.explanations})
        )
    return made
