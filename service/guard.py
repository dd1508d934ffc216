"""What every request and every answer must keep: the name of this machine, and safe headers.

The service has no log-in; what protects it is that it listens on loopback only. A page elsewhere
could still make a browser on this machine ask it under another name (DNS rebinding), so requests
whose Host is not this machine are refused.
"""

from __future__ import annotations

import logging
import os

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.problems import problem_answer

log = logging.getLogger(__name__)

HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


def is_this_machine(host: str) -> bool:
    """Whether a Host header, with or without a port, names this machine."""
    name, colon, port = host.rpartition(":")
    bare = name if colon and port.isdigit() else host
    return bare.lower() in HOSTS


class Guard:
    """ASGI middleware: refuses foreign hosts (400), answers failures (500), adds `HEADERS` to all.

    A failure is told in one line; with `OSUSOWAKE_DEBUG` set it is raised on, with its traceback.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if not is_this_machine(Headers(scope=scope).get("host", "")):
            refusal = problem_answer(400, "foreign_host", "this service answers this machine only")
            await refusal(scope, receive, send_guarded)
            return
        try:
            await self.app(scope, receive, send_guarded)
        except Exception as error:
            if begun or os.environ.get("OSUSOWAKE_DEBUG"):
                raise
            log.error("%s failed: %s: %s", scope["path"], type(error).__name__, error)
            answer = problem_answer(
                500, "internal_error", "a fault of the program, not of your data"
            )
            await answer(scope, receive, send_guarded)
