"""What the web service is started with, and the refusal to serve anyone but this machine."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from logistics.model.errors import OsusowakeError

LOCALHOST = "localhost"


class NotLoopback(OsusowakeError, ValueError):
    """The service was asked to listen where other machines could reach it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the week, its plan, its paper and the book are, and where to listen.

    `sheets` is the folder that `osusowake sheets` has written to, `db` the book's URL or `None`.

    Raises:
        NotLoopback: if `host` is no loopback address.
    """

    folder: Path
    plan_file: Path
    sheets: Path
    db: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000

    def __post_init__(self) -> None:
        if not is_loopback(self.host):
            raise NotLoopback(
                f"{self.host} is not this machine alone: the service has no log-in and shows who "
                "gets what, so it listens on 127.0.0.1, ::1 or localhost only"
            )

    @property
    def address(self) -> str:
        """The address to bind to; `localhost` is taken as 127.0.0.1."""
        return "127.0.0.1" if self.host == LOCALHOST else self.host

    def url(self, port: int) -> str:
        """The address for people, for the port that was given by the system."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{port}/"


def is_loopback(host: str) -> bool:
    """Whether a name or address can mean nothing but this machine."""
    if host == LOCALHOST:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
