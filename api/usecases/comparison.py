"""Two analyses beside each other."""

from __future__ import annotations

from api.http.composition import World
from api.schemas import AnalysisView, ComparedView, ComparisonView, ScorePair
from api.usecases.files import Links
from api.usecases.progress import read
from api.usecases.results import finished_report, linked
from core.figures import percent, rounded
from core.types import Analysis, Modality, Report, Scored


def finished(world: World, analysis_id: str, owner_id: str) -> tuple[Analysis, Report]:
    analysis = read(world, analysis_id, owner_id)
    return analysis, linked(Links(world), finished_report(world, analysis))


def compared(first: tuple[Analysis, Report], second: tuple[Analysis, Report]) -> ComparisonView:
    """Only subtraction: what is compared is what both reports state."""
    (one, left), (other, right) = first, second
    names = ("verdict", *Modality)
    return ComparisonView(
        first=ComparedView(analysis=AnalysisView.of(one), headline=left.headline),
        second=ComparedView(analysis=AnalysisView.of(other), headline=right.headline),
        same_file=left.manifest.media_sha256 == right.manifest.media_sha256,
        same_pipeline=left.manifest.pipeline_version == right.manifest.pipeline_version,
        same_verdict=left.verdict.outcome is right.verdict.outcome,
        scores=tuple(_pair(name, _scores(left).get(name), _scores(right).get(name)) for name in names),
    )


def _scores(report: Report) -> dict[str, float]:
    found = {} if report.verdict.p_fake is None else {"verdict": report.verdict.p_fake}
    return found | {
        str(each.modality): each.finding.p_fake for each in report.evidence if isinstance(each.finding, Scored)
    }


def _pair(name: str, first: float | None, second: float | None) -> ScorePair:
    first_pct = None if first is None else percent(first)
    second_pct = None if second is None else percent(second)
    return ScorePair(
        name=name,
        first=first,
        second=second,
        difference=None if first is None or second is None else second - first,
        first_pct=first_pct,
        second_pct=second_pct,
        difference_pct=None if first_pct is None or second_pct is None else rounded(second_pct - first_pct),
    )
