"""The scope of a request: read from JSON, and held against the file that it is about."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError

from core.errors import Rejected
from core.figures import seconds_text
from core.types import MediaInfo, MediaKind, Modality, Scope, TimeRange

SHORTEST_S: Final = 0.5
"""A stretch holds something to examine from this length on."""
_FORM: Final = {
    "modalities": 'It is a list of "visual" and "audio", with one of them at least.',
    "range_s": "It holds `start_s` and `end_s`, in seconds from the start of the file, `start_s` first.",
    "effort": 'It is "quick", "usual" or "thorough".',
    "explanations": 'It is a list of "faces", "voice" and "verdict"; an empty list asks for the verdict alone.',
}
_ABSENT: Final = {Modality.VISUAL: "no picture", Modality.AUDIO: "no sound"}


def parse_scope(text: str) -> Scope | None:
    """The scope that a form holds as JSON; None where it asks for nothing in particular.

    Raises: Rejected("bad_scope") with the field at fault and what it may hold.
    """
    if not text.strip():
        return None
    try:
        return Scope.model_validate_json(text)
    except ValidationError as error:
        raise bad_scope(error, ()) from error


def bad_scope(error: ValidationError, place: tuple[str, ...]) -> Rejected:
    """The problem of a scope that was found to be wrong at this place of a body."""
    found = (each["loc"][len(place) :] for each in error.errors() if each["loc"][: len(place)] == place)
    at = next((str(loc[0]) for loc in found if loc), "")
    if at in _FORM:
        return Rejected("bad_scope", f"The scope's field `{at}` cannot be read. {_FORM[at]}")
    fields = ", ".join(f"`{name}`" for name in _FORM)
    return Rejected("bad_scope", f"The scope cannot be read. It is a JSON object with any of the fields {fields}.")


def fit_scope(scope: Scope | None, media: MediaInfo) -> Scope | None:
    """The scope within this file; None when nothing is asked for in particular.

    Raises: Rejected("bad_scope") when the file does not hold what is asked for.
    """
    if scope is None or scope.is_open:
        return None
    held = {Modality.VISUAL: media.has_video, Modality.AUDIO: media.has_audio}
    if scope.modalities is not None and not any(held[each] for each in scope.modalities):
        raise Rejected("bad_scope", f"The file has {_ABSENT[scope.modalities[0]]} to examine; ask for the other part.")
    if scope.range_s is None:
        return scope
    if media.kind is MediaKind.IMAGE:
        raise Rejected("bad_scope", "An image has no stretches of time; leave `range_s` out.")
    start_s, end_s = scope.range_s.start_s, min(scope.range_s.end_s, media.duration_s)
    if start_s >= media.duration_s:
        length = seconds_text(media.duration_s)
        raise Rejected("bad_scope", f"The stretch begins after the recording ends; it lasts {length}.")
    if end_s - start_s < min(SHORTEST_S, media.duration_s):
        raise Rejected("bad_scope", f"The stretch must last {seconds_text(SHORTEST_S)} at least.")
    return scope.model_copy(update={"range_s": TimeRange(start_s=start_s, end_s=end_s)})
