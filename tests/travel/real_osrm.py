"""OSRM's own programs, found or asked for: a road file extracted, contracted and served on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOW = "needs OSRM's programs: tools/osrm.sh, or OSUSOWAKE_OSRM=FOLDER with bin/ and share/profiles/"


def osrm_home() -> Path:
    """The folder of the programs; without it the test is skipped, in CI only if it cannot be had."""
    home = Path(os.environ.get("OSUSOWAKE_OSRM", ROOT / ".venv" / "osrm"))
    if (home / "bin" / "osrm-routed").is_file():
        return home
    failed = ROOT / ".venv" / "osrm.failed"
    if os.environ.get("CI") == "true" and not failed.is_file():
        pytest.fail(HOW)
    why = failed.read_text(encoding="utf-8").strip() if failed.is_file() else ""
    pytest.skip(f"{HOW} {why}".strip())
    raise AssertionError("unreachable")


@contextmanager
def served(
    home: Path, roads: Path, folder: Path, *options: str, version: str = ""
) -> Iterator[str]:
    """The address of an `osrm-routed` for an OpenStreetMap file (`.osm`, `.osm.pbf`), car profile."""
    source = folder / f"roads{''.join(roads.suffixes)}"
    shutil.copyfile(roads, source)
    profile = home / "share" / "profiles" / "car.lua"
    told = [f"--data_version={version}"] if version else []
    _run(home / "bin" / "osrm-extract", "-t", "1", "-p", str(profile), str(source), *told)
    base = str(folder / "roads.osrm")
    _run(home / "bin" / "osrm-contract", "-t", "1", base)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(home / "bin" / "osrm-routed"),
        "-i",
        "127.0.0.1",
        "-p",
        str(port),
        *options,
        base,
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _run(program: Path, *arguments: str) -> None:
    done = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Until the port answers; a minute is for machines with much else to do."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, f"osrm-routed ended with {process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("osrm-routed did not answer within a minute")
