"""NOTICE.md names whatever is installed to run the program, with its licence; none of it is GPL."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTICE = (ROOT / "NOTICE.md").read_text(encoding="utf-8")
PINNED = re.compile(r"^([\w.-]+)==", re.MULTILINE)
FAMILIES = {
    "MIT": ("MIT",),
    "MIT-CMU": ("MIT-CMU",),
    "BSD-3-Clause": ("BSD",),
    "BSD-2-Clause": ("BSD",),
    "Apache-2.0": ("Apache",),
    "MPL-2.0": ("MPL", "Mozilla"),
    "PSF-2.0": ("PSF", "Python Software Foundation"),
    "zlib": ("without any express or implied",),
}
"""By the first words of a row: what a package must say of itself to stand there."""


def locked(lock: str) -> set[str]:
    """Names of the packages in a lock."""
    return set(PINNED.findall((ROOT / "requirements" / lock).read_text(encoding="utf-8")))


def listed() -> dict[str, str]:
    """Packages in the table of the libraries that run the program, with their licence."""
    table = NOTICE.split("## Libraries")[1].split("\n\n")[2].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    return {name: licence for licence, names in rows for name in re.findall(r"`([^`]+)`", names)}


def stated(name: str) -> str:
    """What an installed package says of its licence, and the text that it brings."""
    about = metadata.metadata(name)
    kinds = [k for k in about.get_all("Classifier") or [] if k.startswith("License")]
    brief = [about.get("License-Expression") or about.get("License") or "", *kinds]
    if any(brief):
        return "\n".join(brief)
    files = metadata.files(name) or []
    return "\n".join(f.read_text() for f in files if f.name.upper().startswith("LICENSE"))


def test_every_package_that_runs_the_program_is_named_once() -> None:
    names = re.findall(r"`([^`]+)`", NOTICE.split("| licence | packages |")[1].split("\n\n")[0])
    assert sorted(names) == sorted(locked("core.txt"))


def test_every_package_stands_under_its_own_licence() -> None:
    misplaced = []
    for name, licence in listed().items():
        try:
            words = stated(name)
        except metadata.PackageNotFoundError:
            continue  # pinned for another machine
        if not any(word in words for word in FAMILIES[licence.split(",")[0]]):
            misplaced.append((name, licence, words[:80]))
    assert misplaced == []


def test_nothing_that_runs_the_program_is_under_the_gpl() -> None:
    for name in locked("core.txt"):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        kinds = [k for k in about.get_all("Classifier") or [] if k.startswith("License")]
        brief = (about.get("License-Expression") or about.get("License") or "").splitlines()[:1]
        assert not re.search(r"GPL|General Public", " ".join([*brief, *kinds])), name


def test_postgresqls_driver_is_an_extra_and_named_with_its_licence() -> None:
    assert not {name for name in locked("core.txt") if name.startswith("psycopg")}
    assert re.search(r"`psycopg` and `psycopg-binary` \(LGPL-3.0-only", NOTICE)
    for name in ("psycopg", "psycopg-binary"):
        assert "LGPL-3.0-only" in stated(name)


@pytest.mark.parametrize("extra", ["postgres", "commiv", "dev"])
def test_whatever_an_extra_asks_for_is_named(extra: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {
        re.match(r"[\w-]+", line)[0]  # type: ignore[index]
        for line in project["optional-dependencies"][extra]
    }
    assert {name for name in asked if f"`{name}`" not in NOTICE} == set()
