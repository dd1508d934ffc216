"""The verbs that keep the book safe: audit, backup, restore."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from logistics import store
from logistics.words import say
from service.commands.book import db_option
from service.commands.common import FILE, Language, json_option, print_findings, print_json
from service.commands.plan import language_option


@click.command()
@db_option
@json_option
@language_option
def audit(url: str, as_json: bool, language: Language) -> None:
    """Check the whole book from entry zero: hashes, seals, every law. Names the first bad entry."""
    found = store.audit(store.open_book(url))
    if as_json:
        findings = [each.as_dict() for each in found.findings]
        print_json({"ok": not findings, **asdict(found), "findings": findings})
    elif found.findings:
        print_findings(found.findings)
    else:
        click.echo(
            say(
                language,
                "audit_sound",
                entries=found.entries,
                lots=found.lots,
                hash=found.hash or "-",
            )
        )
    if found.findings:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@db_option
@json_option
@language_option
def backup(path: Path, url: str, as_json: bool, language: Language) -> None:
    """Write the book as it stands now to FILE, while others go on writing."""
    done = store.backup(store.open_book(url), path)
    if as_json:
        print_json({"ok": True, "path": str(path), **asdict(done)})
        return
    click.echo(say(language, "backup_done", path=path, rows=done.rows, entries=done.entries))


@click.command()
@click.argument("path", metavar="FILE", type=FILE)
@db_option
@json_option
@language_option
def restore(path: Path, url: str, as_json: bool, language: Language) -> None:
    """Fill a new book (made here if missing) from the backup FILE, and audit it before it counts."""
    done, found = store.restore(store.init_book(url), path)
    if as_json:
        print_json({"ok": True, "path": str(path), **asdict(done), "hash": found.hash})
        return
    click.echo(
        say(
            language,
            "restore_done",
            path=path,
            rows=done.rows,
            entries=done.entries,
            hash=found.hash or "-",
        )
    )
