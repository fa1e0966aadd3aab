"""The API's own description, arranged for reading: the reference page needs no viewer from elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

METHODS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    place: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    description: str
    kind: str


@dataclass(frozen=True, slots=True)
class Operation:
    anchor: str
    method: str
    path: str
    summary: str
    description: str
    fields: tuple[Field, ...]
    answers: tuple[Answer, ...]
    example: str


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    operations: tuple[Operation, ...]


def reference_of(description: dict[str, Any]) -> tuple[Group, ...]:
    """Operations by their first tag, in the order in which they are described."""
    schemas = description.get("components", {}).get("schemas", {})
    groups: dict[str, list[Operation]] = {}
    for path, methods in description["paths"].items():
        for method in METHODS:
            if method in methods:
                told = methods[method]
                groups.setdefault(next(iter(told.get("tags", ["other"]))), []).append(
                    _operation(path, method, told, schemas)
                )
    return tuple(Group(name, tuple(operations)) for name, operations in groups.items())


def _operation(path: str, method: str, told: dict[str, Any], schemas: dict[str, Any]) -> Operation:
    body = told.get("requestBody", {}).get("content", {})
    return Operation(
        anchor=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        description=told.get("description", ""),
        fields=(*(_parameter(each) for each in told.get("parameters", ())), *_body_fields(body, schemas)),
        answers=tuple(
            Answer(status, each.get("description", ""), _content_kind(each.get("content", {})))
            for status, each in sorted(told.get("responses", {}).items())
        ),
        example=_example(path, method, body, schemas),
    )


def _parameter(told: dict[str, Any]) -> Field:
    schema = told.get("schema", {})
    return Field(told["name"], told["in"], kind_of(schema), told.get("required", False), told.get("description", ""))


def _body_fields(body: dict[str, Any], schemas: dict[str, Any]) -> tuple[Field, ...]:
    found: list[Field] = []
    for media_type, content in body.items():
        whole = content.get("schema", {})
        # What has several forms is told with the fields of each.
        forms = [_resolved(each, schemas) for each in whole.get("oneOf", [whole])]
        fields: dict[str, Field] = {}
        for form in forms:
            needed = form.get("required", ()) if len(forms) == 1 else ()
            for name, each in form.get("properties", {}).items():
                field = Field(name, media_type, kind_of(each), name in needed, each.get("description", ""))
                fields.setdefault(name, field)
        found.extend(fields.values())
    return tuple(found)


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found = schemas.get(name, {}) if name else schema
    return found if isinstance(found, dict) else {}


def kind_of(schema: dict[str, Any]) -> str:
    """A schema's type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for joiner in ("anyOf", "oneOf", "allOf"):
        if joiner in schema:
            kinds = [kind_of(each) for each in schema[joiner]]
            return " or ".join(dict.fromkeys(kinds))
    if "enum" in schema:
        return " | ".join(json.dumps(each) for each in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if schema.get("type") == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    return " ".join(part for part in (str(schema.get("type", "any")), schema.get("format", "")) if part)


def _content_kind(content: dict[str, Any]) -> str:
    for media_type, each in content.items():
        schema = each.get("schema", {})
        return f"{media_type}: {kind_of(schema)}" if schema else media_type
    return ""


def _example(path: str, method: str, body: dict[str, Any], schemas: dict[str, Any]) -> str:
    """The call as one would type it, with the examples that the description gives."""
    parts = ["curl"] if method == "get" else ["curl", "-X", method.upper()]
    if "multipart/form-data" in body:
        parts += ["-F", "file=@interview.mp4"]
    elif "application/json" in body:
        schema = _resolved(body["application/json"].get("schema", {}), schemas)
        needed = schema.get("required", ())
        shown = {
            name: next(iter(each.get("examples", [])), each.get("default", "…"))
            for name, each in schema.get("properties", {}).items()
            if name in needed or each.get("examples")
        }
        parts += ["-H", "'Content-Type: application/json'", "-d", f"'{json.dumps(shown, ensure_ascii=False)}'"]
    return " ".join([*parts, f'"$DEEPWITNESS{path}"'])
