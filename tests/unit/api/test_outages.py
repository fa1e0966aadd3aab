"""What is away and since when, and whether there is room for an upload."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.http import outages as outages_module
from api.http.outages import Outages
from api.http.room import need_room
from core.errors import Unavailable
from core.settings import LimitSettings


def test_an_outage_is_told_with_its_beginning_and_only_when_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    away = [True]
    now = datetime(2026, 1, 2, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return now

    monkeypatch.setattr(outages_module, "datetime", Clock)

    def storage() -> None:
        if away:
            raise Unavailable("blobs_unavailable", "Away.")

    watched = Outages({"database": lambda: None, "blobs": storage})
    watched.look()
    assert watched.known() == ()
    began, now = now, now + timedelta(seconds=60)
    watched.look()
    assert [(each.name, each.since) for each in watched.known()] == [("blobs", began)]
    away.clear()
    watched.look()
    assert watched.known() == ()


def test_an_upload_is_refused_where_what_must_stay_free_would_be_used(tmp_path: object) -> None:
    limits = LimitSettings(disks=(str(tmp_path),), min_free_bytes=1)
    need_room(limits, 1000)
    for full, size in ((LimitSettings(min_free_bytes=1 << 60), 0), (limits, 1 << 60)):
        with pytest.raises(Unavailable) as refused:
            need_room(full, size)
        assert refused.value.code == "no_space"
