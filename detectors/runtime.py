"""Runs a network that is kept in a file: LiteRT for `.tflite`, ONNX Runtime for `.onnx`, both on the processor."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from core.errors import Defect, Misconfigured

Floats = npt.NDArray[np.float32]
Session = Callable[[npt.NDArray[Any]], tuple[Floats, ...]]
"""Runs one batch of the size that the file asks for."""

_LITERT_MARK: Final = b"TFL3"


class ModelRuntime:
    """One network. Nothing is loaded before the first run; the object may be shared between threads.

    LiteRT works with one interpreter a run, as many as ever ran at once; ONNX Runtime with one session for all.

    Args:
        model: the file, or its content.
        threads: of each interpreter or session.
        row_shape: of one row of the input, without the batch; checked when the network is loaded.
        outputs: names of the outputs to give, in this order, of an ONNX network; all of them when left out.
    """

    def __init__(
        self,
        model: Path | bytes,
        *,
        threads: int = 1,
        row_shape: tuple[int, ...] | None = None,
        outputs: Sequence[str] | None = None,
    ) -> None:
        self._model, self._threads, self._row_shape, self._outputs = model, threads, row_shape, outputs
        self._lock = threading.Lock()
        self._idle: list[Session] = []
        self._shared: Session | None = None

    def run(self, batch: npt.NDArray[Any]) -> tuple[Floats, ...]:
        """All outputs in the file's order, each (N, ...) float32; one row a time where the file takes only one.

        Args:
            batch: (N, ...), N ≥ 1, in the range that the network was trained on.

        Raises: Misconfigured when the file cannot be loaded, Defect when a row has another shape than the network's.
        """
        if self._row_shape is not None and batch.shape[1:] != self._row_shape:
            raise Defect("model_input_shape", "A network was given an input of another shape than it takes.")
        if self._shared is not None:
            return self._shared(batch)
        with self._lock:
            session = self._idle.pop() if self._idle else None
        session = session or self._load()
        try:
            return session(batch)
        finally:
            if session is not self._shared:
                with self._lock:
                    self._idle.append(session)

    def _load(self) -> Session:
        content = self._content()
        if content[4:8] == _LITERT_MARK:
            return _litert(content, self._threads, self._row_shape)
        with self._lock:
            if self._shared is None:
                self._shared = _onnx(content, self._threads, self._row_shape, self._outputs)
                self._model = b""  # the session has what it needs of it
            return self._shared

    def _content(self) -> bytes:
        if isinstance(self._model, bytes):
            return self._model
        try:
            return self._model.read_bytes()
        except OSError as error:
            raise Misconfigured("weights_missing", f"The model file {self._model.name} cannot be read.") from error


def _litert(content: bytes, threads: int, row_shape: tuple[int, ...] | None) -> Session:
    from ai_edge_litert.interpreter import Interpreter  # deferred: loads a native library

    try:
        interpreter = Interpreter(model_content=content, num_threads=threads)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise _unreadable() from error
    taken = interpreter.get_input_details()[0]
    given = [detail["index"] for detail in interpreter.get_output_details()]
    _check(tuple(int(side) for side in taken["shape"][1:]), row_shape)

    def run(batch: npt.NDArray[Any]) -> tuple[Floats, ...]:
        found: list[list[Floats]] = [[] for _ in given]
        for row in batch:
            interpreter.set_tensor(taken["index"], row[None].astype(taken["dtype"], copy=False))
            interpreter.invoke()
            for kept, index in zip(found, given, strict=True):
                kept.append(interpreter.get_tensor(index)[0])
        return tuple(np.stack(kept).astype(np.float32, copy=False) for kept in found)

    return run


def _onnx(content: bytes, threads: int, row_shape: tuple[int, ...] | None, outputs: Sequence[str] | None) -> Session:
    try:
        import onnxruntime  # deferred: loads a native library
    except ImportError as error:
        raise Misconfigured("weights_missing", "ONNX Runtime is not installed. Run 'make setup'.") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # The library's errors have no common ancestor but this one.
        raise _unreadable() from error
    (taken, *_) = session.get_inputs()
    _check(tuple(taken.shape[1:]), row_shape)
    is_single = taken.shape[0] == 1

    def run(batch: npt.NDArray[Any]) -> tuple[Floats, ...]:
        rows = batch.astype(np.float32, copy=False)
        parts = [rows[number : number + 1] for number in range(len(rows))] if is_single else [rows]
        found = [session.run(outputs, {taken.name: part}) for part in parts]
        return tuple(np.concatenate(each).astype(np.float32, copy=False) for each in zip(*found, strict=True))

    return run


def _check(found: Sequence[object], wanted: tuple[int, ...] | None) -> None:
    """An axis that the file leaves open fits any size."""
    if wanted is not None and (
        len(found) != len(wanted)
        or any(isinstance(side, int) and side not in (-1, size) for side, size in zip(found, wanted, strict=True))
    ):
        raise Misconfigured("weights_missing", "A model file takes another input than this version gives it.")


def _unreadable() -> Misconfigured:
    return Misconfigured("weights_missing", "A model file is damaged. Run 'make setup' to install it again.")
