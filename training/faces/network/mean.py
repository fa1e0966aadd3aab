"""The mean of several runs' weights and of those that they all started from, as a run of its own.

`python -m training.faces.network.mean --runs a b c --before model.keras --share 0.25 --out d` makes `.cache/runs/d`, to
be exported and evaluated like any other. As good as the best of them on most sources (Wortsman et al. 2022).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from training.reporting import digest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".cache"))
    parser.add_argument("--runs", nargs="+", required=True)
    parser.add_argument("--before", type=Path, required=True, help="exported model.keras that the runs started from")
    parser.add_argument(
        "--share", type=float, help="of the weights before in the mean; as much as a run's when left out"
    )
    parser.add_argument("--out", required=True, help="name of the run to make")
    arguments = parser.parse_args()
    import keras

    members = [keras.models.load_model(arguments.before, compile=False).get_weights()]
    steps = 0
    for name in arguments.runs:
        with np.load(arguments.cache / "runs" / name / "checkpoint.npz") as stored:
            members.append([stored[f"a{index}"] for index in range(len(members[0]))])
            steps = max(steps, int(stored["step"]))
    out = arguments.cache / "runs" / arguments.out
    out.mkdir(parents=True, exist_ok=True)
    share = 1 / len(members) if arguments.share is None else arguments.share
    shares = [share, *[(1 - share) / len(arguments.runs)] * len(arguments.runs)]
    means: dict[str, Any] = {
        f"a{index}": np.average(values, axis=0, weights=shares).astype(np.float32)
        for index, values in enumerate(zip(*members, strict=True))
    }
    np.savez(out / "checkpoint.npz", step=np.array(steps), **means)
    recipes = [json.loads((arguments.cache / "runs" / name / "recipe.json").read_text()) for name in arguments.runs]
    seeds = [recipe["schedule"].pop("seed") for recipe in recipes]
    (out / "recipe.json").write_text(
        json.dumps(
            recipes[0] | {"seeds": seeds, "mean_with": digest(arguments.before), "share_before": share}, indent=1
        )
    )


if __name__ == "__main__":
    main()
