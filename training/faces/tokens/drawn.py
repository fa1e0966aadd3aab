"""What tells a drawn or painted face from a photographed one, over the means of its patch tokens.

    python -m training.faces.tokens.drawn --data DIR --tokens DIR [DIR ...] --cache DIR

Honest faces of every source are drawn by filters (`training/faces/pictures/styles.py`). Photographed are all samples of
`training.faces.tokens.features`, forged ones too: a forgery is to be scored, not called a drawing. Denoised photographs
are photographs. Writes `docs/evaluation/drawn-faces.md` and `detectors/weights/face_tokens/drawn.npz`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve

from detectors.faces.geometry import Face, crop_face
from detectors.faces.tokens import BLOCKS, CROP_MARGIN, INPUT_PX, WEIGHTS, WIDTH, OnnxEncoder
from training.data.faces import read_faces
from training.data.manifest import FaceRow
from training.faces.data.folds import FOLDS
from training.faces.pictures.styles import STYLES, denoised
from training.faces.tokens.features import Kind, SampleMaker, read_tokens
from training.faces.tokens.heads import in_first_half, principal_directions
from training.reporting import percent, table

DIRECTIONS: Final = 512
L2: Final = 0.3
FLAGGED: Final = 0.001
"""Share of photographed faces that lie beyond the limit."""
SAMPLES: Final = 1750
SIZES_PX: Final = (200, 420)
WRITERS: Final = (*STYLES, denoised)

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Faces:
    """features: (N, B * WIDTH). rows: of the manifest. styles: numbers in `WRITERS`, -1 of samples as they are.
    forged, pseudo: whether a sample is one."""

    features: Floats
    rows: tuple[FaceRow, ...]
    styles: npt.NDArray[np.int64]
    forged: Bools
    pseudo: Bools

    @property
    def drawn(self) -> Bools:
        return np.asarray((self.styles >= 0) & (self.styles < len(STYLES)))

    @property
    def sources(self) -> npt.NDArray[np.str_]:
        return np.array([row.dataset for row in self.rows])


@dataclass(frozen=True, slots=True)
class Line:
    """score = features @ weights - limit, above 0 for a drawing."""

    weights: Floats
    limit: float

    def flags(self, features: Floats) -> Bools:
        return np.asarray(features @ self.weights > self.limit)


def make_samples(maker: SampleMaker, count: int) -> Iterator[tuple[int, int, npt.NDArray[np.float16]]]:
    """Row, style and token means (B, WIDTH): sources and styles in turn, each face as large as in a usual film."""
    honest: dict[str, list[int]] = {}
    for index, row in enumerate(maker.rows):
        if not row.is_fake:
            honest.setdefault(row.dataset, []).append(index)
    encoder, sources = OnnxEncoder(), sorted(honest)
    for number in range(count):
        rng = np.random.default_rng([number, 5])
        face, style = int(rng.choice(honest[sources[number % len(sources)]])), int(rng.integers(len(WRITERS)))
        image = maker.image(face)
        scale = rng.uniform(*SIZES_PX) / image.shape[0]
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        sized = np.ascontiguousarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=method), np.uint8)
        drawn = WRITERS[style](sized, rng)
        if rng.random() < 0.6:
            written = cv2.imencode(".jpg", drawn, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(50, 96))])[1]
            drawn = np.asarray(cv2.imdecode(written, cv2.IMREAD_COLOR), np.uint8)
        points = (maker.landmarks[face] * (drawn.shape[0] / image.shape[0])).astype(np.float32)
        crop = crop_face(drawn, Face(points, 1.0), INPUT_PX, CROP_MARGIN).image
        yield face, style, encoder.tokens(crop).mean(axis=1).astype(np.float16)


def read_samples(data: Path, tokens: Sequence[Path], cache: Path, count: int) -> Faces:
    """Photographed and drawn faces; the drawn ones are made when the cache does not hold them."""
    rows, _ = read_faces(data)
    held = cache / f"drawn-{count}.npz"
    if not held.exists():
        made = list(make_samples(SampleMaker(data), count))
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(held, rows=[each[0] for each in made], styles=[each[1] for each in made], means=[m for *_, m in made])
    known = read_tokens(rows, *tokens)
    with np.load(held) as stored:
        drawn_rows, styles = stored["rows"], stored["styles"]
        means = stored["means"].reshape(len(styles), -1).astype(np.float32)
    indices = np.concatenate([known.rows, drawn_rows])
    nothing = np.zeros(len(styles), bool)
    return Faces(
        features=np.concatenate([known.means[:, :, 0].reshape(len(known.means), -1).astype(np.float32), means]),
        rows=tuple(rows[index] for index in indices),
        styles=np.concatenate([np.full(len(known.rows), -1), styles]),
        forged=np.concatenate([known.forged, nothing]),
        pseudo=np.concatenate([known.kinds != Kind.FILED.value, nothing]),
    )


def fit(faces: Faces, heard: Bools) -> Line:
    """A linear discriminant between drawn and photographed faces, classes weighing alike and sources by their root."""
    drawn, features = faces.drawn, faces.features
    mean, scale = features.mean(axis=0, dtype=np.float64).astype(np.float32), features.std(axis=0) + np.float32(1e-3)
    scaled = (features - mean) / scale
    directions = principal_directions(scaled[~drawn], DIRECTIONS)
    kept = scaled @ directions
    within, means = L2 * np.eye(kept.shape[1]), []
    for label in (False, True):
        own = heard & (drawn == label)
        _, place, sizes = np.unique(faces.sources[own], return_inverse=True, return_counts=True)
        weights = (sizes[place] ** -0.5)[:, None]
        weights /= weights.sum()
        centre = (weights * kept[own]).sum(axis=0)
        within += 0.5 * ((weights * kept[own]).T @ kept[own] - np.outer(centre, centre))
        means.append(centre)
    slopes = cho_solve(cho_factor(within), means[1] - means[0])
    slopes /= np.sqrt(slopes @ within @ slopes)
    line = ((directions @ slopes) / scale).astype(np.float32)
    return Line(line, float(np.quantile(features[heard & ~drawn] @ line, 1 - FLAGGED)))


def style_rows(faces: Faces) -> list[tuple[str, ...]]:
    """Of every style: drawings that are flagged, of groups that the line did not see, with the style known and not."""
    first = np.array([in_first_half(row) for row in faces.rows])
    whole = fit(faces, first)
    result: list[tuple[str, ...]] = []
    for number, style in enumerate(WRITERS):
        asked = ~first & (faces.styles == number)
        without = fit(faces, first & (faces.styles != number))
        flagged = [percent(float(line.flags(faces.features[asked]).mean())) for line in (whole, without)]
        result.append((style.__name__, *flagged))
    return result


def source_rows(faces: Faces) -> list[tuple[str, ...]]:
    """Of every group of sources, by a line that saw none of it: what is flagged of each kind of its faces."""
    result: list[tuple[str, ...]] = []
    flags = np.zeros(len(faces.rows), bool)
    for fold in FOLDS:
        own = np.isin(faces.sources, list(fold.datasets))
        flags[own] = fit(faces, ~own).flags(faces.features[own])
        result.append((fold.name, *_flagged(faces, flags, own)))
    every = np.isin(faces.sources, [name for fold in FOLDS for name in fold.datasets])
    return [*result, ("**all**", *_flagged(faces, flags, every))]


def _flagged(faces: Faces, flags: Bools, own: Bools) -> tuple[str, ...]:
    as_they_are = own & (faces.styles < 0) & ~faces.pseudo
    kinds = (as_they_are & ~faces.forged, as_they_are & faces.forged, own & faces.pseudo, own & faces.drawn)
    return tuple(f"{100 * float(flags[kind].mean()):.1f} %" if kind.any() else "–" for kind in kinds)


def page(faces: Faces, styles: Sequence[tuple[str, ...]], sources: Sequence[tuple[str, ...]]) -> str:
    return f"""# Drawn and painted faces

    python -m training.faces.tokens.drawn --data FACES --tokens HELD FILED CHAINED --cache DIR

Written by that command. A face that is drawn, painted or filtered like a drawing is no recording of a person: it gets a
score and no outcome (`unfamiliar`). A line over the second face model's token means tells it, fitted to
{int(faces.drawn.sum()):,} honest faces that filters drew and {int((~faces.drawn).sum()):,} photographed samples, honest
and forged. Its limit lies where {FLAGGED:.1%} of the photographed faces are beyond it.

## Styles

Of groups of people that the line did not see, how many are called unfamiliar: with the style among those it was fitted
to, and without. `denoised` are noisy photographs that were smoothed as telephones do, and should not be.

{table(("style", "style known", "style never seen"), styles)}
## Sources

By lines that saw nothing of a group of sources. Pseudo-fakes and their originals are blends that training makes.

{table(("left out", "honest", "forged", "pseudo-fakes", "drawn"), sources)}
## Limits

The drawings are made by filters, not by hands. Masks and make-up were not measured; stand-ins for faces in stone are in
`night-faces.md`. The second model looks at four to eight pictures of a recording; of a face, their mean tells.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tokens", type=Path, nargs="+", required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--count", type=int, default=SAMPLES)
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation"))
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    faces = read_samples(arguments.data, arguments.tokens, arguments.cache, arguments.count)
    line = fit(faces, np.ones(len(faces.rows), bool))
    np.savez_compressed(
        WEIGHTS / "drawn.npz",
        weights=line.weights.reshape(len(BLOCKS), WIDTH),
        bias=np.float32(-line.limit),
    )
    text = page(faces, style_rows(faces), source_rows(faces))
    (arguments.out / "drawn-faces.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
