"""`/api/v1`: the verbs of the command line as typed, read-only answers."""

from __future__ import annotations

from fastapi import APIRouter

from service.api.book import book_router
from service.api.plan import plan_router
from service.shown import Shown


def api_router(shown: Shown) -> APIRouter:
    """All routes of the first version of the API."""
    router = APIRouter()
    router.include_router(plan_router(shown))
    router.include_router(book_router(shown))
    return router


__all__ = ["api_router"]
