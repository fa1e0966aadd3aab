"""One address and one port: recordings and documents come through the API, as its page and answers name them."""

from __future__ import annotations

from urllib.parse import urlsplit

from core.settings import Settings
from tests.integration.api_bench import bench_of, clip
from tests.integration.test_api_results import submitted


def test_a_recording_is_served_under_the_services_own_address(settings: Settings) -> None:
    through = settings.model_copy(update={"blobs": settings.blobs.model_copy(update={"through_api": True})})
    with bench_of(through) as bench:
        analysis_id = submitted(bench, 790)
        told = bench.client.get(f"/v1/analyses/{analysis_id}/media").json()["url"]
        parts = urlsplit(told)
        assert (parts.scheme, parts.netloc) == ("http", "testserver")
        whole = bench.client.get(f"{parts.path}?{parts.query}")
        assert whole.status_code == 200
        assert whole.content == clip(tone=790)
        part = bench.client.get(f"{parts.path}?{parts.query}", headers={"Range": "bytes=0-3"})
        assert (part.status_code, part.content) == (206, whole.content[:4])
        forged = bench.client.get(f"{parts.path}?{parts.query[:-4]}0000")
        assert forged.status_code == 403
        page = bench.client.get(f"/analyses/{analysis_id}")
        assert "media-src 'self'" in page.headers["content-security-policy"]
