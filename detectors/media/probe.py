"""`python -m detectors.media.probe PATH`: probe one untrusted file in a process that can be thrown away.

Prints `MediaInfo` (with `--origin`, `Origin`) as JSON and exits 0, or `{"code", "message"}` and exits 3 when the file
is refused. Any other end (a crash of a decoder, a limit of memory or processor time reached) is for the caller to read
as `corrupt_media`.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from pathlib import Path
from typing import Final

from core.confinement import EXIT_REFUSED, Refusal
from core.errors import Rejected
from core.settings import LimitSettings

MEMORY_BYTES: Final = 2 * 1024**3
OPEN_FILES: Final = 64
OUTPUT_BYTES: Final = 64 * 1024


def main() -> int:
    """Confine this process, then probe."""
    parser = argparse.ArgumentParser(
        prog="python -m detectors.media.probe", description="Probe one untrusted media file."
    )
    parser.add_argument("path", type=Path)
    parser.add_argument("--limits", default="{}", help="LimitSettings as JSON")
    parser.add_argument("--sha256", default=None, help="of the content, when already known")
    parser.add_argument("--origin", action="store_true", help="print what the file says about its origin instead")
    arguments = parser.parse_args()
    limits = LimitSettings.model_validate_json(arguments.limits)
    # Under the limit of output a cache file would be cut short, and every later process would read the stump.
    sys.dont_write_bytecode = True
    _confine(limits)
    # One thread of linear algebra: every further one reserves address space on machines with many cores.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from detectors.media.extraction import probe  # deferred: the decoders load inside the confinement

    try:
        info = probe(arguments.path, limits, sha256=arguments.sha256)
    except Rejected as refusal:
        return _refuse(refusal.code, refusal.public_message)
    except MemoryError:
        return _refuse("corrupt_media", "Reading the file takes more memory than allowed.")
    if arguments.origin:
        from detectors.media.origin import (
            read_origin,  # deferred, and absent from the API's image, which never asks for it
        )

        sys.stdout.write(read_origin(arguments.path, info).model_dump_json() + "\n")
        return 0
    sys.stdout.write(info.model_dump_json() + "\n")
    return 0


def _refuse(code: str, message: str) -> int:
    sys.stdout.write(Refusal(code=code, message=message).model_dump_json() + "\n")
    return EXIT_REFUSED


def _confine(limits: LimitSettings) -> None:
    cpu_s = max(1, round(limits.decode_timeout_s))
    for kind, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (ceiling, ceiling))


if __name__ == "__main__":
    sys.exit(main())
