"""`allocate`: a bare fair-share instance, solved and judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from logistics.model.errors import Finding
from logistics.model.shares import ShareResult, Shares
from logistics.words import say
from service.commands.common import Language, json_option, print_findings, print_json, stop_with
from service.commands.plan import language_option, seed_option


@click.command()
@click.argument("source", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="the result: a JSON file; for a folder, a folder (or NAME.json)",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="time limit",
)
@seed_option
@json_option
@language_option
def allocate(
    source: Path, out: Path, seconds: float, seed: int, as_json: bool, language: Language
) -> None:
    """Share out a bare instance (a JSON file or a folder of tables), fairest first, with its proof."""
    from logistics.intake.shares import read_shares
    from logistics.judge.shares import verify_shares
    from logistics.solver.shares import solve

    as_folder = source.is_dir() and out.suffix.lower() != ".json"
    if out.is_file() if as_folder else out.is_dir():
        kind = "a folder" if as_folder else "a file"
        raise click.BadParameter(
            f"{out.name} is there already and is not {kind}", param_hint="--out"
        )
    shares, findings = read_shares(source, language)
    if shares is None:
        stop_with(findings, as_json)
        raise AssertionError("unreachable")
    result = solve(shares, seconds=seconds, seed=seed)
    faults = verify_shares(shares, result)
    if faults:
        click.echo(say(language, "shares_refused"), err=True)
        stop_with([_in_words(fault, language) for fault in faults], as_json)
    paths = _write(shares, result, out, as_folder)
    _say(shares, result, findings, paths, as_json, language)


def _in_words(fault: Finding, language: Language) -> Finding:
    """A fault that the judge found, with what its code means in the reader's language."""
    from logistics.judge.shares_codes import SHARE_CODES

    if language == "en":
        return fault
    return replace(fault, message=f"{SHARE_CODES[fault.code].ja}（{fault.message}）")


def _write(shares: Shares, result: ShareResult, out: Path, as_folder: bool) -> list[Path]:
    from logistics.reports.shares_files import write_shares_folder, write_shares_result

    if as_folder:
        return write_shares_folder(shares, result, out)
    write_shares_result(shares, result, out)
    return [out]


def _say(
    shares: Shares,
    result: ShareResult,
    warnings: list[Finding],
    paths: list[Path],
    as_json: bool,
    language: Language,
) -> None:
    from logistics.reports.shares_summary import shares_summary

    if as_json:
        print_json(
            {
                "ok": True,
                "status": result.status,
                "engine": result.engine,
                "runtime_s": result.runtime_s,
                "levels": len(result.levels),
                "files": [str(path) for path in paths],
                "findings": [finding.as_dict() for finding in warnings],
            }
        )
        return
    if warnings:
        print_findings(warnings)
    click.echo(shares_summary(shares, result, language))
    click.echo(say(language, "shares_written", files=", ".join(map(str, paths))))
