"""Invented analyses for the questions of `asked.tsv`: each kind of case, weighed by the arithmetic of the service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from agents.conversation.cases import DetectorErrorRates
from core.types import (
    Analysis,
    AnalysisStatus,
    AudioCoverage,
    AudioEvidence,
    Box,
    Check,
    CheckScore,
    DetectorRef,
    Evidence,
    Explanation,
    FaceTrack,
    FacialRegion,
    MediaInfo,
    MediaKind,
    Modality,
    Outcome,
    Reason,
    ReasonCode,
    Scored,
    Stability,
    Stage,
    Thresholds,
    Unscored,
    Verdict,
    VisualCoverage,
    VisualEvidence,
)
from core.types import PreparedMedia as Prepared
from detectors.fusion import weigh
from tests.eval.conversation import cases
from tests.fixtures.ports import MemoryCaseFile, analysis
from tests.fixtures.reports import media, report_of

FACES = Thresholds(version="faces-9", real=0.222, fake=0.927)
VOICE = Thresholds(version="voice-9", real=0.211, fake=0.862)
RATES = {
    Modality.VISUAL: DetectorErrorRates("faces-9", 0.005, 0.05, "left-out groups of film and still sources"),
    Modality.AUDIO: DetectorErrorRates("voice-9", 0.01, 0.05, "clips of 50 public pages"),
}
UPLOADED = datetime(2026, 3, 4, 9, 15, tzinfo=UTC)
TOOK_S = 48.3


@dataclass(frozen=True)
class Recording:
    """One analysed file."""

    id: str
    evidence: tuple[Evidence, ...]
    info: MediaInfo
    explanations: tuple[Explanation, ...] = ()
    stability: tuple[Stability, ...] = ()
    masked: tuple[Reason, ...] = ()


def _by(limits: Thresholds, p_fake: float) -> Outcome:
    return Outcome.FAKE if p_fake >= limits.fake else Outcome.REAL if p_fake <= limits.real else Outcome.INCONCLUSIVE


def _finding(limits: Thresholds, p_fake: float) -> Scored:
    return Scored(p_fake=p_fake, calibration_version=limits.version, uncalibrated=0.0, outcome=_by(limits, p_fake))


def _faces(
    p_fake: float,
    tracks: tuple[FaceTrack, ...],
    sampled: int,
    share: float,
    *stretches: tuple[int, float, float, float],
) -> VisualEvidence:
    made = cases.seen(p_fake, tracks, segments=stretches, sampled=sampled, with_face=sampled - 1, fake_frames=share)
    return made.model_copy(update={"finding": _finding(FACES, p_fake), "thresholds": FACES})


def _voice(
    p_fake: float, windows: dict[float, float], total_s: float, speech_s: float, *stretches: tuple[float, float, float]
) -> AudioEvidence:
    made = cases.heard(p_fake, windows, segments=stretches, total_s=total_s, speech_s=speech_s)
    return made.model_copy(update={"finding": _finding(VOICE, p_fake), "thresholds": VOICE})


def _at(track: FaceTrack, left_px: float) -> FaceTrack:
    box = Box(x_px=left_px, y_px=80, width_px=200, height_px=240)
    return track.model_copy(update={"frames": tuple(each.model_copy(update={"box": box}) for each in track.frames)})


def _checked(modality: Modality, baseline: float, **scores: float) -> Stability:
    limits = FACES if modality is Modality.VISUAL else VOICE
    made = tuple(CheckScore(check=Check(name), p_fake=each, outcome=_by(limits, each)) for name, each in scores.items())
    largest = round(max(abs(each - baseline) for each in scores.values()), 6)
    return Stability(modality=modality, baseline=baseline, scores=made, largest_change=largest, stable=True)


def _still(kind: MediaKind) -> MediaInfo:
    is_image = kind is MediaKind.IMAGE
    return media(0.0 if is_image else 18.2, has_audio=not is_image).model_copy(
        update={
            "kind": kind,
            "has_video": is_image,
            "frame_rate_hz": None,
            "width_px": 1600 if is_image else None,
            "height_px": 1200 if is_image else None,
            "container": "jpeg" if is_image else "ogg",
            "size_bytes": 2_345_678,
        }
    )


def recordings() -> Iterator[Recording]:
    """Sound and picture of one person, then one part alone, then files in which there is nothing to examine."""
    swapped = cases.track(
        1, 0.0, 41.6, 0.972, {1.2: 0.14, 9.6: 0.33, 14.4: 0.962, 17.6: 0.991, 22.0: 0.957, 33.2: 0.21}
    )
    yield Recording(
        "an_swap",
        (
            _faces(0.972, (_at(swapped, 540),), 36, 41.2, (1, 12.4, 24.0, 0.968)),
            _voice(0.318, {3.0: 0.29, 15.0: 0.341, 30.0: 0.306}, 42.4, 27.4),
        ),
        media(42.4),
        (
            cases.map_of(1, 1, 17.6, 0.991, {FacialRegion.MOUTH: 0.473, FacialRegion.BOUNDARY: 0.221}),
            cases.sound_map(15.0, 0.341, 2000, 4000, 0.38),
        ),
        (
            _checked(Modality.VISUAL, 0.972, recompress=0.958, downscale=0.931, flip=0.969),
            _checked(Modality.AUDIO, 0.318, recompress=0.352, trim_silence=0.321),
        ),
    )
    calm = cases.track(1, 0.0, 60.0, 0.093, {2.0: 0.081, 25.0: 0.112, 50.0: 0.077})
    yield Recording(
        "an_voice",
        (
            _faces(0.093, (_at(calm, 500),), 40, 0.0),
            _voice(0.948, {6.0: 0.961, 18.0: 0.948, 45.0: 0.883}, 61.0, 44.6, (6.0, 21.0, 0.955), (45.0, 48.0, 0.883)),
        ),
        media(61.0),
        (cases.sound_map(6.0, 0.961, 4000, 6000, 0.517),),
        (
            _checked(Modality.VISUAL, 0.093, recompress=0.101, downscale=0.117, flip=0.09),
            _checked(Modality.AUDIO, 0.948, recompress=0.71, trim_silence=0.944),
        ),
    )
    plain = cases.track(1, 0.0, 30.0, 0.068, {1.0: 0.055, 15.0: 0.079})
    yield Recording(
        "an_honest",
        (_faces(0.068, (_at(plain, 500),), 32, 0.0), _voice(0.142, {2.0: 0.131, 12.0: 0.153}, 31.5, 19.2)),
        media(31.5),
        stability=(
            _checked(Modality.VISUAL, 0.068, recompress=0.074, downscale=0.081, flip=0.066),
            _checked(Modality.AUDIO, 0.142, recompress=0.163, trim_silence=0.139),
        ),
    )
    doubtful = cases.track(1, 0.0, 18.0, 0.912, {4.0: 0.944, 7.2: 0.902, 11.0: 0.871})
    yield Recording(
        "an_open",
        (_faces(0.912, (_at(doubtful, 500),), 24, 12.5), _voice(0.447, {1.0: 0.451}, 20.0, 8.3)),
        media(20.0),
        stability=(
            _checked(Modality.VISUAL, 0.912, recompress=0.931, downscale=0.884, flip=0.909),
            _checked(Modality.AUDIO, 0.447, recompress=0.502, trim_silence=0.45),
        ),
    )
    portrait = cases.track(1, 0.0, 0.0, 0.964, {0.0: 0.964})
    yield Recording(
        "an_still",
        (
            _faces(0.964, (_at(portrait, 120),), 1, 100.0).model_copy(
                update={"coverage": VisualCoverage(frames_sampled=1, frames_with_face=1, faces_scored=1)}
            ),
        ),
        _still(MediaKind.IMAGE),
        (cases.map_of(1, 1, 0.0, 0.964, {FacialRegion.EYES: 0.412, FacialRegion.MOUTH: 0.2}),),
        (_checked(Modality.VISUAL, 0.964, recompress=0.948, downscale=0.937, flip=0.961),),
    )
    yield Recording(
        "an_memo",
        (_voice(0.913, {4.0: 0.931, 7.0: 0.942, 13.0: 0.803}, 18.2, 14.1, (4.0, 10.0, 0.937)),),
        _still(MediaKind.AUDIO),
        (cases.sound_map(4.0, 0.931, 4000, 6000, 0.517),),
        (_checked(Modality.AUDIO, 0.913, recompress=0.881, trim_silence=0.909),),
    )
    yield Recording(
        "an_note",
        (_voice(0.104, {1.0: 0.098, 4.0: 0.117}, 18.2, 4.6),),
        _still(MediaKind.AUDIO),
        stability=(_checked(Modality.AUDIO, 0.104, recompress=0.131, trim_silence=0.102),),
    )
    yield Recording(
        "an_scenery",
        (
            VisualEvidence(
                detector=DetectorRef(name="visual.face", version="face-3"),
                finding=Unscored(reason=Reason(code=ReasonCode.NO_FACE, message="No face was found in the picture.")),
                coverage=VisualCoverage(frames_sampled=1, frames_with_face=0, faces_scored=0),
                thresholds=FACES,
            ),
        ),
        _still(MediaKind.IMAGE),
    )
    yield Recording(
        "an_tone",
        (
            AudioEvidence(
                detector=DetectorRef(name="audio.voice", version="voice-4"),
                finding=Unscored(reason=Reason(code=ReasonCode.NO_SPEECH, message="No speech was found.")),
                coverage=AudioCoverage(total_s=18.2, speech_s=0.0),
                thresholds=VOICE,
            ),
        ),
        _still(MediaKind.AUDIO),
    )
    first = cases.track(1, 0.0, 50.0, 0.117, {5.0: 0.104, 22.0: 0.131, 40.0: 0.098})
    second = cases.track(2, 18.0, 39.0, 0.961, {19.0: 0.946, 22.0: 0.975, 35.0: 0.951})
    third = cases.track(3, 5.0, 44.0, 0.402, {5.0: 0.377, 22.0: 0.418, 40.0: 0.396})
    yield Recording(
        "an_trio",
        (_faces(0.961, (_at(first, 60), _at(second, 540), _at(third, 1020)), 44, 37.2, (2, 18.0, 37.0, 0.958)),),
        media(52.0, has_audio=False),
        (cases.map_of(1, 2, 22.0, 0.975, {FacialRegion.EYES: 0.396, FacialRegion.MOUTH: 0.183}),),
        (_checked(Modality.VISUAL, 0.961, recompress=0.949, downscale=0.94, flip=0.958),),
        (Reason(code=ReasonCode.NO_AUDIO_STREAM, message="The file has no sound."),),
    )


NAMES = ("swap", "voice", "honest", "open", "still", "memo", "note", "scenery", "tone", "trio")
SCENES: dict[str, tuple[str, ...]] = {
    **{each: (f"an_{each}",) for each in NAMES},
    "pair": ("an_swap", "an_honest"),
    "none": (),
}


STATED: dict[str, dict[Modality, float]] = {
    "an_swap": {Modality.VISUAL: 0.875, Modality.AUDIO: 0.125},
    "an_voice": {Modality.VISUAL: 0.074, Modality.AUDIO: 0.926},
    "an_honest": {Modality.VISUAL: 0.408, Modality.AUDIO: 0.592},
    "an_open": {Modality.VISUAL: 0.765, Modality.AUDIO: 0.235},
}
"""What each part weighs in the stored verdict: the rubric's figures are of it, whatever the service weighs today."""


def _weigh(each: Recording) -> Verdict:
    made = weigh(each.evidence)
    if each.id not in STATED:
        return made
    parts = tuple(part.model_copy(update={"weight": STATED[each.id][part.modality]}) for part in made.contributions)
    return made.model_copy(update={"contributions": parts, "p_fake": sum(part.p_fake * part.weight for part in parts)})


@cache
def case_file() -> MemoryCaseFile:
    """All recordings, finished. Read only."""
    made = MemoryCaseFile()
    for each in recordings():
        verdict = _weigh(each)
        report = report_of(verdict.outcome, each.evidence, info=each.info, reasons=verdict.reasons)[0]
        paths = tuple(part.modality for part in each.evidence)
        plan = report.plan.model_copy(update={"paths": paths, "masked": each.masked})
        made.analyses[each.id] = analysis(each.id).model_copy(update={"plan": plan, "verdict": verdict})
        made.save_prepared(each.id, Prepared(info=each.info))
        for evidence in each.evidence:
            made.save_evidence(each.id, evidence)
        for explanation in each.explanations:
            made.save_explanation(each.id, explanation)
        told = {"verdict": verdict, "plan": plan, "explanations": each.explanations, "stability": each.stability}
        made.save_report(each.id, report.model_copy(update=told))
        made.analyses[each.id] = _finish(made.analyses[each.id], each.info)
    return made


def _finish(found: Analysis, info: MediaInfo) -> Analysis:
    finished = UPLOADED + timedelta(seconds=TOOK_S)
    stood = {"status": AnalysisStatus.FINISHED, "stage": Stage.DONE, "created_at": UPLOADED}
    return found.model_copy(update={**stood, "media": info, "verdict_at": finished, "finished_at": finished})
