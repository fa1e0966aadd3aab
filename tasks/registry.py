"""Every job that the workers can do, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from tasks.job import Job
from tasks.jobs import (
    advance,
    answer,
    complete,
    deliver,
    detect,
    explain,
    forget,
    orphans,
    prepare,
    recheck,
    replay,
    second_opinion,
    sweep,
    translate,
    uploads,
)

JOBS: Final[Mapping[str, Job[Any]]] = MappingProxyType(
    {
        job.name: job
        for job in (
            prepare.MEDIA,
            prepare.FRAMES,
            detect.FACES,
            detect.VOICE,
            recheck.FACES,
            recheck.VOICE,
            explain.FACES,
            explain.VOICE,
            explain.VERDICT,
            explain.DOCUMENTS,
            translate.JOB,
            second_opinion.JOB,
            advance.JOB,
            answer.JOB,
            replay.JOB,
            deliver.JOB,
            forget.JOB,
            sweep.JOB,
            orphans.JOB,
            uploads.JOB,
            complete.JOB,
        )
    }
)
