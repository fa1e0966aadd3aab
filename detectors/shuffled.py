"""A serving network with its weights shuffled: what a map must not look like if it is to show the model.

Every constant tensor keeps its values and loses their order, so that the layers' statistics stay (Adebayo et al. 2018).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from core.errors import Defect

LEAST_VALUES: Final = 64
"""Smaller constants are shapes, scales and axes, which the network needs to run at all."""


def shuffled(model: bytes, *, seed: int) -> bytes:
    """A LiteRT file like the given one, every weight tensor permuted within itself.

    Raises: Defect when no weight could be found in the file.
    """
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=model)
    rng = np.random.default_rng(seed)
    content = bytearray(model)
    found = 0
    for detail in interpreter.get_tensor_details():
        try:
            values = interpreter.get_tensor(detail["index"])
        except ValueError:
            continue  # not a constant: it has no value before the network runs
        if values.size < LEAST_VALUES:
            continue
        at = model.find(values.tobytes())
        if at < 0:
            continue
        content[at : at + values.nbytes] = rng.permutation(values.ravel()).tobytes()
        found += 1
    if found == 0:
        raise Defect("weights_not_found", "The network's weights could not be shuffled.")
    return bytes(content)
