"""Stored shapes of earlier versions, brought to today's when they are read. Newer ones are refused."""

from __future__ import annotations

from typing import Any, Final

from core.errors import Defect
from core.types import EVIDENCE_VERSION, PLAN_VERSION, REPORT_VERSION

_UNKNOWN: Final = Defect("schema_version_unknown", "This was stored by another version of the service.")


def plan_today(content: dict[str, Any]) -> dict[str, Any]:
    """A plan of any known version. Version 2 added effort, the bounds of the assessment, explanations and checks.

    Plans of version 1 explained all that they examined, allowed 32 further frames and knew no checks.

    Raises: Defect when it was stored by a newer version.
    """
    version = content.get("schema_version")
    if version == 1:
        kinds = {"visual": "faces", "audio": "voice"}
        paths = content["paths"]
        return {
            **content,
            "schema_version": PLAN_VERSION,
            "further_frames": 32 if "visual" in paths and content["inputs"]["media_kind"] == "video" else 0,
            "explanations": [*(kinds[path] for path in paths), *(["verdict"] if paths else [])],
        }
    if version != PLAN_VERSION:
        raise _UNKNOWN
    return content


def evidence_today(content: dict[str, Any]) -> dict[str, Any]:
    """Evidence of any known version. Version 2 added the detector's own thresholds, which version 1 did not keep.

    Raises: Defect when it was stored by a newer version.
    """
    version = content.get("schema_version")
    if version == 1:
        return {**content, "schema_version": EVIDENCE_VERSION}
    if version != EVIDENCE_VERSION:
        raise _UNKNOWN
    return content


def report_today(content: dict[str, Any]) -> dict[str, Any]:
    """A report of any known version. Version 2 added origin, reliability, digests and seal, which may be absent.

    Raises: Defect when it was stored by a newer version.
    """
    version = content.get("schema_version")
    if version == 1:
        content = {**content, "schema_version": REPORT_VERSION}
    elif version != REPORT_VERSION:
        raise _UNKNOWN
    return {
        **content,
        "plan": plan_today(content["plan"]),
        "evidence": [evidence_today(each) for each in content["evidence"]],
    }
