"""The reader's answers, and what becomes of a file that makes it crash, hang or talk nonsense."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from core.confinement import READER, Run, read_confined, run_alone
from core.errors import Defect, Rejected
from core.settings import LimitSettings
from core.types import MediaInfo, MediaKind
from tests.unit.detectors.clips import SOUND, make

LIMITS = LimitSettings(decode_timeout_s=20)
DIGEST = "ab" * 32


def running(script: str) -> Run:
    return partial(run_alone, reader=(sys.executable, "-c", script))


def test_media_is_described(tmp_path: Path) -> None:
    info = read_confined(make(tmp_path / "tone.wav", *SOUND), DIGEST, LIMITS, MediaInfo)
    assert (info.kind, info.sha256) == (MediaKind.AUDIO, DIGEST)


def test_a_refusal_keeps_its_code(tmp_path: Path) -> None:
    limits = LimitSettings(max_duration_s=0.5, decode_timeout_s=20)
    with pytest.raises(Rejected, match="too_long"):
        read_confined(make(tmp_path / "tone.wav", *SOUND), DIGEST, limits, MediaInfo)


@pytest.mark.parametrize(
    "script",
    [
        "import os; os.abort()",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "print('nonsense')",
        "import sys; print('nonsense'); sys.exit(3)",
        "import sys; sys.exit(9)",
        "raise ValueError('a decoder fell over')",
    ],
)
def test_what_breaks_the_reader_is_a_damaged_file(script: str, tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="corrupt_media"):
        read_confined(tmp_path / "any", DIGEST, LIMITS, MediaInfo, run=running(script))


def test_a_reader_that_hangs_is_killed(tmp_path: Path) -> None:
    script, quick = running("import time; time.sleep(60)"), LimitSettings(decode_timeout_s=0.1)
    with pytest.raises(Rejected, match="decode_timeout"):
        read_confined(tmp_path / "any", DIGEST, quick, MediaInfo, run=script, grace_s=0.9)


def test_a_reader_that_is_not_installed_is_our_fault(tmp_path: Path) -> None:
    with pytest.raises(Defect, match="probe_broken"):
        read_confined(tmp_path / "any", DIGEST, LIMITS, MediaInfo, run=running("import a_module_nobody_has"))


def test_the_reader_sees_no_secret_and_leaves_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOBS__SECRET_KEY", "hush")
    listing = tmp_path / "seen"
    script = f"import os; open({str(listing)!r}, 'w').write(chr(10).join(os.environ))"
    with pytest.raises(Rejected, match="corrupt_media"):
        read_confined(tmp_path / "any", DIGEST, LIMITS, MediaInfo, run=running(script))
    seen = set(listing.read_text().split())
    assert "PYTHONPATH" in seen
    assert "BLOBS__SECRET_KEY" not in seen
    assert "-B" in READER
