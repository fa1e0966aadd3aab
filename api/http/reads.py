"""Reads that are answered in one thread: the caller is admitted, the parameters are checked, the answer is written.

FastAPI takes a thread for each dependency and for the endpoint, and checks every parameter by itself. For a short read
that costs more than its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from inspect import signature
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin, get_type_hints

from anyio.to_thread import run_sync
from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from fastapi.params import Path, Query
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request

from api.http.auth import Reader, reader
from api.http.composition import InWorld, the_world

Endpoint = TypeVar("Endpoint", bound=Callable[..., Response])
_GIVEN: Final[Mapping[str, Any]] = {"world": InWorld, "caller": Reader}


class PlainRead(APIRoute):
    """A GET whose endpoint takes `world` and `caller` and, besides, parts of its path and one model of its query.

    It is described and answers like any other route. Raises: TypeError, as it is made, for another endpoint.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint = self.endpoint
        hints = get_type_hints(endpoint, include_extras=True)
        names = tuple(signature(endpoint).parameters)
        if self.methods != {"GET"} or hints.get("return") is not Response or names[:2] != tuple(_GIVEN):
            raise TypeError(f"{endpoint.__name__} is no plain read")
        parts: dict[str, TypeAdapter[Any]] = {}
        query: dict[str, TypeAdapter[Any]] = {}
        for name in names[2:]:
            _group(hints[name], parts, query)[name] = TypeAdapter(hints[name])

        def answer(request: Request) -> Response:
            world = the_world(request)
            caller = reader(request, world)
            faults: list[Any] = []
            arguments = {
                **{
                    name: _checked(each, request.path_params[name], ("path", name), faults)
                    for name, each in parts.items()
                },
                **{
                    name: _checked(each, dict(request.query_params), ("query",), faults) for name, each in query.items()
                },
            }
            if faults:
                raise RequestValidationError(faults)
            told: Response = endpoint(world, caller, **arguments)
            return told

        async def handle(request: Request) -> Response:
            return await run_sync(answer, request)

        return handle


def plain_read(
    router: APIRouter, path: str, *, response_model: type[BaseModel], responses: dict[int | str, dict[str, Any]]
) -> Callable[[Endpoint], Endpoint]:
    """Add an endpoint to a room as a `PlainRead`."""

    def add(endpoint: Endpoint) -> Endpoint:
        router.add_api_route(
            path,
            endpoint,
            methods=["GET"],
            response_model=response_model,
            responses=responses,
            route_class_override=PlainRead,
        )
        return endpoint

    return add


def _group(hint: Any, parts: dict[str, Any], query: dict[str, Any]) -> dict[str, Any]:
    kinds = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    if any(isinstance(each, Path) for each in kinds):
        return parts
    if any(isinstance(each, Query) for each in kinds):
        return query
    raise TypeError(f"{hint} is neither a part of a path nor a query")


def _checked(kind: TypeAdapter[Any], value: object, at: tuple[str, ...], faults: list[Any]) -> Any:
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        faults.extend({**each, "loc": (*at, *each["loc"])} for each in error.errors())
