"""The disposable process: its answers, its exit codes and its confinement."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from core.settings import LimitSettings
from core.types import MediaInfo, MediaKind
from detectors.media.reader import PICTURE_CPU_S
from tests.unit.detectors.clips import SOUND, make


def run(path: Path, limits: LimitSettings | None = None) -> subprocess.CompletedProcess[str]:
    arguments = [] if limits is None else ["--limits", limits.model_dump_json()]
    command = [sys.executable, "-m", "detectors.media.reader", str(path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_media_is_described_on_standard_output(tmp_path: Path) -> None:
    finished = run(make(tmp_path / "tone.wav", *SOUND))
    assert finished.returncode == 0
    assert MediaInfo.model_validate_json(finished.stdout).kind is MediaKind.AUDIO


def test_a_refusal_carries_its_code_and_exits_3(tmp_path: Path) -> None:
    path = make(tmp_path / "tone.wav", *SOUND)
    finished = run(path, LimitSettings(max_duration_s=0.5))
    assert finished.returncode == 3
    assert json.loads(finished.stdout)["code"] == "too_long"


def test_the_process_that_parses_is_confined_and_loads_no_model(tmp_path: Path) -> None:
    script = (
        "import resource, sys; from detectors.media import reader;"
        f"sys.argv = ['reader', {str(tmp_path / 'none.wav')!r}]\n"
        "try: reader.main()\n"
        "except FileNotFoundError: pass\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0] == reader.MEMORY_BYTES,"
        "      sorted({'tensorflow', 'ffmpeg', 'soundfile', 'ai_edge_litert'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert finished.stdout.strip() == "True []", finished.stderr


def test_a_picture_gets_seconds_and_a_recording_what_it_was_allowed(tmp_path: Path) -> None:
    picture, sound = tmp_path / "one.png", make(tmp_path / "tone.wav", *SOUND)
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    script = (
        "import resource, sys; from detectors.media import probing, reader\n"
        "def tell(path, *_, **__): sys.exit(str(resource.getrlimit(resource.RLIMIT_CPU)[0]))\n"
        "probing.probe = tell; reader.main([sys.argv[1], '--limits', sys.argv[2]])"
    )
    limits = LimitSettings(decode_timeout_s=100).model_dump_json()
    told = [
        subprocess.run([sys.executable, "-c", script, str(path), limits], capture_output=True, text=True, check=False)
        for path in (picture, sound)
    ]
    assert [each.stderr.strip() for each in told] == [str(PICTURE_CPU_S), "100"]
