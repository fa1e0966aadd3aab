from __future__ import annotations

import pytest

from tests.fixtures.networks import PooledNetwork, SpeechNetwork, pooled_network, speech_network


@pytest.fixture(scope="session")
def visual_network() -> PooledNetwork:
    return pooled_network(seed=5)


@pytest.fixture(scope="session")
def audio_network() -> SpeechNetwork:
    return speech_network(seed=5)
