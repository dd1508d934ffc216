"""The web application: routes, guard and errors around one week that was read before."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from service.api import api_router
from service.guard import Guard
from service.pages import pages_router
from service.problems import Problem, handle_problems
from service.shown import Shown

DESCRIPTION = """The planned week of a food network: who gets what, why not more, and the routes.

Read-only, and for this machine only: there is no log-in, every route is a GET, and requests under
another host name are refused. Plans are made by `osusowake plan`, outside this process."""


class Service(FastAPI):
    """FastAPI whose OpenAPI description also knows the one shape of all errors."""

    def openapi(self) -> dict[str, Any]:
        """The description of `/api/v1`, with the schema that `documented` refers to."""
        schema = super().openapi()
        schema["components"]["schemas"].setdefault(Problem.__name__, Problem.model_json_schema())
        return schema


def create_app(shown: Shown) -> FastAPI:
    """The application that shows one week; it keeps no state and plans nothing."""
    app = Service(
        title="Osusowake",
        version="1",
        description=DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.include_router(api_router(shown), prefix="/api/v1")
    app.include_router(pages_router(shown))
    app.add_middleware(GZipMiddleware)
    app.add_middleware(Guard)  # added last: outermost
    handle_problems(app)
    return app
