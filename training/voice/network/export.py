"""Make the shipped files from a trained run: Keras for explanation, LiteRT for serving.

`python -m training.voice.network.export` writes `detectors/weights/audio/model.{keras,tflite}`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from detectors.calibration import Calibration, Platt
from detectors.voice.detector import WEIGHTS
from training.faces.network.export import save_half, to_litert
from training.loop import load_averaged
from training.voice.network.backbone import build, imagenet

if TYPE_CHECKING:
    import keras

UNCALIBRATED: Final = Calibration(
    version="uncalibrated",
    sample=Platt(slope=1.0, intercept=0.0),
    file=Platt(slope=1.0, intercept=0.0),
    real=0.3,
    fake=0.7,
    false_alarm_rate=0.05,
    miss_rate=0.05,
    population="none: nothing was fitted to these weights yet",
)


def averaged_model(checkpoint: Path) -> keras.Model:
    """The network with the run's averaged weights, in half precision so that both files hold the same numbers."""
    model = build(imagenet())
    load_averaged(model, checkpoint)
    return model


def write(model: keras.Model, out: Path) -> None:
    """Both files of one network; a calibration that says it is none, unless there is one already."""
    out.mkdir(parents=True, exist_ok=True)
    save_half(model, out / "model.keras")
    (out / "model.tflite").write_bytes(to_litert(model, half=True))
    if not (out / "calibration.json").exists():
        (out / "calibration.json").write_text(UNCALIBRATED.model_dump_json(indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--run", default="audio")
    parser.add_argument("--fit", default="final", help="final, or a fold such as fold0")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    write(averaged_model(arguments.cache / "runs" / arguments.run / arguments.fit / "checkpoint.npz"), arguments.out)
    for name in ("model.keras", "model.tflite"):
        print(name, f"{(arguments.out / name).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
