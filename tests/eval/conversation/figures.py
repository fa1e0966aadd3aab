"""Every figure that the evidence of a scene holds, formed apart from the code that words answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache

from pydantic import BaseModel

from core.types import Scored
from tests.eval.conversation.cases import ERROR_RATES, LIMITS, Film, case_file, films

_FIGURE = re.compile(r"\d+:\d\d(?::\d\d)?|\d+(?:\.\d+)?")
_NAMES = re.compile(r"\b(?:MP[34]|SHA-256|face-\d|voice-\d|limits-\d|[0-9a-f]{64}|mov,mp4|\d+\.\d+\.\d+[\w.+-]*)")


def figures_of(text: str) -> list[str]:
    """Figures in a sentence; names that hold digits are none."""
    return _FIGURE.findall(_NAMES.sub(" ", text))


@cache
def known_figures(analysis_ids: Sequence[str]) -> frozenset[str]:
    """All figures that may be said of these analyses, and the numbers of the files."""
    made = {str(number) for number in range(1, len(analysis_ids) + 1)}
    for film in films():
        if film.id in analysis_ids:
            made |= set(_of_film(film))
    return frozenset(made)


def _of_film(film: Film) -> Iterator[str]:
    numbers = [film.score or 0.0, 1 - (film.score or 0.0), LIMITS.real, LIMITS.fake, *film.weights.values()]
    numbers += [rate for grade in ERROR_RATES.values() for rate in (grade.false_alarm_rate, grade.miss_rate)]
    for part in (film.info, *film.evidence, *film.explanations):
        numbers += _numbers(part)
    # How far each score is from each limit.
    numbers += [abs(number - limit) for number in tuple(numbers) for limit in (LIMITS.real, LIMITS.fake)]
    for number in numbers:
        yield _rounded(number)
        yield _rounded(100 * number)
        yield f"{number:g}"
        yield f"{int(number) // 60:02d}:{int(number) % 60:02d}"
        yield f"{number / 1e6:.1f}"
    report = case_file().report(film.id)
    assert report is not None
    yield from (f"{each.auc:.2f}" for part in report.reliability for each in part.populations)
    # The plan's budget, the time that nothing took, and how many faces were followed.
    yield from ("48", "0.0", "1", "2", "0", "100")
    # Of a hundred recordings that score as a part does.
    scored = [each.finding.p_fake for each in film.evidence if isinstance(each.finding, Scored)]
    yield from (str(round(100 * p_fake)) for p_fake in scored)
    # The verdict without one of the parts.
    yield from (_rounded(100 * p_fake) for p_fake in scored)


def _numbers(node: object) -> Iterator[float]:
    if isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _numbers(getattr(node, name))
    elif isinstance(node, tuple | list):
        yield float(len(node))
        for each in node:
            yield from _numbers(each)
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield float(node)
    elif isinstance(node, str):
        yield from (float(each) for each in _FIGURE.findall(node) if ":" not in each)


def _rounded(number: float) -> str:
    return str(Decimal(repr(round(float(number), 9))).quantize(Decimal("0.1"), ROUND_HALF_EVEN))


def false_figures(analysis_ids: Sequence[str], question: str, sentences: Sequence[str]) -> list[str]:
    """Figures of an answer that neither its evidence nor its question holds."""
    named = {f"{float(each.replace(',', '.')):g}" for each in re.findall(r"\d+(?:[.,]\d+)?", question)}
    known = known_figures(analysis_ids) | named | {each.zfill(5) for each in re.findall(r"\d+:\d\d", question)}
    return [each for text in sentences for each in figures_of(text) if each not in known]
