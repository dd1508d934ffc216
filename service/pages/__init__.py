"""The page for people: `/`, its style, the maps and the sheets. Every route is a GET."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from fastapi.responses import FileResponse, HTMLResponse, Response

from logistics.model.errors import NotFound
from service.pages.maps import week_maps
from service.pages.page import render, week_page
from service.pages.words import LANGUAGES, language_of
from service.shown import Shown

STATIC = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
"""Files that belong to the page, with their MIME types."""


def pages_router(shown: Shown) -> APIRouter:
    """The routes of the page; pages and maps are prepared here, once."""
    router = APIRouter(include_in_schema=False)
    maps = week_maps(shown)
    pages = {language: week_page(shown, language, list(maps)) for language in LANGUAGES}

    @router.get("/")
    async def read_page(
        lang: Annotated[str | None, Query()] = None,
        show: Annotated[str | None, Query()] = None,
        accept_language: Annotated[str | None, Header()] = None,
    ) -> HTMLResponse:
        """The planned week; `lang` is ja or en, `show=short` leaves out who gets all."""
        language = language_of(lang, accept_language)
        headers = {"Content-Language": language, "Vary": "Accept-Language"}
        return HTMLResponse(render(pages[language], show == "short"), headers=headers)

    @router.get("/maps/{name}.svg")
    async def read_map(name: str) -> Response:
        """The map of the week or of a day."""
        if name not in maps:
            raise NotFound(f"there is no map {name!r}")
        return Response(maps[name], media_type="image/svg+xml")

    @router.get("/sheets/{name}")
    async def read_sheet(name: str) -> FileResponse:
        """A sheet: shown if it is a PDF or a map, saved if it is a workbook."""
        sheet = shown.sheets.sheet(name)
        way: Literal["attachment", "inline"] = (
            "attachment" if sheet.path.suffix == ".xlsx" else "inline"
        )
        return FileResponse(
            sheet.path,
            media_type=sheet.media_type,
            filename=sheet.name,
            content_disposition_type=way,
        )

    @router.get("/static/{name}")
    async def read_static(name: str) -> Response:
        """The page's own style and icon."""
        if name not in STATIC:
            raise NotFound(f"there is no file {name!r}")
        content = files("service").joinpath("static", name).read_bytes()
        return Response(content, media_type=STATIC[name])

    return router


__all__ = ["pages_router"]
