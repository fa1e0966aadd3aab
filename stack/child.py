"""Become a server process that dies with its parent, and that is not root where the server refuses root.

`python child.py PARENT_PID SIGNAL as-is|unprivileged COMMAND...` replaces itself by the command.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import Final

PR_SET_PDEATHSIG: Final = 1
CLONE_NEWUSER: Final = 0x10000000
NOBODY: Final = 65534


def main() -> None:
    parent, death_signal, privileges = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    command = sys.argv[4:]
    libc = ctypes.CDLL(None, use_errno=True)
    if privileges == "unprivileged" and os.geteuid() == 0:
        drop_root(libc)
    # After any change of credentials, which would clear it.
    libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(f"the launcher (process {parent}) ended before its server started")
    # Ctrl-C is for the launcher; it stops its servers in order.
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(command[0], command)


def drop_root(libc: ctypes.CDLL) -> None:
    """Look like an ordinary user to the server, with the files root can read.

    In a user namespace the process keeps its access to the data directory wherever it lies; where namespaces are
    forbidden it becomes the user `nobody` for real, and the data directory must be within that user's reach.
    """
    if libc.unshare(CLONE_NEWUSER) == 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1")
        Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1")
        return
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


if __name__ == "__main__":
    main()
