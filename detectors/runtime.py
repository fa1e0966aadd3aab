"""Runs a network that is kept in a file: LiteRT for `.tflite`, ONNX Runtime for `.onnx`, both on the processor."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from core.errors import Defect, Misconfigured
from detectors.model_files import unreadable

PROCESSOR: Final = Path("/proc/cpuinfo")
EXACT_AND_FAST: Final = {"AMX": ("amx_int8",), "VNNI": ("avx512_vnni", "avx_vnni")}
"""Marks in `PROCESSOR` of what adds products of 8-bit numbers without overflow, by its name, the fastest first."""

A = TypeVar("A")
B = TypeVar("B")
Floats = npt.NDArray[np.float32]
Session = Callable[[npt.NDArray[Any]], tuple[Floats, ...]]
"""Runs one batch of the size that the file asks for."""

_LITERT_MARK: Final = b"TFL3"


def side_by_side(work: Callable[[A], B], items: Sequence[A], threads: int) -> list[B]:
    """What comes of each item, in their order, so many at a time."""
    if threads < 2 or len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(min(threads, len(items))) as pool:
        return list(pool.map(work, items))


class ModelRuntime:
    """One network. Nothing is loaded before the first run; the object may be shared between threads.

    LiteRT works with interpreters of one thread each, as many as ever ran at once, and shares a batch among them: what
    threads of one network wait for each other they do not work. Each holds the weights once more, so that there are no
    more of them than processors. ONNX Runtime has one session for all.

    Args:
        model: the file, or its content.
        threads: how many parts of a batch are run side by side; of an ONNX session, its threads.
        row_shape: of one row of the input, without the batch; checked when the network is loaded.
        outputs: names of the outputs to give, in this order, of an ONNX network; all of them when left out.
        appended: to the content of an ONNX file before it is loaded.
        exact: 8-bit products of an ONNX network are never added in 16 bits, which overflow: a processor with VNNI or
            AMX does not do that anyway, and is slowed by it several times.
    """

    def __init__(
        self,
        model: Path | bytes,
        *,
        threads: int = 1,
        row_shape: tuple[int, ...] | None = None,
        outputs: Sequence[str] | None = None,
        appended: bytes = b"",
        exact: bool = False,
    ) -> None:
        self._model, self._threads, self._row_shape, self._outputs = model, threads, row_shape, outputs
        self._appended, self._exact = appended, exact
        self._lock = threading.Lock()
        self._idle: deque[Session] = deque()
        self._room = threading.Semaphore(len(os.sched_getaffinity(0)))
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
        with self._room:
            session = self._taken()
            if session is not self._shared:
                self._idle.append(session)
        if session is self._shared:
            return session(batch)
        parts = [part for part in np.array_split(batch, self._threads) if len(part)]
        found = side_by_side(self._run_part, parts, self._threads)
        return tuple(np.concatenate(each) for each in zip(*found, strict=True))

    def _run_part(self, batch: npt.NDArray[Any]) -> tuple[Floats, ...]:
        with self._room:
            session = self._taken()
            try:
                return session(batch)
            finally:
                self._idle.append(session)

    def _taken(self) -> Session:
        try:
            return self._idle.pop()
        except IndexError:
            return self._load()

    def _load(self) -> Session:
        if self._read(8)[4:] == _LITERT_MARK:
            return _litert(self._read(), self._row_shape)
        with self._lock:
            if self._shared is None:
                self._shared = _onnx(
                    self._model, self._appended, self._threads, self._row_shape, self._outputs, exact=self._exact
                )
                self._model = b""  # the session has what it needs of it
            return self._shared

    def _read(self, most: int | None = None) -> bytes:
        if isinstance(self._model, bytes):
            return self._model[:most]
        try:
            with self._model.open("rb") as file:
                return file.read(most)
        except OSError as error:
            raise unreadable(self._model.name) from error


def fast_products(processor: Path = PROCESSOR) -> str | None:
    """What this processor adds 8-bit products with exactly and fast: a name of `EXACT_AND_FAST`, or "unknown" where the
    system does not tell; None where it has nothing of the kind."""
    if not processor.exists():
        return "unknown"
    flags = set(processor.read_text(encoding="utf-8").split())
    return next((name for name, marks in EXACT_AND_FAST.items() if flags & set(marks)), None)


def _litert(content: bytes, row_shape: tuple[int, ...] | None) -> Session:
    from ai_edge_litert.interpreter import Interpreter  # deferred: loads a native library

    try:
        interpreter = Interpreter(model_content=content, num_threads=1)
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


def _onnx(
    model: Path | bytes,
    appended: bytes,
    threads: int,
    row_shape: tuple[int, ...] | None,
    outputs: Sequence[str] | None,
    *,
    exact: bool,
) -> Session:
    try:
        import onnxruntime  # deferred: loads a native library
    except ImportError as error:
        raise Misconfigured("weights_missing", "ONNX Runtime is not installed. Run 'make setup'.") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.x64quantprecision", "1" if exact else "0")
    # From a file: of content that it is given, a session keeps a copy as long as it lives.
    with tempfile.NamedTemporaryFile(prefix="deepwitness-", suffix=".onnx") as file:
        if isinstance(model, Path):
            shutil.copyfile(model, file.name)  # the system copies it, and no memory is taken for it here
            file.seek(0, os.SEEK_END)
        else:
            file.write(model)
        file.write(appended)
        file.flush()
        try:
            session = onnxruntime.InferenceSession(file.name, options, providers=["CPUExecutionProvider"])
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
