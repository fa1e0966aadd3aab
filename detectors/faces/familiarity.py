"""Does this face look like any that the model knows?

Claim: strangeness above 1 means that colours, grain and drawing of the crop lie outside of what nearly all photographed
and filmed faces of the fitting population show, so that a score of it means little.
Source: Mahalanobis distance in early features, after Lee et al. 2018;
fitted by `training/faces/network/familiarity.py`.
Limits: it knows the look of a picture, not its content: a face upside down, or a forgery of a new kind, is familiar.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from core.types import Frozen


class Familiarity(Frozen):
    """Mean and whitening axes of the looks of known faces.

    A look is the mean and the standard deviation of each of C channels: 2C numbers. mean: (2C,). axes: (K, 2C), rows
    that whiten the looks of the population. limit: the mean square along the axes that few known faces pass.
    """

    version: str
    mean: tuple[float, ...]
    axes: tuple[tuple[float, ...], ...]
    limit: float

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls.model_validate_json(path.read_bytes())

    def strangeness(self, textures: npt.NDArray[np.float32]) -> list[float]:
        """textures: (N, 2C), means and mean squares of the channels. Distance in units of the limit."""
        along = (looks(textures) - np.asarray(self.mean)) @ np.asarray(self.axes).T
        return [float(value) for value in np.square(along).mean(axis=1) / self.limit]


def looks(textures: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """(N, 2C) means and mean squares to (N, 2C) means and standard deviations."""
    mean, square = np.split(textures.astype(np.float64), 2, axis=1)
    return np.concatenate([mean, np.sqrt(np.maximum(square - np.square(mean), 0.0))], axis=1)
