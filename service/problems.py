"""Errors as answers: the one table from error class to status, told as problem+json (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from logistics.model.errors import NotFound, OsusowakeError

PROBLEM_JSON = "application/problem+json"


class NoBook(OsusowakeError):
    """The service was started without a stock book."""


STATUS: dict[type[OsusowakeError], int] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NoBook: HTTPStatus.NOT_FOUND,
    OsusowakeError: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Status by error class; a class not listed is looked up by its bases, the nearest first."""


class Problem(BaseModel):
    """Why a request was not answered, after RFC 9457."""

    model_config = ConfigDict(frozen=True)

    type: str = "about:blank"
    title: str = Field(description="The status in words")
    status: int = Field(ge=400, le=599)
    code: str = Field(description="A stable name of the cause, for machines")
    detail: str = Field(description="What went wrong, for people")


def status_of(error: OsusowakeError) -> int:
    """The status that the table gives an error."""
    return next(STATUS[base] for base in type(error).__mro__ if base in STATUS)


def code_of(error: OsusowakeError) -> str:
    """The error's class as a stable code: `NotFound` is `not_found`."""
    name = type(error).__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def problem_answer(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    """A problem as an HTTP answer."""
    problem = Problem(title=HTTPStatus(status).phrase, status=status, code=code, detail=detail)
    return JSONResponse(
        problem.model_dump(), status_code=status, headers=headers, media_type=PROBLEM_JSON
    )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of the errors that a route can answer with; 400 is always among them."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {PROBLEM_JSON: {"schema": schema}},
        }
        for status in (HTTPStatus.BAD_REQUEST, *statuses)
    }


def handle_problems(app: FastAPI) -> None:
    """Answer every error of this product, of routing and of parameters as a problem."""

    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, OsusowakeError)
        return problem_answer(status_of(error), code_of(error), str(error))

    async def misrouted(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        phrase = HTTPStatus(error.status_code).phrase
        headers = dict(error.headers or {})
        code = phrase.lower().replace(" ", "_")
        return problem_answer(error.status_code, code, str(error.detail), headers)

    async def malformed(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return problem_answer(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_parameter", said)

    app.add_exception_handler(OsusowakeError, refused)
    app.add_exception_handler(HTTPException, misrouted)
    app.add_exception_handler(RequestValidationError, malformed)
