"""The embedded language model's server: what it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.settings import LlmSettings
from stack.llm import IDLE_S, IDLE_SETTING, server_parameters


@pytest.mark.parametrize(("idle_s", "told"), [(300, 300), (0, -1)])
def test_the_model_leaves_memory_when_nobody_asks_unless_it_is_to_stay(idle_s: int, told: int) -> None:
    parameters = server_parameters(Path("model.gguf"), 8080, "key", idle_s)
    assert parameters.sleep_idle_seconds == told
    assert parameters.hostnames == ["127.0.0.1"]
    assert parameters.api_keys == ["key"]


def test_the_setting_and_the_server_name_the_same_time() -> None:
    assert LlmSettings().idle_s == IDLE_S
    branch, _, name = IDLE_SETTING.lower().partition("__")
    assert (branch, name in LlmSettings.model_fields) == ("llm", True)
