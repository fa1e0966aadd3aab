"""The layers of a flat Keras network, read from its file without Keras: importing TensorFlow takes seconds and a GB."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from detectors.model_files import unreadable

_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-zA-Z])(?=[A-Z][a-z])")

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its class in Keras, the layers that it takes its inputs from, and what it was made with.

    weights: kernel before bias, as Keras keeps them.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    settings: Mapping[str, Any]
    weights: tuple[Floats, ...]


def read_layers(path: Path) -> tuple[Layer, ...]:
    """All layers in an order in which each comes after its inputs; the last gives the network's output.

    Raises: Misconfigured when the file holds no such network.
    """
    import h5py  # deferred: loads a native library

    try:
        with zipfile.ZipFile(path) as archive:
            described = json.loads(archive.read("config.json"))["config"]
            with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as stored:
                layers = tuple(_layers(described, stored["layers"]))
    except (OSError, KeyError, IndexError, ValueError, zipfile.BadZipFile) as error:
        raise unreadable(path.name) from error
    return layers


def _layers(described: Mapping[str, Any], stored: Any) -> Iterator[Layer]:
    """Raises: KeyError, IndexError, ValueError."""
    seen: Counter[str] = Counter()
    known: set[str] = set()
    for each in described["layers"]:
        kind, name = str(each["class_name"]), str(each["name"])
        stem = _WORD.sub("_", kind).lower()
        place = stem if not seen[stem] else f"{stem}_{seen[stem]}"
        seen[stem] += 1
        inputs = tuple(_inputs(each["inbound_nodes"]))
        if not known.issuperset(inputs):
            raise ValueError("a layer comes before its inputs")
        known.add(name)
        weights = stored[place]["vars"] if place in stored and "vars" in stored[place] else {}
        arrays = tuple(np.asarray(weights[str(number)], np.float32) for number in range(len(weights)))
        yield Layer(name, kind, inputs, each["config"], arrays)
    output = np.ravel(described["output_layers"])[0]
    if str(output) != name:
        raise ValueError("the output is not the last layer")


def _inputs(nodes: list[Any]) -> Iterator[str]:
    for node in nodes:
        for argument in node["args"]:
            for tensor in argument if isinstance(argument, list) else [argument]:
                yield str(tensor["config"]["keras_history"][0])
