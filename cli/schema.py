"""`deepwitness schema`: the report's shape as JSON Schema, which `docs/schema/report.json` publishes."""

from __future__ import annotations

import json
from typing import Any

from core.types import REPORT_VERSION, Report


def report_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a report as it is written."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:deepwitness:schema:report:{REPORT_VERSION}",
        **Report.model_json_schema(mode="serialization"),
    }


def schema() -> None:
    """Print the JSON Schema of reports."""
    print(json.dumps(report_schema(), indent=1))
