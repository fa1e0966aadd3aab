"""Second opinions on what was explained, over tiny networks and the real methods."""

from __future__ import annotations

import pytest

from core.errors import Defect
from core.jobs import EXPLAIN_AGAIN
from core.types import ArtefactKind, SecondExplanation, SecondOpinion
from explainers.faces.attribution import GRAD_CAM
from tasks.jobs.explain import explain_audio, explain_visual
from tasks.jobs.second_opinion import Opinions, explain_again, second_opinion
from tests.fixtures.jobs import claimed
from tests.unit.tasks.test_explain import ANALYSIS, TinyBench, _job, bench

__all__ = ["bench"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_reference_agrees_with_the_closed_form_and_others_are_kept_beside_it(bench: TinyBench) -> None:
    explain_visual(bench, _job("explain.visual"))
    firsts = [each for each in bench.case.explanations("") if each.id.startswith("heatmap.")]
    assert second_opinion(bench, ANALYSIS, SecondOpinion.GRAD_CAM) == Opinions(len(firsts), len(firsts))
    for number, first in enumerate(firsts, start=1):
        other = bench.case.saved_explanations[f"grad-cam.{number}"]
        assert (other.track_id, other.time_s) == (first.track_id, first.time_s)
        if first.method == GRAD_CAM:
            assert other.agreement > 0.95, "tf-keras-vis answers as the closed form does"
        assert bench.artefact(f"grad-cam-{number}").startswith(b"\x89PNG")
        assert bench.case.saved_artefacts[f"grad-cam-layer-{number}"].kind is ArtefactKind.HEAT_LAYER
    assert second_opinion(bench, ANALYSIS, SecondOpinion.SCORE_CAM).made == len(firsts)
    assert bench.case.saved_explanations["score-cam.1"].method.startswith("Score-CAM")


def test_a_voice_is_heard_again_by_lime(bench: TinyBench) -> None:
    explain_audio(bench, _job("explain.audio"))
    again = claimed(EXPLAIN_AGAIN.afterwards(ANALYSIS, "lime:1", SecondExplanation(method=SecondOpinion.LIME)))
    assert explain_again(bench, again) == {"explanations": 2, "failed": 0}
    first, other = (bench.case.saved_explanations[name] for name in ("spectrogram.1", "lime.1"))
    assert (other.start_s, other.end_s, other.p_fake) == (first.start_s, first.end_s, first.p_fake)
    assert other.start_s <= other.peak_start_s < other.peak_end_s <= other.end_s
    assert -1 <= other.agreement <= 1
    assert first.agreement is None
    assert bench.artefact("lime-1") != bench.artefact("spectrogram-1")


def test_the_voice_is_heard_again_by_shap_itself_and_agrees(bench: TinyBench) -> None:
    explain_audio(bench, _job("explain.audio"))
    assert second_opinion(bench, ANALYSIS, SecondOpinion.SHAP) == Opinions(2, 2)
    first, other = (bench.case.saved_explanations[name] for name in ("spectrogram.1", "shap.1"))
    assert other.method.startswith("SHAP DeepExplainer")
    assert other.agreement > 0.99, "the package answers as the closed form does"
    assert (other.peak_start_s, other.peak_end_s) == (first.peak_start_s, first.peak_end_s)


def test_nothing_explained_nothing_to_explain_again(bench: TinyBench) -> None:
    for method in SecondOpinion:
        assert second_opinion(bench, ANALYSIS, method) == Opinions(0, 0)


def test_an_opinion_of_which_nothing_came_is_not_called_done(bench: TinyBench, monkeypatch: pytest.MonkeyPatch) -> None:
    explain_audio(bench, _job("explain.audio"))
    again = claimed(EXPLAIN_AGAIN.afterwards(ANALYSIS, "lime:1", SecondExplanation(method=SecondOpinion.LIME)))

    def failing(*_: object, **__: object) -> None:
        raise ValueError("no line fits")

    monkeypatch.setattr("explainers.voice.lime.second_opinion", failing)
    with pytest.raises(Defect):
        explain_again(bench, again)
