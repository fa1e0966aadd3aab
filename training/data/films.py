"""A few frames of a short film, spread over its length, decoded from memory."""

from __future__ import annotations

import io

import av
import numpy as np

from core.media import RgbImage


def spread_frames(content: bytes, count: int, longest: int = 1500) -> tuple[RgbImage, ...]:
    """At most `count` frames at the middles of equal parts of the film; () when it cannot be decoded.

    Args:
        content: the file.
        longest: frames beyond this number are not looked at.
    """
    try:
        with av.open(io.BytesIO(content), "r") as container:
            if not container.streams.video:
                return ()
            stream = container.streams.video[0]
            stream.thread_type = "NONE"
            length = min(_length(container, stream), longest)
            wanted = {int((part + 0.5) * length / count) for part in range(count)}
            frames = []
            for number, frame in enumerate(container.decode(stream)):
                if number in wanted:
                    frames.append(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
                if number >= max(wanted):
                    break
            return tuple(frames)
    except av.FFmpegError:
        return ()


def _length(container: av.container.InputContainer, stream: av.VideoStream) -> int:
    """Number of frames: as declared, or by duration and rate, or a guess of four seconds."""
    if stream.frames:
        return stream.frames
    rate = float(stream.average_rate or 25)
    if container.duration:
        return max(1, int(container.duration / 1e6 * rate))
    return int(4 * rate)
