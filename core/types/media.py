"""What an upload is: its streams, its sampled frames, and what the file says about itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from core.types.base import Frozen, Number, Seconds, Sha256, is_empty
from core.types.vocabulary import MediaKind, Modality, Reason, ReasonCode


class TimeRange(Frozen):
    """A half-open stretch of the media, in seconds from its start."""

    start_s: Annotated[Number, Field(ge=0.0)]
    end_s: Annotated[Number, Field(ge=0.0)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end_s < self.start_s:
            raise ValueError("end_s must not precede start_s")
        return self


class Box(Frozen):
    """Axis-aligned box in pixels of the full frame; may reach outside it."""

    x_px: float
    y_px: float
    width_px: Annotated[float, Field(gt=0)]
    height_px: Annotated[float, Field(gt=0)]


class StreamKind(StrEnum):
    PICTURE = "picture"
    SOUND = "sound"
    OTHER = "other"


class MediaStream(Frozen):
    """One stream of a file: a picture track, a sound track, or something that is neither."""

    kind: StreamKind
    number: Annotated[int, Field(ge=1)]
    """Among those of its kind."""
    codec: str = ""
    language: Annotated[str, Field(pattern="^[a-z]{0,3}$")] = ""
    """As the container tags it, ISO 639; empty where it does not."""
    channels: int | None = None
    is_main: bool = False
    """Whether it is the one that a player would choose."""
    is_readable: bool = True

    @property
    def is_picture(self) -> bool:
        return self.kind is StreamKind.PICTURE


class MediaFault(Frozen):
    """Something of the file that is missing, damaged or not as it states, and where."""

    reason: Reason
    span: TimeRange | None = None
    """None where it has no place in time."""


_OF_PICTURE: Final = frozenset((ReasonCode.PICTURE_UNREADABLE, ReasonCode.HDR_CONVERTED))
_OF_SOUND: Final = frozenset((ReasonCode.SOUND_UNREADABLE,))


class MediaInfo(Frozen):
    """What probing established about one upload, before any detector looked at it."""

    kind: MediaKind
    container: str
    size_bytes: Annotated[int, Field(ge=0)]
    sha256: Sha256
    duration_s: Seconds
    has_video: bool
    has_audio: bool
    width_px: int | None = None
    height_px: int | None = None
    frame_rate_hz: float | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    sample_rate_hz: int | None = None
    truncated: bool = False
    """True when the file decodes but ends early; the report says so."""
    streams: Annotated[tuple[MediaStream, ...], Field(exclude_if=is_empty)] = ()
    """Empty in what earlier versions stored, and then not written: what they sealed stays as it was sealed."""
    faults: Annotated[tuple[MediaFault, ...], Field(exclude_if=is_empty)] = ()

    @property
    def limits(self) -> tuple[Reason, ...]:
        """What of the file bears on every examination of it, each once."""
        told = [fault.reason for fault in self.faults]
        if self.truncated and not any(each.code is ReasonCode.STREAM_TRUNCATED for each in told):
            told.append(Reason(code=ReasonCode.STREAM_TRUNCATED, message="The file ends before its stated length."))
        return tuple(dict.fromkeys(told))

    def limits_of(self, modality: Modality) -> tuple[Reason, ...]:
        """Those that bear on this modality."""
        foreign = _OF_PICTURE if modality is Modality.AUDIO else _OF_SOUND
        return tuple(each for each in self.limits if each.code not in foreign)

    @property
    def unreadable(self) -> tuple[Modality, ...]:
        """Of which the file has streams, but none that can be decoded."""
        kinds = {stream.kind for stream in self.streams}
        lost = (
            (Modality.VISUAL, not self.has_video and StreamKind.PICTURE in kinds),
            (Modality.AUDIO, not self.has_audio and StreamKind.SOUND in kinds),
        )
        return tuple(modality for modality, is_lost in lost if is_lost)


class ReadFrame(Frozen):
    """A frame as the reader left it in its folder."""

    time_s: Seconds
    file: str
    picture: Annotated[int, Field(ge=1)] = 1
    """Which picture track it is of, the one that a player would choose first."""


class SoundPart(Frozen):
    """Which sound of a file: a track, or one channel of it where channels differ."""

    track: Annotated[int, Field(ge=1)] = 1
    """Among the sound tracks."""
    channel: Annotated[int, Field(ge=1)] | None = None
    """None for all channels of the track together."""
    language: str = ""
    """As the container tags it."""


class ReadSound(Frozen):
    """One recording of sound as the reader left it: FLAC, 16 kHz mono."""

    part: SoundPart
    file: str
    duration_s: Seconds


class Reading(Frozen):
    """What the reader made of a file: the names are those of files in its folder."""

    info: MediaInfo
    frames: tuple[ReadFrame, ...] = ()
    sounds: tuple[ReadSound, ...] = ()
    frames_left: int = 0
    """Where half of the frames was asked for: how many the rest are."""


class FrameSize(Frozen):
    """Of a frame as it is shown: upright, with square pixels, reduced where it was very large."""

    width_px: Annotated[int, Field(ge=1)]
    height_px: Annotated[int, Field(ge=1)]


class FrameRef(Frozen):
    """One sampled frame as stored: where in time, and its key in the frames bucket."""

    index: Annotated[int, Field(ge=0)]
    time_s: Seconds
    key: str
    picture: Annotated[int, Field(ge=1)] = 1
    """Which picture track it is of, the one that a player would choose first."""


class OriginNoteCode(StrEnum):
    """What a file's own words about itself amount to. Context for a reader; no score and no verdict reads it."""

    EDITING_SOFTWARE = "editing_software"
    RE_ENCODED = "re_encoded"
    GENERATOR_LABEL = "generator_label"
    CAMERA = "camera"
    CREDENTIALS_VALID = "credentials_valid"
    CREDENTIALS_BROKEN = "credentials_broken"
    NOT_READ = "not_read"


class OriginNote(Frozen):
    """An authored sentence, and the words of the file that it rests on. `basis` is the uploader's text, cleaned."""

    code: OriginNoteCode
    message: str
    basis: str = ""


class OriginTag(Frozen):
    """One entry of the file's metadata, as it stands there: anybody can write it."""

    name: str
    value: str


class ContentCredentials(Frozen):
    """A C2PA manifest found in the file. `intact`: its signature and hashes fit the file. Whether to believe the
    signer is not judged here."""

    intact: bool
    generator: str = ""
    signer: str = ""
    signed_at: str = ""
    actions: tuple[str, ...] = ()
    source_types: tuple[str, ...] = ()
    ingredients: Annotated[int, Field(ge=0)] = 0
    problems: tuple[str, ...] = ()


class Origin(Frozen):
    """What the file says about where it comes from. Untrusted: metadata is easily removed, copied and forged."""

    notes: tuple[OriginNote, ...] = ()
    tags: tuple[OriginTag, ...] = ()
    credentials: ContentCredentials | None = None


class SoundRef(Frozen):
    """One sound as stored: FLAC, 16 kHz mono, whole within the limits, in the audio bucket."""

    part: SoundPart
    key: str


class PreparedMedia(Frozen):
    """What the prepare job left in object storage for the detectors."""

    info: MediaInfo
    frames: tuple[FrameRef, ...] = ()
    audio_key: str | None = None
    """The sound that a player would choose: FLAC, 16 kHz mono, whole within the limits."""
    sounds: tuple[SoundRef, ...] = ()
    """All sounds, that one first; empty in what earlier versions stored."""
    origin: Origin | None = None
    frame_size: FrameSize | None = None
    """Of the sampled frames, which faces' boxes are given in."""
    frames_left: int = 0
    """How many of the usual frames were left in the file, to be taken if the first half does not settle it."""

    @property
    def all_sounds(self) -> tuple[SoundRef, ...]:
        """Those that are stored, also by earlier versions."""
        if self.sounds or self.audio_key is None:
            return self.sounds
        return (SoundRef(part=SoundPart(), key=self.audio_key),)

    def sound_key(self, part: SoundPart | None) -> str | None:
        """Of this sound; None for the one that a player would choose."""
        return next((each.key for each in self.all_sounds if each.part == part), self.audio_key)
