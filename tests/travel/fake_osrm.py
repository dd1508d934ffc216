"""A small HTTP server on loopback that answers like OSRM, or as badly as a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Script = list[Any]
"""What the next answers are: a status, bytes, or a dict laid over the right answer; then all is well."""


class Handler(BaseHTTPRequestHandler):
    """Answers `/table/v1/PROFILE/lon,lat;…`: 1 m and 0.1 s per 1e-5 degrees, north and east added."""

    server: Fake

    def do_GET(self) -> None:
        fake = self.server
        fake.asked.append(self.path)
        step = fake.script.pop(0) if fake.script else {}
        if step == "hang":
            fake.released.wait(5)
        status, body = self._answer(step)
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) + (7 if step == "cut" else 0)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the asker has hung up
            pass
        if step == "cut":
            self.close_connection = True

    def _answer(self, step: Any) -> tuple[int, bytes]:
        if isinstance(step, bytes):
            return 200, step
        if isinstance(step, int):
            return step, b""
        address = urlsplit(self.path)
        points = [tuple(map(float, p.split(","))) for p in address.path.split("/")[-1].split(";")]
        if len(points) > self.server.table_max:
            return 400, b'{"code": "TooBig", "message": "Too many table coordinates"}'
        query = parse_qs(address.query)
        rows, columns = (
            [int(i) for i in query[key][0].split(";")] for key in ("sources", "destinations")
        )
        steps = [
            [round((abs(points[a][0] - points[b][0]) + abs(points[a][1] - points[b][1])) * 1e5)
             for b in columns]
            for a in rows
        ]  # fmt: skip
        answer: dict[str, Any] = {
            "code": "Ok",
            "distances": steps,
            "durations": [[n / 10 for n in row] for row in steps],
            "sources": [{"distance": self.server.snap_m} for _ in rows],
            "destinations": [{"distance": self.server.snap_m} for _ in columns],
        }
        if self.server.version:
            answer["data_version"] = self.server.version
        if isinstance(step, dict):
            answer.update(step)
        return 200, json.dumps(answer).encode()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on standard error."""


class Fake(ThreadingHTTPServer):
    """The server, what it was asked, and how it is to misbehave."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.script: Script = []
        self.table_max = 100
        self.snap_m = 0.0
        self.version = ""
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def fake_osrm() -> Iterator[Fake]:
    """A running server; it is stopped at the end."""
    fake = Fake()
    thread = threading.Thread(target=fake.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        fake.released.set()
        fake.shutdown()
        thread.join()
        fake.server_close()
