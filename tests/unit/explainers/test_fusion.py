from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.fusion.contributions import FusionInput, explain_verdict


def _weighted(values: tuple[float, ...]) -> float:
    """An average of two scores by two weights, as a fusion may be: neither linear nor symmetric."""
    first, first_weight, second, second_weight = values
    return (first * first_weight + second * second_weight) / (first_weight + second_weight)


def _by_definition(fuse, inputs) -> list[float]:
    """Mean marginal contribution over all orders."""
    totals = [0.0] * len(inputs)
    orders = list(permutations(range(len(inputs))))
    for order in orders:
        values = [each.reference for each in inputs]
        before = fuse(tuple(values))
        for place in order:
            values[place] = inputs[place].observed
            after = fuse(tuple(values))
            totals[place] += after - before
            before = after
    return [total / len(orders) for total in totals]


_score = st.floats(0, 1, allow_subnormal=False)
_weight = st.floats(0.1, 1)


@given(first=_score, first_weight=_weight, second=_score, second_weight=_weight)
@settings(max_examples=8, deadline=None)
def test_values_are_shapleys_and_add_up_to_the_verdict(first, first_weight, second, second_weight):
    inputs = [
        FusionInput("face score", first, 0.5),
        FusionInput("face weight", first_weight, 0.5),
        FusionInput("voice score", second, 0.5),
        FusionInput("voice weight", second_weight, 0.5),
    ]
    attribution = explain_verdict(_weighted, inputs)
    values = [factor.shapley for factor in attribution.factors]
    assert values == pytest.approx(_by_definition(_weighted, inputs), abs=1e-7)
    verdict = _weighted((first, first_weight, second, second_weight))
    assert attribution.base + sum(values) == pytest.approx(verdict, abs=1e-7)
    assert [factor.name for factor in attribution.factors] == [each.name for each in inputs]


def test_one_input_takes_it_all():
    attribution = explain_verdict(lambda values: values[0] ** 2, [FusionInput("face score", 0.9, 0.5)])
    assert attribution.base == 0.25
    assert attribution.factors[0].shapley == pytest.approx(0.56)


def test_inputs_at_their_references_move_nothing():
    attribution = explain_verdict(_weighted, [FusionInput(name, 0.5, 0.5) for name in "abcd"])
    assert [factor.shapley for factor in attribution.factors] == [0.0] * 4


def test_inputs_are_bounded():
    with pytest.raises(ValueError, match="1 to 12"):
        explain_verdict(sum, [])
