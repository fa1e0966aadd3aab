"""The network that tells speech from other sound, step by step.

Source: Silero VAD, version 5 (MIT), the part for 16 kHz; `training/voice/encoder/silero.py` takes its numbers from the
package that carries it (`weights/speech/card.md`). A step is turned into numbers by four convolutions over its
spectrum, which know nothing of other steps, so that they run over many at once; only what follows remembers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from detectors.model_files import find_model_file, unreadable

WEIGHTS: Final = Path(__file__).resolve().parents[1] / "weights" / "speech"
STEP: Final = 512
"""Samples at 16 kHz, 32 ms."""
CONTEXT: Final = 64
"""Samples before a step that are heard with it."""
UNITS: Final = 128
STRIDES: Final = (1, 2, 2, 1)
"""Of the convolutions, each over three frames."""
_FRAME: Final = 256
_BINS: Final = _FRAME // 2 + 1

Floats = npt.NDArray[np.float32]


def _fourier() -> Floats:
    """(_FRAME, 2 * _BINS): real and imaginary parts of a frame's spectrum under a Hann window."""
    at = np.arange(_FRAME)
    angles = 2 * np.pi / _FRAME * np.outer(at, np.arange(_BINS))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * at / _FRAME)
    return np.asarray(window[:, None] * np.concatenate([np.cos(angles), np.sin(angles)], axis=1), np.float32)


_FOURIER: Final = _fourier()


@dataclass(frozen=True, slots=True)
class SpeechNetwork:
    """Convolutions, one layer of long short-term memory, a line. May be shared between threads.

    filters, biases: of each convolution (3, in, out) and (out,). taken: (UNITS, 4 * UNITS), recalled: (4 * UNITS,
    UNITS), offsets: (4 * UNITS,) of the memory's gates, in the order input, forget, cell, output; those of the three
    gates are halved, so that all four go through one tanh. line: (UNITS,).
    """

    filters: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    taken: Floats
    recalled: Floats
    offsets: Floats
    line: Floats
    bias: float

    @classmethod
    def read(cls, path: Path | None = None) -> Self:
        """Raises: Misconfigured when the file is absent or holds something else."""
        path = path or find_model_file(WEIGHTS, "network.npz")
        halves = np.full(4 * UNITS, 0.5, np.float32)
        halves[2 * UNITS : 3 * UNITS] = 1.0
        try:
            with np.load(path) as stored:
                return cls(
                    filters=tuple(stored[f"filter{number}"] for number in range(len(STRIDES))),
                    biases=tuple(stored[f"bias{number}"] for number in range(len(STRIDES))),
                    taken=np.ascontiguousarray(stored["taken"].T * halves),
                    recalled=stored["recalled"] * halves[:, None],
                    offsets=stored["offsets"] * halves,
                    line=stored["line"],
                    bias=stored["line_bias"].item(),
                )
        except (OSError, KeyError, ValueError) as error:
            raise unreadable(path.name) from error

    def hear(self, steps: Floats) -> Floats:
        """(S, 4 * UNITS): what each step gives the memory's gates. steps: (S, CONTEXT + STEP)."""
        mirrored = np.concatenate([steps, steps[:, -2 : -2 - CONTEXT : -1]], axis=1)
        frames = np.lib.stride_tricks.sliding_window_view(mirrored, _FRAME, axis=1)[:, :: _FRAME // 2]
        spectra = frames.reshape(-1, _FRAME) @ _FOURIER
        found = np.sqrt(spectra[:, :_BINS] ** 2 + spectra[:, _BINS:] ** 2).reshape(*frames.shape[:2], _BINS)
        for filters, biases, stride in zip(self.filters, self.biases, STRIDES, strict=True):
            padded = np.pad(found, ((0, 0), (1, 1), (0, 0)))
            around = np.lib.stride_tricks.sliding_window_view(padded, 3, axis=1)[:, ::stride].transpose(0, 1, 3, 2)
            given = around.reshape(-1, filters.shape[0] * filters.shape[1]) @ filters.reshape(-1, filters.shape[2])
            found = np.maximum(given + biases, 0).reshape(*around.shape[:2], -1)
        return np.asarray(found[:, 0] @ self.taken + self.offsets, np.float32)

    def follow(self, heard: Floats, memory: tuple[Floats, Floats]) -> tuple[Floats, tuple[Floats, Floats]]:
        """(S,) probabilities of speech in steps that follow one another, and the memory after them.

        Args:
            heard: of `hear`.
            memory: (UNITS,) output and (UNITS,) cell before the first step; zeros where the sound begins.
        """
        output, cell = memory
        outputs = np.empty((len(heard), UNITS), np.float32)
        for number, given in enumerate(heard):
            entry, kept, new, shown = np.tanh(given + self.recalled @ output).reshape(4, UNITS)
            cell = ((kept + 1) * cell + (entry + 1) * new) * np.float32(0.5)
            output = outputs[number] = (shown + 1) * np.tanh(cell) * np.float32(0.5)
        return 1 / (1 + np.exp(-(np.maximum(outputs, 0) @ self.line + np.float32(self.bias)))), (output, cell)
