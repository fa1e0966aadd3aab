"""Colours, type and PNG encoding that every picture shares. Scales rise in lightness: they read in black and white.

Matplotlib is loaded by the first picture that needs it, here and in the other modules: it takes about a second, which
the first verdict of a worker would wait for.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import ImageFont

from core.media import RgbImage

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FAKE: Final = "#b3390b"
"""Towards manipulation. Darker than `REAL` in grey, and never the only sign."""
REAL: Final = "#4a90c4"
INK: Final = "#1d2229"
MUTED: Final = "#5b6673"
RULE: Final = "#c9cfd6"
SERIES: Final = ("#0b5a8c", "#2f7d4f", "#7a4fa3", "#008a8a", "#444b54", "#6b7f2a")
"""Of face tracks that are not manipulated, in the order of their ids; line styles repeat the distinction. None is warm:
that is kept for what is manipulated."""
DASHES: Final = ("solid", "dashed", "dashdot", "dotted", (0, (5, 1)), (0, (3, 1, 1, 1)))

PANEL_RGB: Final = (20, 23, 28)
PANEL_INK_RGB: Final = (236, 239, 243)
PANEL_MUTED_RGB: Final = (168, 177, 188)

_DOTS_PER_INCH: Final = 150
_DRAWING: Final = cv2.IMWRITE_PNG_STRATEGY_DEFAULT, cv2.IMWRITE_PNG_FILTER_NONE
_PHOTOGRAPH: Final = cv2.IMWRITE_PNG_STRATEGY_RLE, cv2.IMWRITE_PNG_FILTER_PAETH


@cache
def font_path(bold: bool = False) -> Path:
    """DejaVu Sans, as Matplotlib ships it."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


def warm() -> None:
    """Load what the first picture would otherwise wait for."""
    figure(1.0, 1.0)
    heat_colours()


@cache
def picture_font(size_px: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_path(bold)), size_px)


@cache
def heat_colours() -> npt.NDArray[np.uint8]:
    """(256, 3) uint8 RGB: from black over red to pale yellow, even in lightness."""
    import matplotlib

    colours: npt.NDArray[np.uint8] = np.rint(matplotlib.colormaps["inferno"](np.arange(256))[:, :3] * 255).astype(
        np.uint8
    )
    return colours


def png(picture: RgbImage, *, is_drawing: bool = False) -> bytes:
    """Lossless PNG without metadata.

    Of photographs run lengths leave as few bytes as a search, in half the time. One filter for all rows takes half as
    long as trying five for each: it costs photographs nothing, and drawings are smaller without any.
    """
    strategy, row_filter = _DRAWING if is_drawing else _PHOTOGRAPH
    how = [cv2.IMWRITE_PNG_COMPRESSION, 3, cv2.IMWRITE_PNG_STRATEGY, strategy, cv2.IMWRITE_PNG_FILTER, row_filter]
    written, encoded = cv2.imencode(".png", picture[..., ::-1], how)
    if not written:
        raise ValueError("a picture must be (H, W, 3) uint8")
    return encoded.tobytes()


def figure(width_in: float, height_in: float) -> Figure:
    """An empty figure with our type, drawn by Agg and known to no global state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(width_in, height_in), dpi=_DOTS_PER_INCH, layout="constrained", facecolor="white")
    FigureCanvasAgg(drawing)
    return drawing


def drawn(drawing: Figure) -> RgbImage:
    """The figure's pixels, drawn once: Matplotlib's own saving draws everything twice to settle the layout."""
    canvas: Any = drawing.canvas  # Agg's, by `figure`; its methods have no types
    canvas.draw()
    return np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3])


def figure_png(drawing: Figure) -> bytes:
    """The figure as PNG without metadata."""
    return png(drawn(drawing), is_drawing=True)
