"""`make bench`: the stages of the detectors, then the whole service, then the comparison with earlier figures.

Exit code 1 when a figure got worse by more than 15 %.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from core.settings import LimitSettings
from detectors.faces.detector import load_visual_detector
from detectors.faces.finder import FaceFinder
from detectors.media.extraction import probe
from detectors.voice.detector import load_audio_detector
from training.bench import gate, service, stages
from training.bench.clips import LENGTH_S, made_clip, repeated

SAMPLE = Path("samples") / "interview.mp4"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=None, help="the stages use its videos/, not the sample")
    parser.add_argument("--threads", type=int, default=2, help="of a model, in the stages")
    parser.add_argument("--only", choices=("stages", "service"), default=None)
    parser.add_argument("--keep", action="store_true", help=f"write the figures to {gate.BASELINE}")
    arguments = parser.parse_args()
    source = _source(arguments.data)
    machine = gate.name_machine()
    print(f"{machine}, load {os.getloadavg()[0]:.1f}")
    if arguments.only != "service":
        _stages(source, arguments.threads)
    if arguments.only != "stages":
        sys.exit(_service(machine, keep=arguments.keep))


def _source(data: Path | None) -> Path:
    """A video with sound and a face."""
    videos = sorted((data / "videos").rglob("*.mp4")) if data is not None else []
    return next((path for path in videos if probe(path, LimitSettings()).has_audio), SAMPLE)


def _stages(source: Path, threads: int) -> None:
    visual = load_visual_detector(device="cpu", threads=threads)
    audio = load_audio_detector(threads=threads)
    finder = FaceFinder()
    with tempfile.TemporaryDirectory() as scratch:
        clips = {
            "made clip, no face": made_clip(Path(scratch) / "made.mp4"),
            f"{source.name}, repeated": repeated(source, Path(scratch) / "real.mp4"),
        }
        for name, path in clips.items():
            print(f"\n{name}, {LENGTH_S} s")
            for timing in stages.measure(path, visual, audio, finder):
                print(timing.line)


def _service(machine: str, *, keep: bool) -> int:
    # The sample and nothing else: figures are compared with those of other machines and other days.
    measured = service.run(SAMPLE)
    profile = measured.profile
    print(f"\none warm analysis of {SAMPLE.name} at 720p, repeated to {LENGTH_S} s: wall, processor")
    for step in profile.steps:
        print(f"  {step.name:<22}{step.wall_s:>8.2f} s {step.processor_s:>8.2f} s")
    print("\nits jobs: wall, with what runs beside them")
    for name, seconds in profile.jobs:
        print(f"  {name:<22}{seconds:>8.2f} s")
    print("\nprocessor by process: until the verdict, in all")
    for name, until_s, total_s in profile.parts:
        print(f"  {name:<22}{until_s:>8.2f} s {total_s:>8.2f} s")
    print("\nfigures; before")
    baseline = gate.read_baseline(machine)
    for name, value in measured.figures.items():
        before = f"{baseline[name]:.2f}" if name in baseline else "–"
        print(f"  {name:<32}{value:>8.2f}   {before}")
    worse = gate.worsened(measured.figures, baseline)
    kept = "Nothing got worse by more than 15 %." if baseline else "This kind of machine was never measured before."
    print("\n" + ("\n".join(worse) or kept))
    if keep:
        gate.write_baseline(measured.figures, machine)
    return 1 if worse else 0


if __name__ == "__main__":
    main()
