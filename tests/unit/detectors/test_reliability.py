"""What is told of the detectors is what their evaluation wrote."""

from __future__ import annotations

import json

import pytest

from core.types import Modality, ModelRef
from detectors.reliability import EVALUATIONS, KNOWN_MISSES, reliability

MODEL = ModelRef(name="m", version="1", sha256="0" * 64)


@pytest.mark.parametrize("modality", Modality)
def test_the_shipped_evaluations_are_read(modality):
    told = reliability(modality, MODEL)
    assert told is not None, "the evaluation's form has changed: teach detectors/reliability.py to read it"
    written = json.loads((EVALUATIONS / f"{modality}.json").read_text())
    assert told.model_sha256 == written["model"]["sha256"]
    assert not told.is_of_this_model
    assert any(each.ece is not None for each in told.populations)
    assert len(told.known_misses) == KNOWN_MISSES
    assert [each.auc for each in told.known_misses] == sorted(each.auc for each in told.known_misses)
    assert reliability(modality, MODEL.model_copy(update={"sha256": told.model_sha256})).is_of_this_model


@pytest.mark.parametrize("content", [None, "", "{}", '{"file_score": [{"name": 1}], "model": {}}'])
def test_what_cannot_be_read_is_not_told(tmp_path, content):
    if content is not None:
        (tmp_path / "visual.json").write_text(content)
    assert reliability(Modality.VISUAL, MODEL, tmp_path) is None
