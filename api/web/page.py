"""The web page, served whole by the API: every page works without its scripts, and the scripts fetch nothing else."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, TypeVar
from urllib.parse import urlencode, urlsplit

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from api.http.auth import Reader, Uploader, Visitor
from api.http.composition import InWorld
from api.http.language import COOKIE as LANGUAGE_COOKIE
from api.http.language import LANGUAGES
from api.http.parameters import AnalysisId, Token, possible_id
from api.intake.link import submit_link
from api.intake.submission import submit
from api.intake.upload import MAX_INSTRUCTION_CHARS, received_form
from api.schemas import MAX_URL_CHARS, SubmitLink
from api.usecases.account import live_keys, retention_of, service_of
from api.usecases.analyses import find_analyses, remove, search_for, thumbnails_of
from api.usecases.comparison import compared, finished
from api.usecases.conversations import latest_about
from api.usecases.export import list_for_export, table_of
from api.usecases.files import Links
from api.usecases.progress import read
from api.usecases.sharing import feedback_of, shared_analysis, shares_of
from api.usecases.webhooks import all_of
from api.web.analysis_page import case_page
from api.web.reference import reference_of
from api.web.rendering import STATIC, THEME_COOKIE, THEMES, PageRoute, page
from core.errors import Rejected
from core.types import AnalysisStatus, MediaKind, Outcome

router: Final = APIRouter(include_in_schema=False, route_class=PageRoute)

RECENT: Final = 6
E = TypeVar("E", bound=StrEnum)
HISTORY: Final = 20
_YEAR_S: Final = 365 * 24 * 3600
_STATIC_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
    ".md": "text/plain",
}


@router.get("/")
def examine(request: Request, world: InWorld, caller: Reader) -> HTMLResponse:
    recent = find_analyses(world, caller.owner_id, limit=RECENT)
    kept = retention_of(world, caller.owner_id).effective_days
    return page(request, "examine.html", service=service_of(world), recent=recent.items, kept=kept)


@router.post("/analyses")
async def submit_form(request: Request, world: InWorld, caller: Uploader) -> RedirectResponse:
    """The form of the first page without its script."""
    async with received_form(request, world) as received, world.probing.taken_by(caller.owner_id):
        accepted = await run_sync(submit, world, caller.owner_id, received, None)
    return RedirectResponse(f"/analyses/{accepted.analysis.id}", 303)


@router.post("/analyses/link")
async def submit_link_form(
    world: InWorld,
    caller: Uploader,
    url: Annotated[str, Form(max_length=MAX_URL_CHARS)] = "",
    instruction: Annotated[str, Form(max_length=4 * MAX_INSTRUCTION_CHARS)] = "",
) -> RedirectResponse:
    """The same form with a link in it instead of a file."""
    accepted = await submit_link(world, caller.owner_id, SubmitLink(url=url or "-", instruction=instruction), None)
    return RedirectResponse(f"/analyses/{accepted.analysis.id}", 303)


@router.get("/analyses/{analysis_id}")
def analysis(request: Request, world: InWorld, caller: Reader, analysis_id: AnalysisId) -> HTMLResponse:
    found = read(world, analysis_id, caller.owner_id)
    shares = shares_of(world, analysis_id, caller.owner_id)
    feedback = feedback_of(world, analysis_id, caller.owner_id)
    conversation, turns = latest_about(world, caller.owner_id, analysis_id)
    return page(
        request, "analysis.html", case=case_page(Links(world), found), shared=False, token="", shares=shares,
        feedback=feedback, conversation=conversation, turns=turns,
    )  # fmt: skip


@router.get("/shared/{token}", dependencies=[Visitor])
def shared(request: Request, world: InWorld, token: Token) -> HTMLResponse:
    analysis, links = shared_analysis(world, token)
    case = case_page(links, analysis)
    return page(
        request,
        "analysis.html",
        case=case,
        shared=True,
        token=token,
        shares=(),
        feedback=(),
        conversation=None,
        turns=(),
    )


@router.get("/shared/{token}/preview", dependencies=[Visitor])
def shared_preview(world: InWorld, token: Token) -> RedirectResponse:
    """A small picture of the first face, for where the link is posted."""
    analysis, links = shared_analysis(world, token)
    found = thumbnails_of(links, (analysis,))
    if not found:
        raise Rejected("not_found", "There is no such page.")
    return RedirectResponse(next(iter(found.values())), 303)


@router.get("/history")
def history(
    request: Request,
    world: InWorld,
    caller: Reader,
    q: Annotated[str, Query(max_length=200)] = "",
    status: str = "",
    outcome: str = "",
    kind: str = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> HTMLResponse:
    search = search_for(q, _one_of(AnalysisStatus, status), _one_of(Outcome, outcome), _one_of(MediaKind, kind))
    found = find_analyses(world, caller.owner_id, search, limit=HISTORY, cursor=cursor)
    asked = {
        name: value for name, value in (("q", q), ("status", status), ("outcome", outcome), ("kind", kind)) if value
    }
    following = None if found.next_cursor is None else "/history?" + urlencode({**asked, "cursor": found.next_cursor})
    return page(
        request, "history.html", items=found.items, following=following, asked=asked, first=cursor is None,
        statuses=tuple(AnalysisStatus), outcomes=tuple(Outcome), kinds=tuple(MediaKind),
        thumbnails=thumbnails_of(Links(world), found.items), export="/history.csv?" + urlencode(asked),
    )  # fmt: skip


@router.get("/history.csv")
def history_as_csv(
    world: InWorld,
    caller: Reader,
    q: Annotated[str, Query(max_length=200)] = "",
    status: str = "",
    outcome: str = "",
    kind: str = "",
) -> Response:
    """The same list as a table for a spreadsheet: the newest thousand."""
    found = list_for_export(world, caller.owner_id, q, _one_of(AnalysisStatus, status), _one_of(Outcome, outcome),
                            _one_of(MediaKind, kind))  # fmt: skip
    headers = {"Content-Disposition": 'attachment; filename="deepwitness-history.csv"'}
    return Response(table_of(found), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/history/delete")
def delete_picked(
    request: Request,
    world: InWorld,
    caller: Reader,
    picked: Annotated[tuple[str, ...], Form(alias="id", max_length=HISTORY)] = (),
    sure: Annotated[str, Form()] = "",
) -> Response:
    """What was picked in the list, once its reader has said that it is meant: by the script's question or by a page."""
    if picked and sure != "yes":
        found = [read(world, possible_id(each), caller.owner_id) for each in picked]
        return page(request, "delete.html", items=found)
    for analysis_id in picked:
        remove(world, possible_id(analysis_id), caller.owner_id)
    return RedirectResponse("/history", 303)


def _one_of(kind: type[E], given: str) -> E | None:
    return kind(given) if given in set(kind) else None


@router.get("/compare")
def compare(request: Request, world: InWorld, caller: Reader, first: str = "", second: str = "") -> HTMLResponse:
    """With two ids the comparison; with fewer, the choice of what to compare."""
    ids = [each for each in (first, second) if each] or request.query_params.getlist("id")[:2]
    if len(ids) == 2:
        sides = [finished(world, possible_id(each), caller.owner_id) for each in ids]
        cases = [case_page(Links(world), each[0]) for each in sides]
        return page(request, "compare.html", comparison=compared(*sides), cases=cases, choice=(), chosen=ids)
    found = find_analyses(world, caller.owner_id, search_for(status=AnalysisStatus.FINISHED), limit=HISTORY)
    return page(request, "compare.html", comparison=None, cases=(), choice=found.items, chosen=ids)


@router.get("/settings")
def settings(request: Request, world: InWorld, caller: Reader) -> HTMLResponse:
    keys, webhooks = live_keys(world, caller.owner_id), all_of(world, caller.owner_id)
    retention = retention_of(world, caller.owner_id)
    return page(
        request, "settings.html", service=service_of(world), keys=keys, webhooks=webhooks, retention=retention,
        sealed=world.vault is not None,
    )  # fmt: skip


@router.get("/login", dependencies=[Visitor])
def login(request: Request, world: InWorld, onward: Annotated[str, Query(alias="next")] = "/") -> Response:
    if not world.settings.auth.enabled:
        return RedirectResponse("/", 303)
    return page(request, "login.html", onward=_local(onward))


@router.post("/preferences", dependencies=[Visitor])
def prefer(
    language: Annotated[str, Form()] = "", theme: Annotated[str, Form()] = "", back: Annotated[str, Form()] = "/"
) -> RedirectResponse:
    """How this browser wants its pages; kept in its cookies, not with us."""
    answer = RedirectResponse(_local(back), 303)
    for cookie, value, known in ((LANGUAGE_COOKIE, language, LANGUAGES), (THEME_COOKIE, theme, THEMES)):
        if value in known:
            answer.set_cookie(cookie, value, max_age=_YEAR_S, httponly=True, samesite="lax")
    return answer


@router.get("/docs")
def reference(request: Request, world: InWorld) -> HTMLResponse:
    if not world.settings.api.docs:
        raise Rejected("not_found", "There is no such page.")
    return page(request, "reference.html", groups=reference_of(request.app.openapi()))


@router.get("/static/{_digest}/{name:path}")
def static(_digest: str, name: str) -> FileResponse:
    """A file of the page. Its address holds a digest, so that it can be kept for good."""
    if "\0" in name:
        raise Rejected("not_found", "There is no such page.")
    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC) or not path.is_file() or path.suffix not in _STATIC_TYPES:
        raise Rejected("not_found", "There is no such page.")
    headers = {"Cache-Control": f"public, max-age={_YEAR_S}, immutable"}
    return FileResponse(path, media_type=_STATIC_TYPES[path.suffix], headers=headers)


def _local(address: str) -> str:
    """An address on this service, whatever was asked for."""
    parts = urlsplit(address)
    is_local = (
        address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    )
    return address if is_local else "/"
