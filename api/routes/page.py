"""The web page: one file, nothing fetched from elsewhere."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from api.intake import MAX_INSTRUCTION_CHARS
from api.world import InWorld
from core.settings import BlobSettings
from core.version import VERSION

router: Final = APIRouter(include_in_schema=False)

PAGES: Final = Path(__file__).resolve().parents[1] / "pages"


@router.get("/")
def index(world: InWorld) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    settings = world.settings
    html = _template("index.html").render(
        nonce=nonce,
        version=VERSION,
        needs_credential=settings.auth.enabled,
        max_upload_bytes=settings.limits.max_upload_bytes,
        max_instruction_chars=MAX_INSTRUCTION_CHARS,
    )
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
        f"img-src 'self' data: {storage_origin(settings.blobs)}; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})


def storage_origin(settings: BlobSettings) -> str:
    """Where pre-signed addresses lead, for the page may show pictures from there and from nowhere else."""
    public = urlsplit(settings.public_endpoint or "")
    if public.netloc:
        return f"{public.scheme}://{public.netloc}"
    return f"{'https' if settings.secure else 'http'}://{settings.endpoint}"


@cache
def _template(name: str) -> Template:
    return Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined).get_template(name)
