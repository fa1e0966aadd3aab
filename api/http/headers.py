"""One header of a request, for layers that every request passes through and that need no more of it."""

from __future__ import annotations

from starlette.types import Scope


def header_of(scope: Scope, name: bytes) -> str:
    """The first header of this name, in lower case; nothing when there is none."""
    for given, value in scope["headers"]:
        if given == name:
            return str(value, "latin-1")
    return ""
