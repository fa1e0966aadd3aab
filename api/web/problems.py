"""The page of each error code, where a problem's `type` leads: the documentation's own text, served by the service."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from api.http.errors import PAGES
from api.web.rendering import PageRoute, page
from core.errors import Rejected

router: Final = APIRouter(prefix="/problems", include_in_schema=False, route_class=PageRoute)

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,60}")
_SPAN: Final = re.compile(r"`([^`]+)`|\[(\w+)\]\((\w+)\.md\)")


@router.get("")
def list_problems(request: Request) -> HTMLResponse:
    """All codes, each with its meaning in a sentence."""
    return page(request, "problem.html", content=_rendered("index"), code=None)


@router.get("/{code}")
def read_problem(request: Request, code: str) -> HTMLResponse:
    """What one code means and what to do."""
    if not _CODE.fullmatch(code) or code == "index" or not (PAGES / f"{code}.md").is_file():
        raise Rejected("not_found", "There is no such error code.")
    return page(request, "problem.html", content=_rendered(code), code=code)


@cache
def _rendered(name: str) -> Markup:
    """The little of Markdown that these pages use: headings, paragraphs, lists, code, links to one another."""
    blocks = (PAGES / f"{name}.md").read_text(encoding="utf-8").strip().split("\n\n")
    return Markup("\n").join(_block(block) for block in blocks)


def _block(block: str) -> Markup:
    level = len(block) - len(block.lstrip("#"))
    if level:
        return Markup("<h{0}>{1}</h{0}>").format(level, _spans(block[level:].strip()))
    if block.startswith("- "):
        items = (Markup("<li>{}</li>").format(_spans(line.removeprefix("- "))) for line in block.splitlines())
        return Markup("<ul>{}</ul>").format(Markup("").join(items))
    return Markup("<p>{}</p>").format(_spans(block))


def _spans(text: str) -> Markup:
    parts, last = [], 0
    for found in _SPAN.finditer(text):
        parts.append(escape(text[last : found.start()]))
        if found[1] is not None:
            parts.append(Markup("<code>{}</code>").format(found[1]))
        else:
            parts.append(Markup('<a href="/problems/{}">{}</a>').format(found[3], found[2]))
        last = found.end()
    return Markup("").join([*parts, escape(text[last:])])
