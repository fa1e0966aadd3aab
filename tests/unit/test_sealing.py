"""The seal: what it covers, and that a change is named."""

from __future__ import annotations

import base64
import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Defect, Misconfigured
from core.sealing import canonical, digests, fingerprint, is_signed_by, read_key, sealed
from core.types import Report
from store.versions import evidence_today, report_today
from tests.fixtures.reports import every_shape

KEY = read_key("07" * 32)
FIRST = json.loads((Path(__file__).parents[1] / "fixtures" / "versions" / "report-v1.json").read_text())


def _written() -> dict[str, object]:
    _, report, _ = next(every_shape())
    written: dict[str, object] = json.loads(sealed(report, KEY).model_dump_json())
    return written


def test_a_sealed_report_holds_and_survives_json_and_an_expiring_address() -> None:
    written = _written()
    assert is_signed_by(written["manifest"], written["seal"])
    written["headline"]["heatmap_url"] = "https://elsewhere/heatmap.png"
    assert digests(written) == written["manifest"]["digests"]
    assert json.loads(Report.model_validate(written).model_dump_json()) == written


def test_sealing_twice_is_sealing_once() -> None:
    _, report, _ = next(every_shape())
    assert sealed(sealed(report, KEY), KEY) == sealed(report, KEY)
    assert sealed(report, None).seal is None


@given(st.data())
@settings(deadline=None)
def test_every_changed_leaf_is_noticed(data: st.DataObject) -> None:
    """Walk to any leaf of the report and change it: a digest or the signature must tell."""
    written = copy.deepcopy(_WRITTEN)
    node, path = written, []
    while True:
        keys = sorted(node) if isinstance(node, dict) else list(range(len(node)))
        if not path:
            keys.remove("seal")
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        path.append(key)
        if isinstance(node[key], dict | list) and node[key]:
            node = node[key]
            continue
        node[key] = "changed"
        break
    if path == ["headline", "heatmap_url"]:
        return
    signed = is_signed_by(written["manifest"], written["seal"])
    changed = {name for name, value in digests(written).items() if written["manifest"]["digests"].get(name) != value}
    assert not signed or any(str(name).partition(".")[0] == path[0] for name in changed), path


_WRITTEN = _written()


def test_a_part_taken_away_is_noticed() -> None:
    written = copy.deepcopy(_WRITTEN)
    del written["explanations"][0]
    assert digests(written) != written["manifest"]["digests"]


def test_another_key_or_a_mangled_seal_does_not_hold() -> None:
    other = sealed(Report.model_validate(_WRITTEN), read_key("08" * 32)).seal
    assert other is not None
    for seal in (
        {**_WRITTEN["seal"], "public_key": other.public_key},
        {**_WRITTEN["seal"], "signature": "AAAA"},
        {**_WRITTEN["seal"], "signature": "not base64!"},
        {**_WRITTEN["seal"], "algorithm": "none"},
        {},
    ):
        assert not is_signed_by(_WRITTEN["manifest"], seal)
    assert len(fingerprint(other.public_key)) == 39


def test_keys_are_32_bytes() -> None:
    assert read_key(base64.b64encode(b"\x07" * 32).decode()).private_bytes_raw() == KEY.private_bytes_raw()
    for bad in ("", "07" * 31, "a word"):
        with pytest.raises(Misconfigured):
            read_key(bad)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
@settings(deadline=None)
def test_canonical_bytes_are_json_and_stable(value: object) -> None:
    try:
        written = canonical(value)
    except UnicodeEncodeError:
        return  # lone surrogates are no text, and cannot come out of UTF-8
    assert canonical(json.loads(written)) == written


# ------------------------------------------------------------------------------------------------ versions


def test_a_report_of_version_1_is_read_today() -> None:
    assert FIRST["schema_version"] == 1
    report = Report.model_validate(report_today(FIRST))
    assert report.seal is None
    assert report.evidence[0].thresholds is None
    assert report.headline.verdict == FIRST["headline"]["verdict"]
    again = json.loads(report.model_dump_json())
    assert report_today(again) == again


def test_what_a_newer_version_stored_is_refused() -> None:
    with pytest.raises(Defect):
        report_today({**FIRST, "schema_version": 3})
    with pytest.raises(Defect):
        evidence_today({**FIRST["evidence"][0], "schema_version": 3})
