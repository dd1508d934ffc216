"""Asking an OSRM server: deadlines, a few patient repeats, and errors that say how to go on."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from logistics.model.travel import OsrmSettings
from logistics.travel.engine import Fault, TravelFailed

if TYPE_CHECKING:
    import httpx

ATTEMPTS = 4
FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 5.0
ANSWER_MAX = 64 * 2**20
"""Bytes of an answer; 100 x 100 legs take about 0.2 MB."""

LONG = frozenset({413, 414, 431})
"""Answers to a request that is longer than a server, or a gateway before it, takes."""

BUSY = frozenset({429, 500, 502, 503, 504})
"""Answers after which the same request may succeed a little later."""


class TooBig(Exception):
    """The server serves fewer places at once; for the engine, which then asks for less."""


class _Again(Exception):
    """One attempt failed in a way that may pass."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, why


class Asking:
    """A connection to one server; closes with its `with` block.

    Redirects are not followed and proxies of the environment not used: what is meant for this machine
    stays on it. Waiting between attempts doubles, with full jitter, so that many askers do not knock
    in step (M. Brooker, "Exponential Backoff And Jitter", 2015).
    """

    def __init__(self, settings: OsrmSettings, wait: Callable[[float], None] = time.sleep) -> None:
        import httpx

        self._settings, self._wait = settings, wait
        self._client = httpx.Client(
            timeout=settings.timeout_s,
            trust_env=False,
            follow_redirects=False,
            # Certificates take 0.1 s to load; without TLS there is nothing to verify.
            verify=urlsplit(settings.url).scheme == "https",
        )

    def __enter__(self) -> Asking:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str) -> dict[str, Any]:
        """The JSON object that a path answers with `"code": "Ok"`.

        Raises:
            TooBig: if the request has too many places.
            TravelFailed: if the server cannot be reached, refuses, or answers nonsense.
        """
        failed = _Again("server_down", "")
        for attempt in range(ATTEMPTS):
            if attempt:
                longest_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**attempt)
                self._wait(random.uniform(0, longest_s))
            try:
                return self._once(path)
            except _Again as problem:
                failed = problem
        raise self._fault(failed.code, why=failed.why, attempts=ATTEMPTS)

    def _once(self, path: str) -> dict[str, Any]:
        import httpx

        try:
            with self._client.stream("GET", self._settings.url.rstrip("/") + path) as response:
                body = self._read(response)
                status = response.status_code
        except httpx.TimeoutException:
            raise _Again("slow", f"{self._settings.timeout_s:g} s") from None
        except httpx.RemoteProtocolError as problem:
            raise _Again("bad_answer", str(problem)[:120]) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
            raise _Again("server_down", str(problem)[:120] or type(problem).__name__) from None
        return self._understood(status, body)

    def _read(self, response: httpx.Response) -> bytes:
        """The body, within the size and, as a whole, within the time that one request may take."""
        end = time.monotonic() + self._settings.timeout_s
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > ANSWER_MAX:
                raise _Again("bad_answer", f"> {ANSWER_MAX} bytes")
            if time.monotonic() > end:
                raise _Again("slow", f"{self._settings.timeout_s:g} s")
        return bytes(body)

    def _understood(self, status: int, body: bytes) -> dict[str, Any]:
        """The answer if it is one; else what is wrong with it."""
        if status in BUSY:
            raise _Again("server_down", f"HTTP {status}")
        if status in LONG:
            raise TooBig
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        code = answer.get("code") if isinstance(answer, dict) else None
        if code == "TooBig":
            raise TooBig
        if isinstance(code, str) and (status != 200 or code != "Ok"):
            raise self._fault(
                "refused", why=f"{printable(code)}: {printable(answer.get('message', ''))}"
            )
        if status != 200:
            raise self._fault("refused", why=f"HTTP {status}")
        if code != "Ok":
            raise _Again("bad_answer", "no OSRM answer in JSON")
        return dict(answer)

    def _fault(self, code: str, **words: object) -> TravelFailed:
        """The failure with server and profile named."""
        server = {"server": self._settings.url, "profile": self._settings.profile}
        return TravelFailed(Fault(code, {**server, **words}, column="travel.osrm.url"))


def printable(told: object) -> str:
    """What a server says, without the control characters that a terminal would obey, and not long."""
    return "".join(letter for letter in str(told)[:120] if letter.isprintable())
