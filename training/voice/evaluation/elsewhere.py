"""The shipped voice models on speech that no network here was fitted to.

Honest recordings from elsewhere, the same ones rebuilt, and a text-to-speech system that training does not know.
`python -m training.voice.evaluation.elsewhere` writes `docs/evaluation/elsewhere.{md,json}`. The recordings are of
Debian packages (`apt-get install asterisk-core-sounds-{en,es,fr,it,ru}-g722 fillets-ng-data-{cs,nl} klettres-data`);
`--share` names the folder when they were only unpacked.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from core.errors import Misconfigured
from detectors.calibration import Calibration, WitnessFusion
from detectors.voice.detector import WEIGHTS, VoiceSynthesisDetector, load_audio_detector
from detectors.voice.encoder import WEIGHTS as ENCODER_WEIGHTS
from training.metrics import auc
from training.reporting import PAGES, decimal, digest, percent, table, write_page
from training.voice.data.recordings import recorded_clips, recorded_sources
from training.voice.evaluation.trunk import pooled_logit
from training.voice.sound.sentences import SENTENCES
from training.voice.sound.synthesis import HIFIGAN, VOCODERS, resynthesise
from training.voice.sound.voices import as_clip, at_rate

LEAST_CLIPS: Final = 5
"""A source with fewer says nothing of its own."""
REBUILT: Final = 6
"""Clips of each source that are rebuilt by every vocoder."""
UNKNOWN_SYSTEM: Final = "hibari (Kokoro distilled to a source and its filters)"
UNKNOWN_COUNT: Final = 60

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Said:
    """Logits of one kind of clip; NaN where a clip is not scored."""

    name: str
    logits: npt.NDArray[np.float64]

    def line(self, calibration: Calibration) -> dict[str, float]:
        scored = self.logits[np.isfinite(self.logits)]
        p_fake = np.array([calibration.sample.p_fake(float(logit)) for logit in scored])
        return {
            "clips": len(self.logits),
            "scored": len(scored),
            "called_fake": float(np.mean(p_fake >= calibration.fake)),
            "called_real": float(np.mean(p_fake <= calibration.real)),
            "mean_logit": float(np.mean(scored)),
        }


def heard(detector: VoiceSynthesisDetector, name: str, clips: Iterable[Samples]) -> Said:
    return Said(name, np.array([pooled_logit(detector, clip) for clip in clips], np.float64))


def unknown_voice(count: int = UNKNOWN_COUNT) -> Iterator[Samples]:
    """Sentences by a system that is kept out of training so that it can be asked about."""
    from hibari import Hibari

    speak = Hibari(threads=1)
    english = [text for language, texts in SENTENCES.items() if language.startswith("en") for text in texts]
    for index in range(count):
        rng = np.random.default_rng([29, index])
        spoken = speak(english[index % len(english)], speed=float(rng.uniform(0.85, 1.25)), seed=index)
        yield as_clip(at_rate(spoken, 24_000), rng)


def parted(honest: Said, other: Said) -> float:
    """AUC of one kind of clip against honest ones, those that are scored."""
    logits = np.concatenate([honest.logits, other.logits])
    labels = np.repeat([0, 1], [len(honest.logits), len(other.logits)])
    return auc(labels[np.isfinite(logits)], logits[np.isfinite(logits)])


def within(sources: Sequence[Said], rebuilt: Sequence[Said]) -> float:
    """The mean over sources of their own clips' AUC against their copies', where a copy is scored at all."""
    pairs = [(own, copies) for own, copies in zip(sources, rebuilt, strict=True) if np.isfinite(copies.logits).any()]
    return float(np.mean([parted(own, copies) for own, copies in pairs]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=Path, default=Path("/usr/share"))
    parser.add_argument("--pages", type=Path, default=PAGES)
    parser.add_argument(
        "--rebuilt", type=int, default=REBUILT, help="clips of each source to rebuild; 0: no such table"
    )
    arguments = parser.parse_args()
    detector = load_audio_detector(threads=1)
    calibration = WitnessFusion.read(ENCODER_WEIGHTS / "fusion.json").calibration
    sources: list[Said] = []
    vocoders_asked = (*VOCODERS, HIFIGAN) if arguments.rebuilt else ()
    rebuilt: dict[str, list[Said]] = {vocoder: [] for vocoder in vocoders_asked}
    for recordings in recorded_sources(arguments.share):
        clips = list(recorded_clips(recordings))
        if len(clips) < LEAST_CLIPS:
            continue
        sources.append(heard(detector, recordings.source, clips))
        for vocoder, said in rebuilt.items():
            rng = np.random.default_rng([31, *recordings.source.encode(), *vocoder.encode()])
            copies = [resynthesise(clip, vocoder, rng) for clip in clips[: arguments.rebuilt]]
            said.append(heard(detector, recordings.source, copies))
        print(sources[-1].name, sources[-1].line(calibration), flush=True)
    if not sources:
        raise Misconfigured("no_recordings", f"No recordings under {arguments.share}: see --help.")
    honest = Said("all honest", np.concatenate([said.logits for said in sources]))
    unknown = heard(detector, UNKNOWN_SYSTEM, unknown_voice())
    lines = {said.name: said.line(calibration) for said in (*sources, honest, unknown)}
    vocoders = {
        vocoder: {
            "auc": within(sources, said),
            **Said(vocoder, np.concatenate([copies.logits for copies in said])).line(calibration),
        }
        for vocoder, said in rebuilt.items()
    }
    figures = {
        "models": [digest(weights / "model.tflite") for weights in (WEIGHTS, ENCODER_WEIGHTS)],
        "calibration": calibration.version,
        "honest": lines,
        "rebuilt": vocoders,
        "unknown_auc": parted(honest, unknown),
    }
    write_page(arguments.pages, "elsewhere", page(lines, vocoders, parted(honest, unknown)), figures)
    print(lines[honest.name], lines[UNKNOWN_SYSTEM], vocoders, sep="\n")


def page(lines: dict[str, dict[str, float]], vocoders: dict[str, dict[str, float]], unknown_auc: float) -> str:
    header = ("", "clips", "scored", "called fake", "called real", "mean logit")
    return f"""# The voice models on speech from elsewhere

    python -m training.voice.evaluation.elsewhere

Written by that command. Unlike `audio.md`, which measures twins of the shipped network on sources that they never
heard, this asks both shipped models together, about recordings that neither training nor calibration has seen:
telephone prompts (Asterisk), a game's dialogues (Fish Fillets), letters and syllables read by volunteers (KLettres).
Short pieces are joined to windows of 3 s. Sources with {LEAST_CLIPS} clips or more.

{table(header, ((name, *_cells(line)) for name, line in lines.items()))}
The last row is no honest recording but a text-to-speech system that training was not given, one voice of it: AUC
{decimal(unknown_auc)} against the honest ones above.
{_rebuilt_section(vocoders)}"""


def _rebuilt_section(vocoders: dict[str, dict[str, float]]) -> str:
    if not vocoders:
        return ""
    header = ("vocoder", "AUC", "clips", "scored", "called fake", "called real", "mean logit")
    copies = ((name, decimal(line["auc"]), *_cells(line)) for name, line in vocoders.items())
    return f"""
## The same recordings rebuilt

Some clips of each source by every vocoder that training uses on its own clips: new speakers and microphones, known
vocoders. AUC is the mean over sources, each within itself.

{table(header, copies)}"""


def _cells(line: dict[str, float]) -> tuple[str, ...]:
    return (
        str(line["clips"]),
        str(line["scored"]),
        percent(line["called_fake"]),
        percent(line["called_real"]),
        decimal(line["mean_logit"], 1),
    )


if __name__ == "__main__":
    main()
