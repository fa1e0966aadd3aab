"""Loads prompts, checks them at boot, renders them strictly.

A prompt is `prompts/<id>/v<N>.md`: front matter (`id`, `version`, `role`, `inputs`, `output`), then sections, each
headed by a line `# name`. A section is a Jinja template in which an undeclared variable is an error. Text that came
from outside passes the `untrusted` filter, which fences it, and has no place in a `system` section.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.errors import Misconfigured

ROOM: Final = Path(__file__).parent
RELEASED: Final = ROOM / "released.json"
"""Digest of every version that was ever released, so that no number is used twice; only the newest keeps its file."""
UNTRUSTED_CHARS: Final = 600
"""Outside text longer than this is cut before any model sees it."""

_ROLES: Final = ("classifier", "writer", "fact_checker", "witness", "template")
_FRONT: Final = re.compile(r"\A---\n(?P<front>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_SECTION: Final = re.compile(r"^# (?P<name>[a-z][a-z0-9_.]*)$", re.MULTILINE)


def fence(text: object) -> str:
    """Outside text as data: control characters and anything that could close the fence removed, length bounded."""
    plain = "".join(c if c.isprintable() else " " for c in str(text)).replace("<", "‹").replace(">", "›")
    return f"<untrusted>{' '.join(plain.split())[:UNTRUSTED_CHARS]}</untrusted>"


def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["untrusted"] = fence
    return made


_ENVIRONMENT: Final = _environment()


@cache
def _compile(section: str) -> Template:
    return _ENVIRONMENT.from_string(section)


@cache
def _variables(section: str) -> frozenset[str]:
    return frozenset(meta.find_undeclared_variables(_ENVIRONMENT.parse(section)))


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of one prompt."""

    id: str
    version: int
    role: str
    inputs: frozenset[str]
    output: str
    digest: str
    sections: Mapping[str, str]

    def needs(self, section: str) -> frozenset[str]:
        """The names of what a section is filled with."""
        return _variables(self.sections[section])

    def render(self, section: str, values: Mapping[str, object]) -> str:
        """One section with `values` filled in.

        Raises: KeyError for an unknown section; jinja2.UndefinedError for a value that is missing.
        """
        return _compile(self.sections[section]).render(values).strip()


def parse(text: str, *, expected_id: str, expected_version: int) -> Prompt:
    """Read one prompt file.

    Raises: Misconfigured("prompt_invalid") when the front matter and the sections do not agree.
    """

    def invalid(why: str) -> Misconfigured:
        return Misconfigured("prompt_invalid", f"Prompt {expected_id}/v{expected_version}: {why}")

    match = _FRONT.match(text)
    if match is None:
        raise invalid("no front matter")
    front = dict(line.split(": ", 1) for line in match["front"].splitlines() if ": " in line)
    if set(front) != {"id", "version", "role", "inputs", "output"}:
        raise invalid("front matter holds id, version, role, inputs and output")
    if (front["id"], front["version"]) != (expected_id, str(expected_version)):
        raise invalid("id or version differs from the file's place")
    if front["role"] not in _ROLES:
        raise invalid(f"unknown role {front['role']}")
    inputs = frozenset(filter(None, (name.strip() for name in front["inputs"].strip("[]").split(","))))
    parts = _SECTION.split(match["body"])
    sections = {name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}
    if not sections or parts[0].strip():
        raise invalid("the body consists of named sections")
    used: set[str] = set()
    for name, body in sections.items():
        try:
            tree = _ENVIRONMENT.parse(body)
        except TemplateSyntaxError as error:
            raise invalid(f"section {name}: {error.message}") from error
        used |= meta.find_undeclared_variables(tree)
        fenced = any(found.name == "untrusted" for found in tree.find_all(nodes.Filter))
        if name == "system" and fenced:
            raise invalid("outside text has no place in the system section")
    if used != inputs:
        raise invalid(f"declared and used variables differ: {sorted(used ^ inputs)}")
    return Prompt(
        id=expected_id,
        version=expected_version,
        role=front["role"],
        inputs=inputs,
        output=front["output"],
        digest=hashlib.sha256(text.encode()).hexdigest(),
        sections=MappingProxyType(sections),
    )


@cache
def load(prompt_id: str, version: int) -> Prompt:
    """One prompt by id and version.

    Raises: Misconfigured when it is absent or invalid.
    """
    path = ROOM / prompt_id / f"v{version}.md"
    if not path.is_file():
        raise Misconfigured("prompt_missing", f"There is no prompt {prompt_id}/v{version}.")
    return parse(path.read_text(encoding="utf-8"), expected_id=prompt_id, expected_version=version)


def all_prompts() -> tuple[Prompt, ...]:
    """Every version in the room: loading them all is the check at boot."""
    places = sorted((path.parent.name, int(path.stem[1:])) for path in ROOM.glob("*/v*.md"))
    return tuple(load(prompt_id, version) for prompt_id, version in places)


def released() -> dict[str, str]:
    """`id/vN` to the digest under which it was released, superseded versions included."""
    return {str(name): str(digest) for name, digest in json.loads(RELEASED.read_text()).items()}
