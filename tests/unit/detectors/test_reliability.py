"""What is told of the detectors is what their evaluation wrote."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.types import Modality, ModelRef
from detectors.calibration import WitnessFusion
from detectors.model_files import file_digest
from detectors.reliability import EVALUATIONS, KNOWN_MISSES, PAGES, reliability

MODEL = ModelRef(name="m", version="1", sha256="0" * 64)
NETWORKS = {Modality.VISUAL: "visual", Modality.AUDIO: "audio"}
SECONDS = {Modality.VISUAL: "face_tokens", Modality.AUDIO: "voice_encoder"}
WEIGHTS = EVALUATIONS.parents[1] / "detectors" / "weights"


@pytest.mark.parametrize("modality", Modality)
def test_the_shipped_evaluations_are_read(modality):
    told = reliability(modality, MODEL)
    assert told is not None, "the evaluation's form has changed: teach detectors/reliability.py to read it"
    assert not told.is_of_this_model
    assert all(each.n_real and each.n_fake for each in told.populations)
    assert len(told.known_misses) == KNOWN_MISSES
    assert [each.auc for each in told.known_misses] == sorted(each.auc for each in told.known_misses)


@pytest.mark.parametrize("modality", Modality)
def test_figures_are_of_what_both_models_of_a_part_say_together(modality):
    fusion = WitnessFusion.read(WEIGHTS / SECONDS[modality] / "fusion.json").calibration.version
    digest = file_digest(WEIGHTS / NETWORKS[modality] / "model.tflite")
    network = ModelRef(name="m", version=f"{digest[:12]}-p4-platt-0", sha256=digest)
    both = network.model_copy(update={"version": f"{network.version}-00000000-{fusion}"})
    of_network, of_both = reliability(modality, network), reliability(modality, both)
    assert of_network is not None
    assert of_both is not None
    assert (of_network.is_of_this_model, of_both.is_of_this_model) == (False, True)
    written = json.loads((EVALUATIONS / PAGES[modality]).read_text())
    told = {each.name: each.auc for each in of_both.populations}
    if modality is Modality.AUDIO:
        assert told["pages never heard"] == written["pages"]["both, clean"]["auc"]
    else:
        assert told.pop("sources left out, together") == pytest.approx(np.mean(list(told.values())), abs=1e-4)
        assert told == {row["name"]: round(row["both"], 5) for row in written["as_filed"]}
        assert of_both.populations[0].ece == pytest.approx(written["meanings"]["as filed"]["ece"], abs=1e-4)


@pytest.mark.parametrize("content", [None, "", "{}", '{"as_filed": []}', '{"as_filed": [{"name": 1}], "model": {}}'])
def test_what_cannot_be_read_is_not_told(tmp_path, content):
    if content is not None:
        (tmp_path / PAGES[Modality.VISUAL]).write_text(content)
    assert reliability(Modality.VISUAL, MODEL, tmp_path) is None
