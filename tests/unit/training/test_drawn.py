"""Faces made drawings of, and the line that tells them."""

from __future__ import annotations

import numpy as np
import pytest

from training.data.manifest import FaceRow
from training.faces.data.folds import FOLDS
from training.faces.pictures.styles import STYLES, Style, denoised
from training.faces.tokens.drawn import Faces, fit, source_rows, style_rows


@pytest.mark.parametrize("style", [*STYLES, denoised], ids=lambda style: style.__name__)
def test_a_style_changes_a_picture_and_keeps_its_form(style: Style) -> None:
    ramp = np.linspace(40, 220, 96)
    picture = np.stack(
        [ramp[None] + 0 * ramp[:, None], 0 * ramp[None] + ramp[:, None], np.full((96, 96), 90.0)], axis=2
    )
    image = picture.astype(np.uint8)
    image[30:60, 30:60] = 200
    drawn = style(image.copy(), np.random.default_rng(1))
    assert drawn.shape == image.shape
    assert drawn.dtype == np.uint8
    assert (drawn != image).mean() > 0.05
    assert np.array_equal(drawn, style(image.copy(), np.random.default_rng(1)))


def faces(count: int = 600) -> Faces:
    """Drawings differ from photographs in one feature, by more than people and sources do in all others."""
    rng = np.random.default_rng(2)
    sources = [sorted(FOLDS[number % 3].datasets)[0] for number in range(count)]
    rows = tuple(
        FaceRow(f"{number}.png", "real", source, "m", f"g{number}", f"v{number}", "o", "0" * 64, "t")
        for number, source in enumerate(sources)
    )
    styles = np.where(np.arange(count) % 2, rng.integers(0, len(STYLES) + 1, count), -1)
    features = rng.standard_normal((count, 24)).astype(np.float32)
    features[:, 5] += 8.0 * ((styles >= 0) & (styles < len(STYLES)))
    forged = (styles < 0) & (rng.random(count) < 0.5)
    return Faces(features, rows, styles, forged, np.zeros(count, bool))


def test_the_line_lies_beyond_nearly_all_photographs_and_finds_styles_and_sources_it_never_saw() -> None:
    known = faces()
    line = fit(known, np.ones(len(known.rows), bool))
    flags = line.flags(known.features)
    assert flags[~known.drawn].mean() < 0.01
    assert flags[known.drawn].mean() > 0.95
    shares = {name: [float(share.removesuffix(" %")) for share in rest] for name, *rest in style_rows(known)}
    assert all(min(shares[style.__name__]) > 80 for style in STYLES)
    assert max(shares[denoised.__name__]) < 20
    *_, (name, honest, forged, pseudo, drawn) = source_rows(known)
    assert (name, pseudo) == ("**all**", "–")
    assert max(float(share.removesuffix(" %")) for share in (honest, forged)) < 3 < float(drawn.removesuffix(" %"))
