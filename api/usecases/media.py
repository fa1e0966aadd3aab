"""The uploaded file and the frames that were sampled from it, behind addresses that expire."""

from __future__ import annotations

from typing import Final

from api.schemas import FrameList, FrameView, PlayableView
from api.usecases.files import Links
from core.errors import Rejected
from core.ports import Bucket
from core.types import Analysis, MediaInfo, MediaKind

_ANIMATION: Final = {each: f"image/{each}" for each in ("png", "webp", "gif", "avif")}
_VIDEO: Final = {"mp4": "video/mp4", "matroska": "video/webm", "ogg": "video/ogg", **_ANIMATION}
_SOUND: Final = {
    "mp4": "audio/mp4",
    "matroska": "audio/webm",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "aac": "audio/aac",
}
_PICTURE: Final = {each: f"image/{each}" for each in ("png", "jpeg", "webp", "gif", "bmp", "avif")}
_TYPES: Final = {MediaKind.VIDEO: _VIDEO, MediaKind.AUDIO: _SOUND, MediaKind.IMAGE: _PICTURE}


def playable(links: Links, analysis: Analysis) -> PlayableView:
    """Only under a media type from our list: an upload is never served as a document or a script."""
    media_type = "application/octet-stream" if analysis.media is None else media_type_of(analysis.media)
    key = links.world.case.original_key(analysis.id)
    url = links.to(Bucket.ORIGINALS, key, media_type=media_type)
    return PlayableView(media_type=media_type, url=url, expires=links.expires)


def media_type_of(media: MediaInfo) -> str:
    """`application/octet-stream` for what browsers do not play."""
    return _TYPES[media.kind].get(media.container, "application/octet-stream")


def frames(links: Links, analysis_id: str) -> FrameList:
    """Raises: Rejected("not_finished") before the file was read."""
    prepared = links.world.case.find_prepared(analysis_id)
    if prepared is None:
        raise Rejected("not_finished", "The file was not read yet.")
    ordered = sorted(prepared.frames, key=lambda frame: frame.time_s)
    return FrameList(
        items=tuple(
            FrameView(index=each.index, time_s=each.time_s, url=links.to(Bucket.FRAMES, each.key)) for each in ordered
        )
    )


def frame_addresses(links: Links, analysis_id: str) -> dict[int, str]:
    """Addresses of the sampled frames by their index; empty before the file was read."""
    prepared = links.world.case.find_prepared(analysis_id)
    return {} if prepared is None else {each.index: links.to(Bucket.FRAMES, each.key) for each in prepared.frames}
