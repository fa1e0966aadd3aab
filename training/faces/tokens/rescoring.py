"""Renew the network's logits of drawn samples, after the network changed. The encoder's means stay as they are.

    python -m training.faces.tokens.rescoring --data DIR --tokens DIR [DIR ...]

Every sample is drawn again as it was, and only the network hears it: samples as filed can always be drawn again, others
as long as the chain of degradations stays the same. A part names the weights that it was scored by, so that a run that
was stopped goes on.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

import cv2
import numpy as np

from detectors.faces.runtime import WEIGHTS, FaceNetwork, LiteRtFaceNetwork
from training.faces.tokens.features import Kind, Sample, SampleMaker, part_paths
from training.reporting import digest


def rescore(maker: SampleMaker, network: FaceNetwork, path: Path, name: str) -> None:
    """Write the part again with the logits of this network. `name` tells its weights.

    Raises: ValueError when a sample is not drawn as it was.
    """
    with np.load(path) as part:
        if "network" in part and str(part["network"]) == name:
            return
        arrays = {key: part[key] for key in part.files}
    rows = {row.path: index for index, row in enumerate(maker.rows)}
    keys = zip(arrays["paths"].tolist(), arrays["draws"].tolist(), arrays["kinds"].tolist(), strict=True)
    logits = arrays["logits"].copy()
    first = 0
    for (face, draw, kind), members in itertools.groupby(keys):
        count = len(list(members))
        if face in rows:
            drawn = list(maker.draw(Sample(rows[face], draw, Kind(kind))))
            shortcuts = np.array([each[3] for each in drawn], np.float32)
            if not np.allclose(shortcuts, arrays["shortcuts"][first : first + count], rtol=1e-3, atol=1e-2):
                raise ValueError(f"{face} is not drawn as it was")
            logits[first : first + count] = [network.run(small[None]).logits[0] for _, _, small, _ in drawn]
        first += count
    written = path.with_suffix(".part.npz")
    np.savez(written, **{**arrays, "logits": logits, "network": np.array(name)})
    written.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that training.data built")
    parser.add_argument(
        "--tokens", type=Path, nargs="+", required=True, help="folders of training.faces.tokens.features"
    )
    parser.add_argument("--weights", type=Path, default=WEIGHTS / "model.tflite")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    maker, network = SampleMaker(arguments.data), LiteRtFaceNetwork(arguments.weights, 1)
    name = digest(arguments.weights)
    paths = [path for folder in arguments.tokens for path in part_paths(folder)]
    for number, path in enumerate(paths):
        rescore(maker, network, path, name)
        print(f"part {number} of {len(paths)}", flush=True)


if __name__ == "__main__":
    main()
