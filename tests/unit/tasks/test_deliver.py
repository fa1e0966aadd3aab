"""An attempt is recorded however it goes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.jobs import DELIVER
from core.settings import WebhookSettings
from core.types import DeliveryOrder
from core.webhooks import Dispatch
from tasks.jobs.deliver import deliver
from tasks.policy import DELIVERY_PAUSES_S, JITTER, TryAgain
from tests.fixtures.jobs import claimed


def test_an_attempt_that_breaks_in_an_unforeseen_way_is_recorded_and_made_again() -> None:
    """Else the delivery would come up for ever, without a trace of it."""
    recorded: list[tuple[str, Any, Any]] = []
    dispatch = Dispatch(delivery_id="d", url="https://example.org/", secrets=("whsec_" + "A" * 32,), body="{}")
    outbox = SimpleNamespace(
        take=lambda _delivery: dispatch,
        record=lambda delivery, made, *, again_at, is_gone: recorded.append((delivery, made, again_at)),
    )
    context = SimpleNamespace(settings=SimpleNamespace(webhooks=WebhookSettings()), outbox=outbox)

    def broken(*_: object) -> Any:
        raise TypeError("not what a resolver raises")

    job = claimed(DELIVER.alone("d", DeliveryOrder(delivery_id="d")))
    with pytest.raises(TryAgain) as again:
        deliver(cast("Any", context), job, resolver=broken)
    assert again.value.after_s <= DELIVERY_PAUSES_S[0] * (1 + JITTER)
    ((delivery, made, again_at),) = recorded
    assert (delivery, made.result, made.status) == ("d", "unreachable", None)
    assert again_at is not None
