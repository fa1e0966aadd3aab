"""Batches of pairs: a real crop and a fake one, made from it or kept beside it, augmented alike."""

from __future__ import annotations

import multiprocessing as mp
import os
from collections.abc import Generator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from training.feeding import feed
from training.visual.augmentation import apply, draw
from training.visual.blending import Pair, resynthesis, self_blend, swap_blend
from training.visual.dataset import CONTEXT_SIZE_PX, FaceCache, open_cache


@dataclass(frozen=True, slots=True)
class Recipe:
    """Shares of the kinds of pair in a batch, and of the sources of real faces that blends are made from."""

    self_blends: float = 0.52
    swap_blends: float = 0.08
    resyntheses: float = 0.06
    dfdc_pairs: float = 0.17
    ffpp_fakes: float = 0.11
    generated: float = 0.04
    ciplab: float = 0.02
    sources: tuple[tuple[str, float], ...] = (("ffpp_c23", 0.42), ("dfdc", 0.28), ("ciplab", 0.16), ("generated", 0.14))

    def kinds(self) -> tuple[str, ...]:
        return ("self_blends", "swap_blends", "resyntheses", "dfdc_pairs", "ffpp_fakes", "generated", "ciplab")


RECIPE: Final = Recipe()


class PairMaker:
    """Draws pairs from the training part of the cache. Holds indices only."""

    def __init__(self, cache: FaceCache, recipe: Recipe) -> None:
        self._cache = cache
        self._recipe = recipe
        train = [i for i, row in enumerate(cache.rows) if not row.held_out and cache.found[i]]
        self._real = {
            name: np.array([i for i in train if cache.rows[i].dataset == name and not cache.rows[i].is_fake])
            for name, _ in recipe.sources
        }
        self._fake = {
            name: np.array([i for i in train if cache.rows[i].dataset == name and cache.rows[i].is_fake])
            for name, _ in recipe.sources
        }
        by_group = {cache.rows[i].group: i for i in self._real["dfdc"]}
        self._dfdc = [(by_group[cache.rows[i].group], i) for i in self._fake["dfdc"] if cache.rows[i].group in by_group]
        self._ffpp_methods: dict[str, npt.NDArray[np.int64]] = {}
        for method in sorted({cache.rows[i].method for i in self._fake["ffpp_c23"]}):
            self._ffpp_methods[method] = np.array([i for i in self._fake["ffpp_c23"] if cache.rows[i].method == method])
        self._ffpp_by_group: dict[str, list[int]] = {}
        for i in self._real["ffpp_c23"]:
            self._ffpp_by_group.setdefault(cache.rows[i].group, []).append(int(i))

    def draw(self, rng: np.random.Generator) -> Pair:
        recipe = self._recipe
        shares = np.array([getattr(recipe, kind) for kind in recipe.kinds()])
        kind = str(rng.choice(recipe.kinds(), p=shares / shares.sum()))
        if kind == "dfdc_pairs":
            return self._beside(*self._dfdc[int(rng.integers(len(self._dfdc)))])
        if kind == "ffpp_fakes":
            methods = list(self._ffpp_methods)
            fake = int(rng.choice(self._ffpp_methods[methods[int(rng.integers(len(methods)))]]))
            near = self._ffpp_by_group.get(self._cache.rows[fake].group) or self._real["ffpp_c23"]
            return self._beside(int(rng.choice(near)), fake)
        if kind in ("generated", "ciplab"):
            return self._beside(int(rng.choice(self._real[kind])), int(rng.choice(self._fake[kind])))
        names = [name for name, _ in recipe.sources]
        weights = np.array([share for _, share in recipe.sources])
        source = str(rng.choice(names, p=weights / weights.sum()))
        index = int(rng.choice(self._real[source]))
        image, landmarks = self._cache.images[index], self._cache.landmarks[index]
        if kind == "swap_blends":
            donor = int(rng.choice(self._real[source]))
            return swap_blend(image, landmarks, self._cache.images[donor], self._cache.landmarks[donor], rng)
        if kind == "resyntheses":
            return resynthesis(image, landmarks, rng)
        return self_blend(image, landmarks, rng)

    def _beside(self, real: int, fake: int) -> Pair:
        images = self._cache.images
        return Pair(real=images[real], fake=images[fake], mask=np.zeros(images.shape[1:3], np.float32))


def make_batch(
    maker: PairMaker, pairs: int, size_px: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """images (2 * pairs, S, S, 3) uint8, reals then fakes; labels (2 * pairs, 1) float32."""
    images = np.empty((2 * pairs, size_px, size_px, 3), np.uint8)
    for index in range(pairs):
        pair = maker.draw(rng)
        chain = draw(rng, size_px, CONTEXT_SIZE_PX)
        images[index] = apply(chain, pair.real)
        images[pairs + index] = apply(chain, pair.fake)
    labels = np.concatenate([np.zeros((pairs, 1)), np.ones((pairs, 1))]).astype(np.float32)
    return images, labels


def stream(
    data: Path, cache: Path, recipe: Recipe, *, pairs: int, size_px: int, seed: int, first_step: int, workers: int = 1
) -> Generator[tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]], None, None]:
    """Batches from worker processes. Batch `k` depends on `seed` and `k` only, so a resumed run repeats nothing."""
    context = mp.get_context("spawn")
    queues = [context.Queue(maxsize=6) for _ in range(workers)]
    processes = [
        context.Process(
            target=_work,
            args=(data, cache, recipe, pairs, size_px, seed, first_step + lane, workers, queue),
            daemon=True,
        )
        for lane, queue in enumerate(queues)
    ]
    for process in processes:
        process.start()
    step = first_step
    try:
        while True:
            yield queues[(step - first_step) % workers].get(timeout=300)
            step += 1
    finally:
        for process in processes:
            process.terminate()


def _work(
    data: Path,
    cache: Path,
    recipe: Recipe,
    pairs: int,
    size_px: int,
    seed: int,
    first: int,
    stride: int,
    queue: mp.Queue[tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]],
) -> None:
    cv2.setNumThreads(1)
    os.nice(2)
    maker = PairMaker(open_cache(data, cache), recipe)
    rngs = (np.random.default_rng([seed, step]) for step in count(first, stride))
    feed(queue, (make_batch(maker, pairs, size_px, rng) for rng in rngs))
