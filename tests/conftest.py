"""How several processes divide the tests: one serves all end-to-end tests, the others take file by file."""

from __future__ import annotations

from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

END_TO_END: Final = "tests/e2e/"


class _OneServiceForEndToEnd(LoadFileScheduling):
    """A process that runs end-to-end tests starts the whole service, so one process runs them all."""

    def _split_scope(self, nodeid: str) -> str:
        return END_TO_END if nodeid.startswith(END_TO_END) else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    config.option.loadscopereorder = False
    return _OneServiceForEndToEnd(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the end-to-end tests: they take longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(END_TO_END))
