"""The `score` verb: one line a file, whatever the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

import cli.scoring
from cli.score import score
from cli.scoring import FileFailure, FileScore, Once, Scorer
from core.confinement import Ended, ReaderPool
from core.errors import Misconfigured
from core.media import LocalMedia
from core.settings import LimitSettings
from core.types import (
    AudioCoverage,
    AudioEvidence,
    DetectorRef,
    Evidence,
    MediaInfo,
    Outcome,
    Reason,
    ReasonCode,
    Scored,
    Unscored,
    VisualCoverage,
    VisualEvidence,
    VisualObservations,
)
from detectors.media.extraction import decode_image
from tests.unit.detectors.clips import PICTURE, SOUND, make

READERS = ReaderPool()
REFERENCE = DetectorRef(name="test", version="1")


class Brightness:
    """A picture is as fake as it is bright; a black one shows no face, a white one breaks the detector."""

    def detect(self, media: LocalMedia) -> Evidence:
        p_fake = float(decode_image(media.frames[0].encoded).mean() / 255)
        if p_fake == 1:
            raise ZeroDivisionError("too bright")
        seen = int(p_fake > 0 or media.is_face_crop)
        outcome = Outcome.FAKE if p_fake >= 0.6 else Outcome.REAL if p_fake <= 0.4 else Outcome.INCONCLUSIVE
        no_face = Unscored(reason=Reason(code=ReasonCode.NO_FACE, message="No face."))
        scored = Scored(p_fake=p_fake, calibration_version="1", uncalibrated=0, outcome=outcome)
        return VisualEvidence(
            detector=REFERENCE,
            finding=scored if seen else no_face,
            coverage=VisualCoverage(frames_sampled=len(media.frames), frames_with_face=seen, faces_scored=seen),
        )


class Suspicion:
    """All sound is 90 % fake, and half of it is speech."""

    def detect(self, media: LocalMedia) -> Evidence:
        assert media.waveform is not None
        return AudioEvidence(
            detector=REFERENCE,
            finding=Scored(p_fake=0.9, calibration_version="1", uncalibrated=2, outcome=Outcome.FAKE),
            coverage=AudioCoverage(total_s=media.waveform.duration_s, speech_s=media.waveform.duration_s / 2),
        )


def scorer(*, faces: bool = False) -> Scorer:
    return Scorer(Brightness, Suspicion, LimitSettings(), frame_budget=4, faces=faces, run=READERS)


@pytest.fixture
def image(tmp_path: Path) -> Callable[[int], Path]:
    def write(level: int) -> Path:
        path = tmp_path / f"{level}.png"
        cv2.imwrite(str(path), np.full((32, 32, 3), level, np.uint8))
        return path

    return write


def test_an_image_is_scored_by_its_picture(image: Callable[[int], Path]) -> None:
    line = scorer().score(str(image(200)))
    assert isinstance(line, FileScore)
    assert line.verdict is Outcome.FAKE
    assert line.p_fake == line.visual.p_fake == pytest.approx(200 / 255)
    assert (line.visual.coverage, line.visual.frames) == (1.0, 1)
    assert (line.audio.p_fake, line.audio.reason) == (None, ReasonCode.NO_AUDIO_STREAM)


def test_an_inconclusive_file_still_has_a_number(image: Callable[[int], Path]) -> None:
    line = scorer().score(str(image(128)))
    assert isinstance(line, FileScore)
    assert line.verdict is Outcome.INCONCLUSIVE
    assert line.p_fake == pytest.approx(128 / 255)


def test_what_shows_no_face_has_a_reason_instead_of_a_number(image: Callable[[int], Path]) -> None:
    line = scorer().score(str(image(0)))
    assert isinstance(line, FileScore)
    assert line.p_fake is None
    assert line.visual.reason is ReasonCode.NO_FACE
    assert line.reasons[0].code is ReasonCode.NOTHING_EXAMINED


def test_a_face_crop_is_scored_whatever_it_shows(image: Callable[[int], Path]) -> None:
    line = scorer(faces=True).score(str(image(0)))
    assert isinstance(line, FileScore)
    assert line.p_fake == 0.0


def test_sound_is_scored_by_its_speech(tmp_path: Path) -> None:
    line = scorer().score(str(make(tmp_path / "tone.wav", *SOUND)))
    assert isinstance(line, FileScore)
    assert (line.verdict, line.audio.p_fake, line.visual.reason) == (Outcome.FAKE, 0.9, ReasonCode.NO_VIDEO_STREAM)
    assert line.audio.coverage == pytest.approx(0.5)


class Faces(Brightness):
    """Every frame shows a face, as manipulated as it was told."""

    def __init__(self, p_fake: float) -> None:
        self.p_fake, self.looks = p_fake, list[int]()

    def observe(self, media: LocalMedia, earlier: VisualObservations | None = None) -> VisualObservations:
        assert (earlier is None) == (not self.looks)
        self.looks.append(len(media.frames))
        return VisualObservations(faces=(), frame_times_s=tuple(each.time_s for each in media.frames))

    def interpret(self, media: MediaInfo, observations: VisualObservations) -> VisualEvidence:
        seen = len(observations.frame_times_s)
        outcome = Outcome.FAKE if self.p_fake >= 0.6 else Outcome.INCONCLUSIVE
        return VisualEvidence(
            detector=REFERENCE,
            finding=Scored(p_fake=self.p_fake, calibration_version="1", uncalibrated=0, outcome=outcome),
            coverage=VisualCoverage(frames_sampled=seen, frames_with_face=seen, faces_scored=seen),
        )


@pytest.mark.parametrize(("p_fake", "looks"), [(0.99, [8]), (0.5, [8]), (0.55, [8, 8])])
def test_frames_of_a_video_are_examined_until_the_evidence_is_clear(
    tmp_path: Path, p_fake: float, looks: list[int]
) -> None:
    faces = Faces(p_fake)
    clip = make(tmp_path / "clip.mp4", *PICTURE)
    line = Scorer(lambda: faces, Suspicion, LimitSettings(), frame_budget=16, run=READERS).score(str(clip))
    assert isinstance(line, FileScore)
    assert (line.visual.p_fake, line.visual.frames) == (p_fake, sum(looks))
    assert faces.looks == looks


def test_bad_files_give_lines_and_the_rest_go_on(image: Callable[[int], Path], tmp_path: Path) -> None:
    words = tmp_path / "words.mp4"
    words.write_text("hello")
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    odd = [pipe, tmp_path / "nul\0.mp4"]
    paths = [words, image(200), tmp_path / "absent.mp4", tmp_path, image(255), *odd, image(10)]
    lines = {line.path: line for line in scorer().score_all([str(path) for path in paths], jobs=2)}
    assert set(lines) == {str(path) for path in paths}
    in_order = [lines[str(path)] for path in paths]
    assert [line.error.code if isinstance(line, FileFailure) else line.verdict for line in in_order] == [
        "unsupported_format",
        Outcome.FAKE,
        "file_not_found",
        "file_unreadable",
        "defect",
        "file_unreadable",
        "file_not_found",
        Outcome.REAL,
    ]


def test_no_file_is_decoded_in_this_process(image: Callable[[int], Path]) -> None:
    crashing = Scorer(Brightness, Suspicion, LimitSettings(), frame_budget=4, run=lambda *_: Ended(-11, "", ""))
    (line,) = crashing.score_all([str(image(200))], jobs=1)
    assert isinstance(line, FileFailure)
    assert line.error.code == "corrupt_media"


def test_a_model_is_loaded_once() -> None:
    numbers = iter((1, 2))
    once = Once(lambda: next(numbers))
    assert (once(), once()) == (1, 1)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, list[str]]]:
    """The command, with detectors that need no weights."""
    monkeypatch.setattr(cli.scoring, "shipped_scorer", lambda faces, **given: scorer(faces=faces))
    app = typer.Typer()
    app.command()(score)

    def invoke(*arguments: str) -> tuple[int, list[str]]:
        result = CliRunner().invoke(app, list(arguments))
        return result.exit_code, result.stdout.splitlines()

    return invoke


def test_the_command_prints_a_json_object_a_line(
    run: Callable[..., tuple[int, list[str]]], image: Callable[[int], Path], tmp_path: Path
) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text(f"{image(200)}\n\n{image(10)}\n")
    code, lines = run("--json", "--files-from", str(listed), str(image(128)))
    assert code == 0
    assert sorted(json.loads(line)["verdict"] for line in lines) == ["fake", "inconclusive", "real"]
    assert set(json.loads(lines[0])) >= {"path", "verdict", "p_fake", "visual", "audio", "seconds"}


def test_the_exit_code_tells_that_some_failed(
    run: Callable[..., tuple[int, list[str]]], image: Callable[[int], Path]
) -> None:
    code, lines = run("--json", "absent.mp4", str(image(10)))
    assert code == 1
    told = {json.loads(line)["path"]: json.loads(line) for line in lines}
    assert told["absent.mp4"]["error"]["code"] == "file_not_found"
    assert told[str(image(10))]["verdict"] == "real"


def test_without_files_there_is_nothing_to_do(run: Callable[..., tuple[int, list[str]]]) -> None:
    assert run()[0] == 2


def test_missing_weights_stop_everything(
    monkeypatch: pytest.MonkeyPatch, run: Callable[..., tuple[int, list[str]]], image: Callable[[int], Path]
) -> None:
    def missing() -> Brightness:
        raise Misconfigured("weights_missing", "The weights are not installed.")

    broken = Scorer(missing, Suspicion, LimitSettings(), frame_budget=4)
    monkeypatch.setattr(cli.scoring, "shipped_scorer", lambda **given: broken)
    assert run(str(image(10))) == (2, [])


def test_lines_for_a_terminal_name_the_file(
    run: Callable[..., tuple[int, list[str]]], image: Callable[[int], Path]
) -> None:
    _, lines = run("--jobs", "1", str(image(0)), "absent.mp4", "\x1b[2J\u202ered.mp4")
    assert lines[0].split()[0] == "inconclusive"
    assert lines[0].endswith("0.png")
    assert lines[1].split() == ["error", "file_not_found", "absent.mp4"]
    assert lines[2].split() == ["error", "file_not_found", "\\x1b[2J\\u202ered.mp4"], "no command for the terminal"


def test_a_slow_file_does_not_hold_up_those_after_it(image: Callable[[int], Path]) -> None:
    released = threading.Event()

    class Slow(Brightness):
        def detect(self, media: LocalMedia) -> Evidence:
            if decode_image(media.frames[0].encoded).mean() == 200:
                assert released.wait(30)
            return super().detect(media)

    slow = Scorer(Slow, Suspicion, LimitSettings(), frame_budget=4, run=READERS)
    paths = [str(image(200)), *(str(image(level)) for level in range(10, 40))]
    lines = slow.score_all(paths, jobs=2)
    first = [next(lines).path for _ in range(30)]
    assert paths[0] not in first
    released.set()
    assert [line.path for line in lines] == [paths[0]]


def test_lines_come_in_the_order_in_which_files_are_done(image: Callable[[int], Path]) -> None:
    """Also when several are done before anybody asks for the next line."""
    paths = [str(image(level)) for level in range(40)]
    lines = Scorer(Brightness, Suspicion, LimitSettings(), frame_budget=4, run=READERS).score_all(paths, jobs=1)
    told = []
    for line in lines:
        told.append(line.path)
        time.sleep(0.002)
    assert told == paths


def test_names_stand_in_lines_as_they_were_given(
    run: Callable[..., tuple[int, list[str]]],
    image: Callable[[int], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    image(10)
    odd = tmp_path / os.fsdecode(b"caf\xe9.png")
    odd.write_bytes((tmp_path / "10.png").read_bytes())
    listed = tmp_path / "list.txt"
    listed.write_bytes(b"\xef\xbb\xbf./10.png\r\n\n.//10.png\n" + os.fsencode(odd.name) + b"\n a space.png\nx\x0by.png")
    code, lines = run("--json", "--files-from", str(listed))
    assert code == 1
    told = {json.loads(line)["path"]: json.loads(line) for line in lines}
    assert set(told) == {"./10.png", ".//10.png", "caf\\xe9.png", " a space.png", "x\x0by.png"}
    assert {name for name, line in told.items() if "error" not in line} == {"./10.png", ".//10.png", "caf\\xe9.png"}


def test_a_list_that_cannot_be_read_stops_before_anything(
    run: Callable[..., tuple[int, list[str]]], tmp_path: Path
) -> None:
    assert run("--files-from", str(tmp_path / "absent.txt")) == (2, [])
    assert run("--files-from", str(tmp_path)) == (2, [])


def test_a_reader_that_has_had_enough_ends_it_quietly(tmp_path: Path) -> None:
    names = "\n".join(f"absent-{number}.mp4" for number in range(3000))
    (tmp_path / "list.txt").write_text(names)
    root = Path(cli.scoring.__file__).resolve().parents[1]
    command = f"'{sys.executable}' -m cli score --json --files-from '{tmp_path}/list.txt' | head -n 1"
    ended = subprocess.run(
        command, shell=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True,
        timeout=100, check=True,
    )  # fmt: skip
    assert json.loads(ended.stdout)["error"]["code"] == "file_not_found"
    assert ended.stderr == ""
