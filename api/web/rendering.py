"""Pages: templates in the reader's language, under a policy that lets nothing in from elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.http.composition import World, the_world
from api.http.errors import RETRY_AFTER_S, RateLimited, status_of
from api.http.language import COOKIE as LANGUAGE_COOKIE
from api.http.language import LANGUAGES
from api.http.sessions import COOKIE
from api.web.catalogue import Catalogue, catalogue, preferred
from core.errors import DeepwitnessError, Rejected
from core.figures import (
    ACOUSTIC_FORMS,
    acoustic_figure,
    clock,
    clock_range,
    decimal_text,
    percent,
    seconds,
)
from core.settings import BlobSettings
from core.types import Decision
from core.version import VERSION
from prompts.authored import translate
from prompts.headline import write_headline

PAGES: Final = Path(__file__).resolve().parent / "pages"
STATIC: Final = PAGES / "static"
THEME_COOKIE: Final = "deepwitness_theme"
THEMES: Final = ("system", "light", "dark")
_COMMA: Final = frozenset({"de", "fr"})


class PageRoute(APIRoute):
    """Errors become pages that say what to do; a stranger is asked to log in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_or_explain(request: Request) -> Response:
            try:
                return await answer(request)
            except RequestValidationError:
                return error_page(request, Rejected("not_found", "There is no such page."))
            except DeepwitnessError as error:
                if error.code == "unauthenticated":
                    wanted = quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""), safe="/")
                    return RedirectResponse(f"/login?next={wanted}", 303)
                if status_of(error) == 500:
                    raise
                return error_page(request, error)

        return answer_or_explain


def error_page(request: Request, error: DeepwitnessError) -> HTMLResponse:
    """What went wrong in the service's own words, under the status that the API would give."""
    status = 404 if error.code == "not_found" else status_of(error)
    request.scope["problem_code"] = error.code
    retry_s = error.retry_after_s if isinstance(error, RateLimited) else RETRY_AFTER_S if status == 503 else None
    answer = page(request, "error.html", code=error.code, message=error.public_message, status=status, retry_s=retry_s)
    answer.status_code = status
    if retry_s is not None:
        answer.headers["Retry-After"] = str(retry_s)
    return answer


def page(request: Request, template: str, **shown: object) -> HTMLResponse:
    """One page, whole. `shown` is what its template needs beside the frame."""
    world = the_world(request)
    words = catalogue(language_of(request))
    theme = request.cookies.get(THEME_COOKIE, THEMES[0])
    html = (
        _templates()
        .get_template(template)
        .render(
            **vocabulary(words),
            static=f"/static/{static_digest()}",
            languages=LANGUAGES,
            theme=theme if theme in THEMES else THEMES[0],
            version=VERSION,
            path=request.url.path,
            origin=str(request.base_url).rstrip("/"),
            authentication=world.settings.auth.enabled,
            logged_in=COOKIE in request.cookies,
            away=world.outages.known(),
            **shown,
        )
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": policy(world)})


def language_of(request: Request) -> str:
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return preferred(chosen, request.headers.get("accept-language", ""))


def policy(world: World) -> str:
    """Scripts, styles and type from here; pictures and sound also from where files are; nothing else from anywhere."""
    storage = storage_origin(world.settings.blobs)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
        f"img-src 'self' {storage}; media-src 'self' {storage}; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


def storage_origin(settings: BlobSettings) -> str:
    """Where pre-signed addresses lead, for the page may show pictures from there and from nowhere else."""
    if settings.through_api:
        return ""
    public = urlsplit(settings.public_endpoint or "")
    if public.netloc:
        return f"{public.scheme}://{public.netloc}"
    return f"{'https' if settings.secure else 'http'}://{settings.endpoint}"


def vocabulary(words: Catalogue) -> dict[str, object]:
    """How a template says things: sentences by key, and figures rounded by the one rule, in the language's writing."""

    def measure(value: float, digits: int = 2) -> str:
        text = decimal_text(value, digits)
        return text.replace(".", ",") if words.language in _COMMA else text

    def figure(value: float) -> str:
        return measure(value, 1)

    def pct(probability: float) -> str:
        return f"{figure(percent(probability))}\u202f%"

    def pct_of(value: float) -> str:
        return f"{figure(value)}\u202f%"

    def points(value: float) -> str:
        return words.say("compare.points", figure=figure(value))

    def acoustic(name: str, *values: float) -> str:
        unit = words.say("acoustics.semitones") if (given := ACOUSTIC_FORMS[name][1]) == "semitones" else given
        written = " … ".join(acoustic_figure(name, value) for value in values)
        return f"{written.replace('.', ',') if words.language in _COMMA else written}\u202f{unit}"

    def secs(value: float) -> str:
        return f"{figure(seconds(value))}\u202fs"

    def moment(value: datetime) -> Markup:
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), value.strftime("%Y-%m-%d %H:%M UTC"))

    def span(start_s: float, end_s: float) -> str:
        text = clock_range(start_s, end_s)
        return text.replace(".", ",") if words.language in _COMMA else text

    def headline(decision: Decision) -> str:
        return write_headline(decision, words.language)

    def authored(text: str) -> str:
        return translate(text, words.language)

    def size(value: int) -> str:
        for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
            if value >= step:
                return f"{figure(value / step)}\u202f{unit}"
        return f"{value}\u202fB"

    return {
        "lang": words.language,
        "t": words.say,
        "has": words.has,
        "browser_words": words.for_browser(),
        "pct": pct,
        "pct_of": pct_of,
        "points": points,
        "acoustic": acoustic,
        "measure": measure,
        "secs": secs,
        "clock": clock,
        "moment": moment,
        "size": size,
        "headline": headline,
        "authored": authored,
        "span": span,
    }


@cache
def static_digest() -> str:
    """Of everything under `static`: a changed file is a new address, so that an old copy is never used."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["breakable"] = _breakable
    return made


def _breakable(text: str) -> Markup:
    """A long name that may break after its separators."""
    return Markup("").join(escape(char) + Markup("<wbr>") if char in "._-/" else escape(char) for char in text)
