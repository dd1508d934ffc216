"""The verb `serve`: the planned week in a browser on this machine."""

from __future__ import annotations

import errno
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logistics.model.errors import OsusowakeError
from service.commands.common import FILE, FOLDER, print_findings
from service.settings import Settings

if TYPE_CHECKING:
    from service.shown import Shown


class PortTaken(OsusowakeError):
    """Another program listens on the port already, or it may not be used."""


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("plan_file", metavar="PLAN.json", type=FILE)
@click.option("--host", default="127.0.0.1", show_default=True, help="a loopback address only")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option("--db", "url", envvar="OSUSOWAKE_DB", help="the stock book, for stock and trace")
@click.option(
    "--sheets",
    "sheets_folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="where `osusowake sheets` has written  [default: the plan's folder]",
)
def serve(
    folder: Path,
    plan_file: Path,
    host: str,
    port: int,
    url: str | None,
    sheets_folder: Path | None,
) -> None:
    """Show the week of FOLDER as PLAN.json plans it, in a browser on this machine.

    Read-only: nothing can be changed, and nothing is planned here. Only this machine is answered.
    Week and plan are read once; start again to show a new plan. Ctrl-C ends.
    """
    from service.shown import WeekUnreadable, read_shown

    settings = Settings(folder, plan_file, sheets_folder or plan_file.parent, url, host, port)
    with listen(settings) as listener:
        try:
            shown = read_shown(settings)
        except WeekUnreadable as unreadable:
            print_findings(unreadable.findings)
            raise click.exceptions.Exit(1) from unreadable
        if shown.db is not None:
            from logistics.store import open_book

            open_book(shown.db).dispose()
        if not shown.accepted:
            click.echo("warning: the judge refuses this plan; the page says so", err=True)
        address = settings.url(listener.getsockname()[1])
        _run(shown, listener, f"{shown.problem.name}: {address}  (read-only; Ctrl-C ends)")


def listen(settings: Settings) -> socket.socket:
    """A socket on the address, taken before the week is read.

    Raises:
        PortTaken: if the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.address, settings.port))
        listener.listen()
    except OSError as error:
        listener.close()
        why = (
            "another program uses this port; choose one with --port, or 0 for any that is free"
            if error.errno == errno.EADDRINUSE
            else error.strerror
        )
        raise PortTaken(f"{settings.url(settings.port)} cannot be served: {why}") from error
    return listener


def _run(shown: Shown, listener: socket.socket, greeting: str) -> None:
    """Serve until Ctrl-C; uvicorn speaks up only if something is wrong."""
    import uvicorn

    from service.app import create_app

    config = uvicorn.Config(
        create_app(shown), log_level="warning", access_log=False, server_header=False
    )
    click.echo(greeting)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        click.echo("stopped", err=True)
