"""Pages that live elsewhere in the repository, shown by the documentation without being copied."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT: Final = Path(__file__).resolve().parents[1]
BORROWED: Final = {
    "models/visual.md": "detectors/weights/visual/card.md",
    "models/audio.md": "detectors/weights/audio/card.md",
    "models/face-tokens.md": "detectors/weights/face_tokens/card.md",
    "models/faces-by-source.md": "docs/evaluation/faces-by-source.md",
    "models/drawn-faces.md": "docs/evaluation/drawn-faces.md",
    "models/night-faces.md": "docs/evaluation/night-faces.md",
    "models/visual-evaluation.md": "docs/evaluation/visual.md",
    "models/audio-evaluation.md": "docs/evaluation/audio.md",
    "models/voices-by-family.md": "docs/evaluation/voices-by-family.md",
    "models/audio-elsewhere.md": "docs/evaluation/elsewhere.md",
    "models/speakers.md": "docs/evaluation/speakers.md",
    "flow.svg": "docs/flow.svg",
    "result.png": "docs/result.png",
}
_RELATIVE: Final = re.compile(r"\[([^\]]+)\]\((?![a-z]+:|#)[^)]*\)")


def on_page_markdown(markdown: str, **_: object) -> str:
    """In the repository a link leads to the page where it lives, here to its copy."""
    for target, source in BORROWED.items():
        from_here = os.path.relpath(ROOT / source, ROOT / "docs" / "site")
        markdown = markdown.replace(f"]({from_here})", f"]({target})")
    return markdown


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for target, source in BORROWED.items():
        path = ROOT / source
        if path.suffix == ".md":
            # Their links hold in the repository, not here: the words stay.
            text = _RELATIVE.sub(r"\1", path.read_text(encoding="utf-8"))
            files.append(File.generated(config, target, content=text))
        else:
            files.append(File.generated(config, target, abs_src_path=str(path)))
    return files
