"""What a file says about where it comes from: content credentials (C2PA) and metadata that bears on the question.

Claim: none about manipulation. Metadata is easily removed, copied and forged; it is context, never part of a score.
Everything read here is an uploader's text: it is cut short, cleaned of what steers a display, and never interpreted.
Run it through `detectors.media.reader --origin`, in a process that can be thrown away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import av

from core.types import ContentCredentials, MediaInfo, MediaKind, Origin, OriginNote, OriginNoteCode, OriginTag
from detectors.media.formats import main_video, open_media, rewind

MOST_TAGS: Final = 24
TEXT_CHARS: Final = 160
_HEAD_BYTES: Final = 512 * 1024
_KEPT: Final = re.compile(
    r"encod|software|creat|modif|date|make|model|brand|comment|description|handler|aigc|parameters|prompt|generator|tool"
)
"""Names of the entries that bear on the question; a place is nobody's business here."""
_PRIVATE: Final = re.compile(r"location|gps|iso6709")

_GENERATORS: Final = (
    "Stable Diffusion", "ComfyUI", "AUTOMATIC1111", "InvokeAI", "Midjourney", "DALL-E", "Sora", "Runway", "Pika Labs",
    "Kling", "Hailuo", "Luma Dream Machine", "Synthesia", "HeyGen", "D-ID", "Veo", "Firefly", "Made with Google AI",
    "DeepFaceLab", "FaceFusion", "FaceSwap", "Roop", "Reface", "ElevenLabs", "AIGC", "trainedAlgorithmicMedia",
)  # fmt: skip
_EDITORS: Final = (
    "Adobe Premiere", "After Effects", "Photoshop", "Lightroom", "DaVinci Resolve", "Final Cut", "iMovie", "CapCut",
    "Jianying", "InShot", "KineMaster", "Filmora", "VEGAS", "Movavi", "Kdenlive", "Shotcut", "OpenShot", "Camtasia",
    "GIMP", "Snapseed", "Facetune", "Canva", "Blender", "Audacity", "Adobe Audition",
)  # fmt: skip
_ENCODERS: Final = ("Lavf", "Lavc", "FFmpeg", "HandBrake", "x264", "x265", "GStreamer", "SVT-AV1", "libvpx")
_FAMILIES: Final = (
    (OriginNoteCode.GENERATOR_LABEL, _GENERATORS, "The file names {}, a tool or a label of generated media."),
    (OriginNoteCode.EDITING_SOFTWARE, _EDITORS, "The file names {}, which edits recordings or pictures."),
    (
        OriginNoteCode.RE_ENCODED,
        _ENCODERS,
        "The file was written by software ({}): it was encoded or packed again after it was recorded, as downloads "
        "and messages usually are.",
    ),
)
_CAMERA: Final = re.compile(r"(^|[.: ])(make|model)$", re.IGNORECASE)
_ENCODER_MARK: Final = re.compile(rb"x26[45] (?:- core \d+|\(build \d+\))|Lavc\d+\.\d+\.\d+")
_GENERATED: Final = "trainedalgorithmicmedia"


def read_origin(path: Path, info: MediaInfo) -> Origin:
    """Credentials, tags and what they amount to. Never raises for what is in the file."""
    tags = tuple(_cleaned(_tags(path, info)))[:MOST_TAGS]
    credentials, elsewhere = _credentials(path)
    notes = [*_notes(tags), *_credential_notes(credentials)]
    if elsewhere:
        notes.append(
            OriginNote(
                code=OriginNoteCode.NOT_READ,
                message="The file points to content credentials that are kept elsewhere; they were not fetched.",
            )
        )
    return Origin(notes=tuple(notes), tags=tags, credentials=credentials)


def _notes(tags: tuple[OriginTag, ...]) -> Iterator[OriginNote]:
    """One note a family of tools, with the entries that name them."""
    for code, names, message in _FAMILIES:
        named = {name: tag for name in names if (tag := _first(name, tags)) is not None}
        if named:
            basis = "; ".join(dict.fromkeys(f"{tag.name}: {tag.value}" for tag in named.values()))
            yield OriginNote(code=code, message=message.format(" and ".join(named)), basis=_plain(basis))
    camera = [tag.value for tag in tags if _CAMERA.search(tag.name)]
    if camera:
        yield OriginNote(
            code=OriginNoteCode.CAMERA, message="The file names the device that recorded it.", basis=" ".join(camera)
        )


def _first(name: str, tags: tuple[OriginTag, ...]) -> OriginTag | None:
    pattern = re.compile(rf"(?<![A-Za-z]){re.escape(name)}(?![a-z])", re.IGNORECASE)
    return next((tag for tag in tags if pattern.search(f"{tag.name}: {tag.value}")), None)


# ------------------------------------------------------------------------------------------------ metadata


def _tags(path: Path, info: MediaInfo) -> Iterator[tuple[str, str]]:
    if info.kind is MediaKind.IMAGE:
        with suppress(Exception):
            yield from _image_tags(path)
        return
    with suppress(Exception), open_media(path, info.container) as container:
        yield from ((f"container: {name}", value) for name, value in container.metadata.items())
        for stream in container.streams:
            yield from ((f"{stream.type}: {name}", value) for name, value in stream.metadata.items())
        yield from _encoder_marks(container)


def _encoder_marks(container: av.container.InputContainer) -> Iterator[tuple[str, str]]:
    """What an encoder wrote into the first packet of the picture about itself."""
    stream = main_video(container)
    if stream is None:
        return
    rewind(container)
    packet = next((packet for packet in container.demux(stream) if packet.size), None)
    if packet is not None and (mark := _ENCODER_MARK.search(bytes(packet)[:_HEAD_BYTES])):
        yield "video: encoder's own mark", mark.group().decode("ascii", "replace")


def _image_tags(path: Path) -> Iterator[tuple[str, str]]:
    from PIL import ExifTags, Image  # deferred: absent from the API's image

    with Image.open(path) as image:
        for number, value in image.getexif().items():
            yield f"exif: {ExifTags.TAGS.get(number, number)}", str(value)
        for name, value in image.info.items():
            if isinstance(value, str):
                yield f"{(image.format or 'image').lower()}: {name}", value
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if b"trainedAlgorithmicMedia" in head:
        yield "xmp: generator label", "trainedAlgorithmicMedia"
    if found := re.search(rb"CreatorTool[>=\"]{1,2}([^<\"]{1,200})", head):
        yield "xmp: creator tool", found.group(1).decode("utf-8", "replace")


def _cleaned(tags: Iterable[tuple[str, str]]) -> Iterator[OriginTag]:
    """Those that bear on the question, each once, as plain short text."""
    seen = set()
    for name, value in tags:
        tag = OriginTag(name=_plain(str(name)), value=_plain(str(value)))
        wanted = _KEPT.search(tag.name.lower()) and not _PRIVATE.search(tag.name.lower())
        if wanted and tag.value and tag not in seen:
            seen.add(tag)
            yield tag


def _plain(text: str) -> str:
    """One line without control and direction characters, cut to `TEXT_CHARS`."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 8 * TEXT_CHARS]).split())
    return line if len(line) <= TEXT_CHARS else f"{line[: TEXT_CHARS - 1]}…"


# ------------------------------------------------------------------------------------------------ credentials


def _credentials(path: Path) -> tuple[ContentCredentials | None, bool]:
    """The file's own C2PA manifest, and whether it points to one elsewhere, which is never fetched."""
    from c2pa import C2paError, Context, Reader, Settings  # deferred: absent from the API's image

    # No network: a file must not make us call addresses of its choice. Whom to trust is the reader's decision.
    settings = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": False}}
    try:
        with path.open("rb") as stream, Reader(stream, context=Context(Settings.from_dict(settings))) as reader:
            return _summary(json.loads(reader.json()), reader.get_validation_state()), False
    except (C2paError, ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        return None, "RemoteManifest" in repr(error)


def _summary(store: Mapping[str, Any], state: str | None) -> ContentCredentials:
    active = store["manifests"][store["active_manifest"]]
    info = (active.get("claim_generator_info") or [{}])[0]
    generator = " ".join(str(info[key]) for key in ("name", "version") if info.get(key))
    signature = active.get("signature_info") or {}
    actions = [
        action
        for assertion in active.get("assertions", [])
        if str(assertion.get("label", "")).startswith("c2pa.actions")
        for action in (assertion.get("data") or {}).get("actions", [])
    ]
    failures = (store.get("validation_results", {}).get("activeManifest") or {}).get("failure", [])
    sources = [str(action.get("digitalSourceType", "")).rpartition("/")[2] for action in actions]
    return ContentCredentials(
        intact=state in ("Valid", "Trusted"),
        generator=_plain(generator or str(active.get("claim_generator", ""))),
        signer=_plain(" ".join(str(signature[key]) for key in ("issuer", "common_name") if signature.get(key))),
        signed_at=_plain(str(signature.get("time") or "")),
        actions=_distinct(str(action.get("action", "")) for action in actions),
        source_types=_distinct(sources),
        ingredients=len(active.get("ingredients", [])),
        problems=_distinct(str(failure.get("code", "")) for failure in failures),
    )


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain for text in texts if (plain := _plain(text))))[:MOST_TAGS]


def _credential_notes(found: ContentCredentials | None) -> Iterator[OriginNote]:
    if found is None:
        return
    if found.intact:
        message = "The file carries content credentials that fit it; who signed them was not judged."
        yield OriginNote(code=OriginNoteCode.CREDENTIALS_VALID, message=message, basis=found.signer)
    else:
        message = "The file carries content credentials that do not fit it: it was changed after they were signed."
        yield OriginNote(code=OriginNoteCode.CREDENTIALS_BROKEN, message=message, basis=", ".join(found.problems[:3]))
    if any(_GENERATED in source.lower() for source in found.source_types):
        message = "Its content credentials declare it, or a part of it, to be generated."
        yield OriginNote(code=OriginNoteCode.GENERATOR_LABEL, message=message, basis=", ".join(found.source_types[:3]))
