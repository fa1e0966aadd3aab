"""Train the visual detector: self-blended pairs first of all, real fakes beside them.

`python -m training.faces.network.train --data ../shared/data --resume` trains, logs, checkpoints and evaluates on the
left-out groups as it goes. Every step's batch follows from the seed and the step's number: a resumed run continues the
same one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from training import loop
from training.data.faces import CONTEXT_MARGIN
from training.faces.data.batches import RECIPE, Batch, PairMaker, Recipe, make_batch, stream
from training.faces.data.dataset import CONTEXT_SIZE_PX, FaceCache, open_cache
from training.faces.network.backbone import LITE2_STAGES, STAGES, build, pretrained, pretrained_lite2, recalibrate
from training.metrics import auc

EVALUATED: Final[Mapping[str, int]] = {"ffpp_c23": 4, "dfdc": 2, "generated": 2, "ciplab": 2}
"""Sources, and one in how many of their left-out faces is scored while training."""


@dataclass(frozen=True, slots=True)
class Schedule(loop.Schedule):
    """How long and how fast. `sizes`: side of the input from a share of the run on."""

    steps: int = 2000
    pairs: int = 16
    """Of an honest and an altered example, in a batch."""
    peak_rate: float = 2.5e-4
    warmup: int = 100
    weight_decay: float = 1e-4
    ema: float = 0.998
    smoothing: float = 0.02
    seed: int = 7
    localisation: float = 0.25
    """Weight of the term that lifts the map inside a known change above the map outside it."""
    mixup: float = 0.0
    """Parameter of the Beta distribution that pictures and labels are mixed by; 0 for none."""
    residual: bool = False
    """Show the network what a blur takes away, around mid-grey, instead of the picture."""
    lite2: bool = False
    """The larger network, from its own ImageNet weights."""
    sizes: tuple[tuple[float, int], ...] = ((0.0, 160), (0.55, 192))

    def size_px(self, step: int) -> int:
        return [size for share, size in self.sizes if step >= round(share * self.steps)][-1]

    def next_change(self, step: int) -> int:
        later = [round(share * self.steps) for share, _ in self.sizes if round(share * self.steps) > step]
        return min([*later, self.steps])


class Run:
    """One training run."""

    def __init__(
        self, folder: Path, schedule: Schedule, cache: FaceCache, *, resume: bool, initial: Path | None = None
    ) -> None:
        """`initial`: an exported `model.keras` to go on from, instead of the ImageNet weights."""
        import keras

        self.folder, self.schedule, self.cache = folder, schedule, cache
        keras.utils.set_random_seed(schedule.seed)
        weights, stages = (pretrained_lite2(), LITE2_STAGES) if schedule.lite2 else (pretrained(), STAGES)
        fresh = not (resume and loop.has_checkpoint(folder))
        if fresh and initial is None:
            batch = make_batch(PairMaker(cache, RECIPE), 160, 160, np.random.default_rng([schedule.seed, 0, 1]))
            weights = recalibrate(weights, np.random.default_rng(0).permutation(batch.images), 160, stages)
        self.model = build(weights, None, folded=True, dropout=0.2, stages=stages)
        optimizer = keras.optimizers.AdamW(
            schedule.peak_rate, weight_decay=schedule.weight_decay, clipnorm=5.0, beta_2=0.99
        )
        optimizer.build(self.model.trainable_variables)
        if fresh and initial is not None:
            self.model.set_weights(keras.models.load_model(initial, compile=False).get_weights())
        self.fit = loop.Fit(folder, schedule, self.model, optimizer, resume=not fresh, averaged_every=5)

    def train(self, data: Path, cache: Path, recipe: Recipe, evaluate_every: int) -> None:
        import keras
        import tensorflow as tf

        schedule, optimizer = self.schedule, self.fit.optimizer
        head = self.model.get_layer("head")
        network = keras.Model(self.model.input, [self.model.output, self.model.get_layer("features").output])

        @tf.function(reduce_retracing=True)
        def learn(images: tf.Tensor, labels: tf.Tensor, masks: tf.Tensor) -> tf.Tensor:
            targets = labels * (1 - 2 * schedule.smoothing) + schedule.smoothing
            with tf.GradientTape() as tape:
                logits, features = network(tf.cast(images, tf.float32), training=True)
                loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(targets, logits))
                activation = tf.tensordot(features, head.kernel[:, 0], 1)
                total = loss + schedule.localisation * mislocated(activation, masks)
            gradients = tape.gradient(total, self.model.trainable_variables)
            optimizer.apply(gradients, self.model.trainable_variables)
            return loss

        mixing = np.random.default_rng([schedule.seed, self.fit.step, 2])

        def learn_batch(batch: Batch) -> float:
            images, labels = shown(batch, schedule, mixing)
            return float(learn(*(tf.constant(part) for part in (images, labels, batch.masks))))

        self.fit.run(
            learn_batch, self._batches(data, cache, recipe), evaluate=self.evaluate, evaluate_every=evaluate_every
        )

    def _batches(self, data: Path, cache: Path, recipe: Recipe) -> Generator[Batch, None, None]:
        step = self.fit.step
        while step < self.schedule.steps:
            until = self.schedule.next_change(step)
            source = stream(
                data, cache, recipe, pairs=self.schedule.pairs, size_px=self.schedule.size_px(step),
                seed=self.schedule.seed, first_step=step,
            )  # fmt: skip
            with closing(source):
                for _ in range(until - step):
                    yield next(source)
            step = until

    def evaluate(self, size_px: int = 192, *, averaged: bool = True) -> dict[str, float]:
        """Frame AUC of the averaged weights, or of the last, on a bounded sample of each source's left-out groups."""

        def inputs(rows: Sequence[int]) -> npt.NDArray[np.float32]:
            crops = serving_crops(self.cache, rows, size_px)
            return residual(crops) if self.schedule.residual else crops

        result = {}
        for dataset in EVALUATED:
            chosen = left_out_sample(self.cache, dataset)
            labels = np.array([int(self.cache.rows[i].is_fake) for i in chosen])
            result[dataset] = round(auc(labels, self.fit.scores(chosen, inputs, averaged=averaged)), 4)
        return result


def shown(
    batch: Batch, schedule: Schedule, rng: np.random.Generator
) -> tuple[npt.NDArray[Any], npt.NDArray[np.float32]]:
    """Pictures and labels as the network sees them."""
    images: npt.NDArray[Any] = residual(batch.images) if schedule.residual else batch.images
    if schedule.mixup == 0:
        return images, batch.labels
    order = rng.permutation(len(images))
    share = rng.beta(schedule.mixup, schedule.mixup, (len(images), 1)).astype(np.float32)
    wide = share[..., None, None]
    mixed = images.astype(np.float32) * wide + images[order].astype(np.float32) * (1 - wide)
    return mixed, batch.labels * share + batch.labels[order] * (1 - share)


def residual(images: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """(N, S, S, 3) minus its blur, four times over, around mid-grey."""
    import cv2

    blurred = np.stack([cv2.GaussianBlur(image, (0, 0), 1.5) for image in images])
    return np.asarray(np.clip(127 + 4 * (images.astype(np.float32) - blurred), 0, 255), np.float32)


def left_out_sample(cache: FaceCache, dataset: str) -> list[int]:
    """The same bounded sample every time."""
    listed = [i for i, row in enumerate(cache.rows) if row.held_out and row.dataset == dataset]
    return sorted(np.random.default_rng(0).permutation(listed)[: len(listed) // EVALUATED[dataset]].tolist())


def mislocated(activation: Any, masks: Any) -> Any:
    """How little the class activation map tells the inside of a known change from its outside; 0 at best.

    Args:
        activation: (B, C, C) map whose mean is the logit, up to a constant.
        masks: (B, C, C) changed share of each cell; faces without cells on both sides do not count.
    """
    import tensorflow as tf

    inside, outside = tf.cast(masks > 0.5, tf.float32), tf.cast(masks < 0.1, tf.float32)
    n_inside, n_outside = tf.reduce_sum(inside, (1, 2)), tf.reduce_sum(outside, (1, 2))
    counts = tf.cast((n_inside > 0) & (n_outside > 0), tf.float32)
    within = tf.reduce_sum(activation * inside, (1, 2)) / tf.maximum(n_inside, 1.0)
    without = tf.reduce_sum(activation * outside, (1, 2)) / tf.maximum(n_outside, 1.0)
    return tf.reduce_sum(counts * tf.nn.softplus(1.0 - (within - without))) / tf.maximum(tf.reduce_sum(counts), 1.0)


def serving_crops(
    cache: FaceCache, chosen: Sequence[int], size_px: int = 192, margin: float = 1.25
) -> npt.NDArray[np.float32]:
    """The cached context crops, cut to the margin that serving uses. (N, S, S, 3) float32 in 0..255."""
    import cv2

    side = CONTEXT_SIZE_PX * margin / CONTEXT_MARGIN
    scale, shift = size_px / side, (CONTEXT_SIZE_PX - side) / 2
    matrix = np.array([[scale, 0, -shift * scale], [0, scale, -shift * scale]])
    crops = [cv2.warpAffine(cache.images[i], matrix, (size_px, size_px), flags=cv2.INTER_LINEAR) for i in chosen]
    return np.stack(crops).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--run", default="visual")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--initial", type=Path, default=None, help="exported model.keras to go on from")
    parser.add_argument("--steps", type=int, default=Schedule().steps)
    parser.add_argument("--seed", type=int, default=Schedule().seed)
    parser.add_argument("--evaluate-every", type=int, default=250)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peak-rate", type=float, default=Schedule().peak_rate)
    parser.add_argument("--one-size", action="store_true", help="192 px throughout, as for weights trained before")
    arguments = parser.parse_args()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    schedule = Schedule(steps=arguments.steps, seed=arguments.seed, peak_rate=arguments.peak_rate)
    if arguments.one_size:
        schedule = replace(schedule, sizes=((0.0, 192),))
    cache = open_cache(arguments.data, arguments.cache)
    run = Run(
        arguments.cache / "runs" / arguments.run, schedule, cache, resume=arguments.resume, initial=arguments.initial
    )
    (run.folder / "recipe.json").write_text(
        json.dumps({"schedule": asdict(schedule), "recipe": asdict(RECIPE)}, indent=1)
    )
    run.train(arguments.data, arguments.cache, RECIPE, arguments.evaluate_every)


if __name__ == "__main__":
    main()
