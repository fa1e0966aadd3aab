"""The mean of a run's weights and of those that it started from, as a run of its own.

`python -m training.visual.mean --run visual --before model.keras` makes `.cache/runs/visual-mean`, to be exported and
evaluated like any other. As good as the better of the two on most sources (Wortsman et al. 2022).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from training.reporting import digest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--run", default="visual")
    parser.add_argument("--before", type=Path, required=True, help="exported model.keras that the run started from")
    arguments = parser.parse_args()
    import keras

    before = keras.models.load_model(arguments.before, compile=False).get_weights()
    run = arguments.cache / "runs" / arguments.run
    out = arguments.cache / "runs" / f"{arguments.run}-mean"
    out.mkdir(parents=True, exist_ok=True)
    with np.load(run / "checkpoint.npz") as stored:
        means = {f"a{index}": (stored[f"a{index}"] + value) / 2 for index, value in enumerate(before)}
        np.savez(out / "checkpoint.npz", step=stored["step"], **means)
    recipe = json.loads((run / "recipe.json").read_text())
    (out / "recipe.json").write_text(json.dumps(recipe | {"mean_with": digest(arguments.before)}, indent=1))


if __name__ == "__main__":
    main()
