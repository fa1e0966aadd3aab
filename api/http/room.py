"""Whether there is room on the disks that uploads fill. Asked before an upload is taken, not found out while it is."""

from __future__ import annotations

import shutil
import tempfile

from core.errors import Unavailable
from core.settings import LimitSettings


def has_room(limits: LimitSettings, needed_bytes: int = 0) -> bool:
    """Whether so much more can be taken, with what has to stay free."""
    folders = (tempfile.gettempdir(), *limits.disks)
    return all(shutil.disk_usage(folder).free - needed_bytes >= limits.min_free_bytes for folder in folders)


def need_room(limits: LimitSettings, needed_bytes: int = 0) -> None:
    """Raises: Unavailable("no_space")."""
    if not has_room(limits, needed_bytes):
        raise no_space()


def no_space() -> Unavailable:
    return Unavailable("no_space", "The service has no room for this upload at the moment.")
