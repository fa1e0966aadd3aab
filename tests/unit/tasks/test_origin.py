"""A reader that fails once says nothing of the file: what the file tells of its origin is asked for again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from core.settings import LimitSettings
from core.types import Origin, PreparedMedia
from tasks.jobs import origin
from tasks.jobs.origin import NOT_READ, establish_origin
from tasks.policy import MAX_ATTEMPTS, TryAgain
from tests.fixtures.ports import MemoryCaseFile, analysis
from tests.fixtures.reports import media

ID = "an_1"


class Blobs:
    def download(self, bucket: object, key: str, path: Path) -> None:
        path.write_bytes(b"content")


class Case(MemoryCaseFile):
    def original_key(self, analysis_id: str) -> str:
        return "original"


@dataclass
class Bench:
    case: Case = field(default_factory=lambda: Case({ID: analysis(ID)}))
    blobs: Blobs = field(default_factory=Blobs)
    reader: object = field(default_factory=object)

    def __post_init__(self) -> None:
        self.case.save_prepared(ID, PreparedMedia(info=media(), frames=()))
        self.settings = type("Settings", (), {"limits": LimitSettings()})()


def test_a_failure_of_the_reader_is_tried_again_before_it_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    bench: Any = Bench()
    answers = [NOT_READ, Origin()]
    monkeypatch.setattr(origin, "origin_of", lambda *_, **__: answers.pop(0))
    with pytest.raises(TryAgain):
        establish_origin(bench, ID, 1)
    assert bench.case.prepared(ID).origin is None
    establish_origin(bench, ID, 2)
    assert bench.case.prepared(ID).origin == Origin()


def test_after_the_last_attempt_the_report_says_that_it_could_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    bench: Any = Bench()
    monkeypatch.setattr(origin, "origin_of", lambda *_, **__: NOT_READ)
    establish_origin(bench, ID, MAX_ATTEMPTS)
    assert bench.case.prepared(ID).origin == NOT_READ


def test_it_is_read_by_a_reader_that_is_loaded_already(monkeypatch: pytest.MonkeyPatch) -> None:
    bench: Any = Bench()
    asked: list[object] = []

    def read(*_: object, run: object) -> Origin:
        asked.append(run)
        return Origin()

    monkeypatch.setattr(origin, "origin_of", read)
    establish_origin(bench, ID)
    assert asked == [bench.reader]
