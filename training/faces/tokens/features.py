"""Features of both witnesses for the built faces: token means of the frozen encoder and the network's logit.

    python -m training.faces.tokens.features --data DIR --out DIR
    python -m training.faces.tokens.features --data DIR --out DIR --as-filed 220

Every sample is a face, or a pair of an honest face and a pseudo-fake made from it, through one drawn chain of
degradations. Samples are written in parts. What a folder holds is not drawn again, so that a run that was stopped goes
on, and faces that are added later are drawn alone.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from core.media import RgbImage
from detectors.faces.geometry import Face, crop_face, sharpness
from detectors.faces.runtime import WEIGHTS, LiteRtFaceNetwork
from detectors.faces.tokens import CROP_MARGIN, INPUT_PX, OnnxEncoder, region_means
from training.data.degradation import draw_chain, draw_tightening
from training.data.faces import read_crop, read_faces
from training.data.manifest import FaceRow
from training.faces.data.held_out import trained_origins
from training.faces.pictures.blending import Pair, resynthesis, self_blend, swap_blend
from training.faces.pictures.mouth import mouth_blend
from training.reporting import digest

NETWORK_PX: Final = 192
PART: Final = 96
"""Samples of one file."""
LEAST_PER_CLASS: Final = 300
"""Small sources are drawn several times, up to this many samples of a class and three draws of a face."""
PSEUDO_PAIRS: Final = 2400
FIRST_PAIR: Final = 100
"""Draws from here on are numbers of pseudo-fakes."""
AS_FILED: Final = -1
"""Draw of a sample that passes no chain and is cropped as in service."""
TIGHT_SHARE: Final = 0.3
"""Of the samples that are drawn as if their picture ended near the face."""
SHORTCUTS: Final = ("film size", "sharpness", "brightness", "contrast", "compressed size")


class Kind(StrEnum):
    """How a sample's face came about: as filed, or made here from an honest one."""

    FILED = "filed"
    SELF_BLEND = "self_blend"
    SWAP_BLEND = "swap_blend"
    RESYNTHESIS = "resynthesis"
    MOUTH_BLEND = "mouth_blend"


PSEUDO_SHARES: Final = {Kind.SELF_BLEND: 0.32, Kind.SWAP_BLEND: 0.1, Kind.RESYNTHESIS: 0.16, Kind.MOUTH_BLEND: 0.42}


@dataclass(frozen=True, slots=True)
class Sample:
    """row: of the manifest. draw: number that its randomness follows from."""

    row: int
    draw: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class TokenTable:
    """means: (N, B, R, 768) float16, of `region_means`. logits: (N,) of the network. rows: (N,) of the manifest.
    shortcuts: (N, 5), see `SHORTCUTS`. networks: (N,) digests of the weights that said the logits. A pseudo-fake's
    honest counterpart has its kind and no forgery."""

    means: npt.NDArray[np.float16]
    logits: npt.NDArray[np.float32]
    rows: npt.NDArray[np.int64]
    draws: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.str_]
    forged: npt.NDArray[np.bool_]
    shortcuts: npt.NDArray[np.float32]
    networks: npt.NDArray[np.str_]


def plan_samples(rows: tuple[FaceRow, ...], pairs: int) -> tuple[Sample, ...]:
    """What is drawn, in an order in which any beginning is a fair sample of the whole."""
    classes: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        classes[row.dataset, row.label].append(index)
    samples = []
    for members in classes.values():
        draws = min(3, max(1, round(LEAST_PER_CLASS / len(members))))
        samples += [Sample(index, draw, Kind.FILED) for index in members for draw in range(draws)]
    honest = [members for (_, label), members in classes.items() if label == "real"]
    kinds, shares = list(PSEUDO_SHARES), np.array(list(PSEUDO_SHARES.values()))
    for number in range(pairs):
        rng = np.random.default_rng([number, 7])
        kind = kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))]
        samples.append(Sample(int(rng.choice(honest[number % len(honest)])), FIRST_PAIR + number, kind))
    return in_fair_order(rows, samples)


def plan_held_out(rows: tuple[FaceRow, ...], trained: frozenset[str], cap: int) -> tuple[Sample, ...]:
    """At most `cap` faces of every class of every source that the network was not trained on, each drawn once."""
    return _at_most(
        cap, rows, [Sample(index, 0, Kind.FILED) for index, row in enumerate(rows) if row.origin not in trained]
    )


def plan_as_filed(rows: tuple[FaceRow, ...], cap: int) -> tuple[Sample, ...]:
    """At most `cap` faces of every class of every source, with nothing done to them, in a fair order."""
    return _at_most(cap, rows, [Sample(index, AS_FILED, Kind.FILED) for index in range(len(rows))])


def _at_most(cap: int, rows: tuple[FaceRow, ...], found: list[Sample]) -> tuple[Sample, ...]:
    taken: dict[tuple[str, str], int] = defaultdict(int)
    samples = []
    for sample in in_fair_order(rows, found):
        row = rows[sample.row]
        taken[row.dataset, row.label] += 1
        if taken[row.dataset, row.label] <= cap:
            samples.append(sample)
    return tuple(samples)


def in_fair_order(rows: tuple[FaceRow, ...], samples: list[Sample]) -> tuple[Sample, ...]:
    """Shuffled by digests of what is drawn: rows that are added later do not move the others."""
    return tuple(sorted(samples, key=lambda sample: _seed(rows[sample.row].path, sample.draw)))


def _seed(path: str, draw: int) -> bytes:
    return hashlib.sha256(f"{path}/{draw}".encode()).digest()


class SampleMaker:
    """Draws samples from the built faces."""

    def __init__(self, folder: Path) -> None:
        self.rows, self.landmarks = read_faces(folder)
        self._folder = folder
        self._films: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._honest: dict[str, list[int]] = defaultdict(list)
        for index, row in enumerate(self.rows):
            self._films[row.dataset, row.video].append(index)
            if not row.is_fake:
                self._honest[row.dataset].append(index)

    def pair(self, sample: Sample, rng: np.random.Generator) -> Pair | None:
        """The honest face and the pseudo-fake made from it; None for a face as filed."""
        image, landmarks = self.image(sample.row), self.landmarks[sample.row]
        if sample.kind is Kind.FILED:
            return None
        if sample.kind is Kind.SELF_BLEND:
            return self_blend(image, landmarks, rng)
        if sample.kind is Kind.RESYNTHESIS:
            return resynthesis(image, landmarks, rng)
        row = self.rows[sample.row]
        film = [index for index in self._films[row.dataset, row.video] if index != sample.row]
        near = film if film and sample.kind is Kind.MOUTH_BLEND else self._honest[row.dataset]
        other = int(rng.choice(near))
        make = mouth_blend if sample.kind is Kind.MOUTH_BLEND else swap_blend
        return make(image, landmarks, self.image(other), self.landmarks[other], rng)

    def image(self, index: int) -> RgbImage:
        return read_crop(self._folder, self.rows[index])

    def draw(self, sample: Sample) -> Iterator[tuple[bool, RgbImage, RgbImage, tuple[float, ...]]]:
        """Whether it is forged, the encoder's crop, the network's crop, and the shortcuts: one sample, or a pair."""
        if sample.draw == AS_FILED:
            image = self.image(sample.row)
            face = Face(self.landmarks[sample.row], 1.0)
            crop = crop_face(image, face, INPUT_PX, CROP_MARGIN).image
            small = crop_face(image, face, NETWORK_PX).image
            yield self.rows[sample.row].is_fake, crop, small, (float(image.shape[0]), *_shortcuts(crop))
            return
        rng = np.random.default_rng(list(_seed(self.rows[sample.row].path, sample.draw)[:8]))
        pair = self.pair(sample, rng)
        images = [(self.rows[sample.row].is_fake, self.image(sample.row))]
        if pair is not None:
            images = [(False, pair.real), (True, pair.fake)]
        chain = draw_chain(rng)
        flipped = bool(rng.random() < 0.5)
        margin, shift = float(rng.uniform(0.93, 1.08)) * CROP_MARGIN, rng.uniform(-0.03, 0.03, 2)
        tighten = draw_tightening(rng) if rng.random() < TIGHT_SHARE else None
        for forged, image in images:
            film = chain(np.ascontiguousarray(image[:, ::-1]) if flipped else image)
            film_px = float(film.shape[0])
            points = self.landmarks[sample.row] * (film.shape[0] / image.shape[0])
            if flipped:
                points = np.stack([film.shape[1] - 1 - points[:, 0], points[:, 1]], axis=1)
            if tighten is not None:
                film, off = tighten(film, float(np.ptp(points, axis=0).max()))
                points = points - off
            face = Face(points.astype(np.float32), 1.0)
            moved = Face((points + shift * face.box.width_px).astype(np.float32), 1.0)
            crop = crop_face(film, moved, INPUT_PX, margin).image
            yield forged, crop, crop_face(film, face, NETWORK_PX).image, (film_px, *_shortcuts(crop))


def _shortcuts(crop: RgbImage) -> tuple[float, ...]:
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    size = len(cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, 90])[1])
    return sharpness(crop), float(grey.mean()), float(grey.std()), float(size)


def write_tokens(maker: SampleMaker, samples: Sequence[Sample], out: Path) -> None:
    """Write the samples that the folder does not hold, in further parts."""
    out.mkdir(parents=True, exist_ok=True)
    encoder, network = OnnxEncoder(), LiteRtFaceNetwork(WEIGHTS / "model.tflite", 1)
    scored_by = digest(WEIGHTS / "model.tflite")
    paths = part_paths(out)
    held = {key for path in paths for key in _held(path)}
    missing = [sample for sample in samples if _key(maker.rows[sample.row].path, sample.draw) not in held]
    parts = [missing[start : start + PART] for start in range(0, len(missing), PART)]
    print(f"{len(missing)} of {len(samples)} samples are missing, in {len(parts)} parts", flush=True)
    for number, part in enumerate(parts):
        found: dict[str, list[object]] = defaultdict(list)
        for sample in part:
            for forged, crop, small, shortcuts in maker.draw(sample):
                found["means"].append(region_means(encoder.tokens(crop)).astype(np.float16))
                found["logits"].append(network.run(small[None]).logits[0])
                found["paths"].append(maker.rows[sample.row].path)
                found["draws"].append(sample.draw)
                found["kinds"].append(sample.kind.value)
                found["forged"].append(forged)
                found["shortcuts"].append(np.array(shortcuts, np.float32))
        path = out / f"part-{len(paths) + number:04d}.npz"
        written = path.with_suffix(".part.npz")
        arrays: dict[str, Any] = {name: np.stack([np.asarray(v) for v in values]) for name, values in found.items()}
        np.savez(written, network=np.array(scored_by), **arrays)
        written.replace(path)
        print(f"part {number} of {len(parts)}", flush=True)


def part_paths(folder: Path) -> list[Path]:
    """Of what was written whole, in its order."""
    return sorted(folder.glob("part-[0-9][0-9][0-9][0-9].npz"))


def _held(path: Path) -> Iterator[tuple[str, int]]:
    with np.load(path) as part:
        yield from map(_key, part["paths"].tolist(), part["draws"].tolist())


def _key(path: str, draw: int) -> tuple[str, int]:
    """A pseudo-fake is known by its number: which face it is made from changes as sources grow."""
    return ("" if draw >= FIRST_PAIR else path, draw)


def read_tokens(rows: tuple[FaceRow, ...], *folders: Path) -> TokenTable:
    """All parts that are there, in their order, a sample that is there twice once: its first.

    Samples of faces that the manifest no longer has are left out.
    """
    parts = [np.load(path) for folder in folders for path in part_paths(folder)]
    if not parts:
        raise FileNotFoundError("no token parts in " + ", ".join(map(str, folders)))
    names = [name for name in parts[0].files if name != "network"]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in names}
    networks = [str(part["network"]) if "network" in part else "" for part in parts]
    joined["networks"] = np.repeat(networks, [len(part["logits"]) for part in parts])
    numbers = {row.path: index for index, row in enumerate(rows)}
    found = np.array([numbers.get(path, -1) for path in joined.pop("paths").tolist()], np.int64)
    _, first = np.unique(np.stack([found, joined["draws"], joined["forged"]]), axis=1, return_index=True)
    kept = np.sort(first[found[first] >= 0])
    return TokenTable(rows=found[kept], **{name: values[kept] for name, values in joined.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that training.data built")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=PSEUDO_PAIRS, help="pseudo-fakes")
    parser.add_argument("--as-filed", type=int, default=0, help="instead: so many faces of a class with nothing done")
    parser.add_argument("--held-out", type=int, default=0, help="instead: so many that the network was not trained on")
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", nargs="*", default=[], help="datasets; all when left out")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    maker = SampleMaker(arguments.data)
    if arguments.held_out:
        samples = plan_held_out(maker.rows, trained_origins(arguments.shared, maker.rows), arguments.held_out)
    elif arguments.as_filed:
        samples = plan_as_filed(maker.rows, arguments.as_filed)
    else:
        samples = plan_samples(maker.rows, arguments.pairs)
    wanted = [s for s in samples if not arguments.only or maker.rows[s.row].dataset in arguments.only]
    write_tokens(maker, wanted, arguments.out)


if __name__ == "__main__":
    main()
