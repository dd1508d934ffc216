"""The pages are true: links lead somewhere, commands exist, everything is reached from the README."""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from service.cli import WEEK, cli

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]\[]*\]\(([^)\s]+)\)")
PROGRAMS = ("osusowake", "make", "python")
ROOMS = ("logistics", "scenarios", "benchmarks")


@cache
def pages() -> dict[str, str]:
    """Text of every page by its path in the repository; what git does not know is not published."""
    listed = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not listed:
        pytest.skip("not a checkout: git lists no pages")
    return {path: (ROOT / path).read_text(encoding="utf-8") for path in listed}


def links(page: str) -> Iterator[tuple[str, str]]:
    """Relative links of a page: path in the repository and anchor; pictures are links, too."""
    for target in LINK.findall(FENCE.sub("", pages()[page])):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            there = (ROOT / page).parent / unquote(path) if path else ROOT / page
            yield str(there.resolve().relative_to(ROOT)), unquote(anchor)


def anchors(page: str) -> set[str]:
    """The names under which GitHub shows the headings of a page."""
    names: set[str] = set()
    for heading in re.findall(r"^#+ (.*)$", FENCE.sub("", pages()[page]), re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", shown.strip().lower()).replace(" ", "-")
        names.add(next(n for n in [name, *(f"{name}-{k}" for k in range(1, 99))] if n not in names))
    return names


def commands(page: str) -> Iterator[list[str]]:
    """Words of every command that a page shows in a fenced block (without its comment), and in text."""
    for block in FENCE.findall(pages()[page]):
        for line in block.splitlines()[1:-1]:
            for command in line.removeprefix("$ ").split(" && "):
                if command.startswith(tuple(f"{program} " for program in PROGRAMS)):
                    yield shlex.split(command, comments=True)
    for span in re.findall(r"`((?:make|python) [^`\n]+)`", FENCE.sub("", pages()[page])):
        yield shlex.split(span)


def spoken(page: str) -> Iterator[list[str]]:
    """Words of every verb that stands with an option in running text, as `publish --key NAME`."""
    verbs = {verb.name for _, verbs in WEEK for verb in verbs}
    for span in re.findall(r"`([^`\n]+)`", FENCE.sub("", pages()[page])):
        words = span.removeprefix("osusowake ").split()
        if words[:1] and words[0] in verbs and " --" in span:
            yield words


def given(words: list[str]) -> str:
    """What is wrong with a command of `osusowake`, by its own parser; empty if nothing is."""
    context = click.Context(cli)
    command = cli.get_command(context, words[0])
    if command is None:
        return "" if words[0].startswith("--") else "no such verb"
    try:
        values, rest, _ = command.make_parser(click.Context(command)).parse_args(words[1:])
    except click.UsageError as error:
        return error.format_message()
    if rest:
        return f"too many words: {rest}"
    for parameter in command.params:
        value = values.get(parameter.name or "")
        if parameter.required and not value:
            return f"{parameter.name} is missing"
        if isinstance(parameter.type, click.Choice) and value:
            for said in value if parameter.multiple else [value]:
                if said not in parameter.type.choices:
                    return f"{parameter.name} cannot be {said}"
    return ""


def wrong(words: list[str]) -> str:
    """What is wrong with a command that a page shows; empty if nothing is."""
    program, *rest = words
    if program == "osusowake":
        return given(rest)
    if program == "make":
        targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        return "" if {w for w in rest if "=" not in w} <= set(targets) else "no such target"
    if rest[:1] != ["-m"] or rest[1].partition(".")[0] not in ROOMS:
        return ""
    spec = importlib.util.find_spec(rest[1])
    if spec is None or spec.origin is None:
        return "no such module"
    folder = Path(spec.origin)
    source = "".join(
        path.read_text("utf-8")
        for path in (folder.parent.glob("*.py") if folder.stem == "__init__" else [folder])
    )
    said = {n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant)}
    return ", ".join(word for word in rest if word.startswith("--") and word not in said)


def test_every_link_leads_somewhere() -> None:
    broken = []
    for page in pages():
        for path, anchor in links(page):
            if not (ROOT / path).exists():
                broken.append(f"{page}: {path} does not exist")
            elif anchor and (path not in pages() or anchor not in anchors(path)):
                broken.append(f"{page}: {path} has no heading #{anchor}")
    assert broken == []


def test_every_file_of_code_that_a_page_names_exists() -> None:
    """By its path or the end of it; what is to be written is called NAME or NNNN."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    files = [f"/{name}" for name in listed.stdout.split()]
    named = re.compile(r"`([\w./-]+\.(?:py|sh|toml|typ))`")
    unknown = [
        (page, name)
        for page, text in pages().items()
        for name in named.findall(FENCE.sub("", text))
        if not re.search(r"NAME|NNNN|instance\.toml", name)
        and not any(file.endswith(f"/{name}") for file in files)
    ]
    assert unknown == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, ahead = set(), ["README.md"]
    while ahead:
        page = ahead.pop()
        if page in reached:
            continue
        reached.add(page)
        for path, _ in links(page):
            ahead += [p for p in pages() if p == path or Path(p).parent == Path(path)]
    assert set(pages()) - reached == set()


def test_every_command_of_a_page_exists() -> None:
    shown = [(page, words) for page in pages() for words in commands(page)]
    assert len(shown) > 100
    assert [f"{p}: {shlex.join(w)}: {wrong(w)}" for p, w in shown if wrong(w)] == []


def test_every_option_named_in_passing_exists() -> None:
    unknown = []
    for page in pages():
        for verb, *words in spoken(page):
            command = cli.get_command(click.Context(cli), verb)
            assert command is not None
            known = {name for parameter in command.params for name in parameter.opts}
            unknown += [f"{page}: {verb} {w}" for w in words if w[:2] == "--" and w not in known]
    assert unknown == []
