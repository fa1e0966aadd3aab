"""The published schema is the report's, and reports of every shape and age keep to it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from cli.schema import report_schema
from core.types import Report
from store.versions import report_today
from tests.fixtures.reports import every_shape

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "schema" / "report.json"
REPORTS = {name: report for name, report, _ in every_shape()}
FIRST = Path(__file__).parents[1] / "fixtures" / "versions" / "report-v1.json"


def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text()))


def test_the_published_schema_is_todays() -> None:
    assert json.loads(PUBLISHED.read_text()) == report_schema(), "./deepwitness schema > docs/schema/report.json"
    jsonschema.Draft202012Validator.check_schema(report_schema())


@pytest.mark.parametrize("name", REPORTS)
def test_reports_keep_to_it(name: str) -> None:
    validator().validate(json.loads(REPORTS[name].model_dump_json()))


def test_a_report_of_version_1_keeps_to_it_once_read() -> None:
    first = json.loads(FIRST.read_text())
    assert not validator().is_valid(first)
    validator().validate(json.loads(Report.model_validate(report_today(first)).model_dump_json()))


@pytest.mark.parametrize("change", [{"verdict": None}, {"unheard_of": 1}, {"schema_version": 3}])
def test_what_is_no_report_does_not(change: dict[str, object]) -> None:
    written = json.loads(REPORTS["fake"].model_dump_json())
    assert not validator().is_valid({**written, **change})
