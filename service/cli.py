"""The command `osusowake`: the verbs in the order of the week.

Commands are imported only when called, so that `osusowake --help` answers at once.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logistics.model.errors import OsusowakeError

if TYPE_CHECKING:
    from service.commands.common import Language


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the command line: its name, where it lives (`module:attribute`), one line of help."""

    name: str
    target: str
    help: str


WEEK: tuple[tuple[str, tuple[Verb, ...]], ...] = (
    (
        "Plan the week",
        (
            Verb("check", "service.commands.plan:check", "read a week folder, list what is wrong"),
            Verb("plan", "service.commands.plan:plan", "allocate and route; write the plan"),
            Verb(
                "verify", "service.commands.plan:verify", "let the independent judge check a plan"
            ),
            Verb(
                "replan",
                "service.commands.replan:replan",
                "a new plan after what has happened, changing least",
            ),
            Verb(
                "sheets",
                "service.commands.paper:sheets",
                "pick lists, driver and satellite sheets, maps",
            ),
            Verb(
                "allocate",
                "service.commands.allocate:allocate",
                "a bare fair-share instance, without routes",
            ),
            Verb(
                "route", "service.commands.route:route", "a public routing instance, to a .sol file"
            ),
        ),
    ),
    (
        "Understand and ask",
        (
            Verb(
                "explain",
                "service.commands.advice:explain",
                "why each household gets no more, and the smallest fix",
            ),
            Verb("pins", "service.commands.pins:pins", "what a pin costs, and who pays for it"),
            Verb(
                "wishes",
                "service.commands.advice:wishes",
                "what to ask donors for, with letters to send",
            ),
            Verb(
                "triage",
                "service.commands.advice:triage",
                "what to answer each donor: all, part, no, pass on",
            ),
        ),
    ),
    (
        "Keep the book",
        (
            Verb("init", "service.commands.book:init", "create the stock book"),
            Verb("import", "service.commands.book:import_", "take a week folder into the book"),
            Verb("publish", "service.commands.book:publish", "reserve what a verified plan gives"),
            Verb(
                "record", "service.commands.book:record", "book what really happened at each stop"
            ),
            Verb("stock", "service.commands.looking:stock", "what stands where"),
            Verb("trace", "service.commands.looking:trace", "follow a lot from donor to door"),
            Verb(
                "statement",
                "service.commands.statement:statement",
                "what a donor may see of where its food went",
            ),
            Verb(
                "expiring",
                "service.commands.expiring:expiring",
                "what must go soon, and who can still use it",
            ),
            Verb("offer", "service.commands.mutual:offer", "a site has too much of a lot"),
            Verb("need", "service.commands.mutual:need", "a site has too few meals"),
            Verb("match", "service.commands.match:match", "who could help whom, exactly"),
            Verb(
                "agree",
                "service.commands.mutual:agree",
                "keep units of an offer for a need until they are brought",
            ),
            Verb("transfer", "service.commands.mutual:transfer", "book what one gave the other"),
            Verb(
                "withdraw",
                "service.commands.mutual:withdraw",
                "take an offer, a need, an agreement or a transfer back",
            ),
            Verb("recall", "service.commands.recall:recall", "what to stop, whom to call and warn"),
            Verb("reserve", "service.commands.promises:reserve", "promise units without a plan"),
            Verb("settle", "service.commands.promises:settle", "hand over what was promised so"),
            Verb("release", "service.commands.promises:release", "end a promise"),
            Verb("audit", "service.commands.care:audit", "check the whole book from entry zero"),
            Verb("backup", "service.commands.care:backup", "write the book to one file"),
            Verb("restore", "service.commands.care:restore", "fill a new book from a backup"),
            Verb("epcis", "service.commands.epcis:epcis", "events as EPCIS 2.0, for partners"),
            Verb("labels", "service.commands.labels:labels", "QR labels for lots and crates"),
        ),
    ),
    (
        "Do things with goods",
        (
            Verb("move", "service.commands.acts:move", "units carried by hand to another site"),
            Verb("discard", "service.commands.acts:discard", "units thrown away, and why"),
            Verb("hold", "service.commands.acts:hold", "let nothing of a lot be issued"),
            Verb("unhold", "service.commands.acts:unhold", "lift a hold"),
            Verb("split", "service.commands.acts:split", "units of a lot become their own lot"),
            Verb("merge", "service.commands.acts:merge", "lots of one item become one lot"),
            Verb("repack", "service.commands.acts:repack", "a sack becomes bags"),
            Verb("reverse", "service.commands.acts:reverse", "undo what was told wrongly"),
        ),
    ),
    (
        "Look and learn",
        (
            Verb(
                "serve",
                "service.commands.serve:serve",
                "the planned week in a browser, on loopback",
            ),
            Verb(
                "frontier",
                "service.commands.frontier:frontier",
                "what fairness costs in waste and kilometres",
            ),
            Verb(
                "stress",
                "service.commands.stress:stress",
                "what breaks first: shocks against a scenario",
            ),
            Verb(
                "demo",
                "service.commands.plan:demo",
                "plan the bundled Takatsuki week with all paper",
            ),
        ),
    ),
)


class WeekGroup(click.Group):
    """A group that lists its verbs by part of the week and loads each only when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs in the order of the week."""
        return [verb.name for _, verbs in WEEK for verb in verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one verb."""
        for _, verbs in WEEK:
            for verb in verbs:
                if verb.name == cmd_name:
                    module, attribute = verb.target.split(":")
                    command = getattr(importlib.import_module(module), attribute)
                    assert isinstance(command, click.Command)
                    return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs under their headings, without importing any."""
        for heading, verbs in WEEK:
            with formatter.section(heading):
                formatter.write_dl([(verb.name, verb.help) for verb in verbs])


@click.group(cls=WeekGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="osusowake", message="%(version)s", version="0.1.0")
def cli() -> None:
    """Osusowake: who gets which donation this week, why, and how it is driven there."""


def process_begun() -> float:
    """When this process began, on the clock of `time.monotonic`.

    Where the system does not tell (it does on Linux), processor time used so far stands for its age.
    """
    age_s = time.process_time()
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            stat = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace")
            began_s = int(stat.rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
            age_s = time.clock_gettime(time.CLOCK_BOOTTIME) - began_s
    return time.monotonic() - age_s


def _asked_for(args: list[str] | None) -> Language:
    """The language that a command line asked for, else the machine's; the context is gone by then."""
    from service.commands.common import machine_language

    words = sys.argv[1:] if args is None else args
    asked = [after for before, after in pairwise(words) if before == "--lang"]
    asked += [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    return "ja" if "ja" in asked else "en" if "en" in asked else machine_language()


def main(args: list[str] | None = None) -> int:
    """Run the command line; the exit code is 0 done, 1 findings, 2 wrong usage.

    Verbs with a time limit find in the context's `obj` since when it counts: without `args`, when the
    command is a process of its own, from the start of the interpreter.
    """
    begun = process_begun() if args is None else time.monotonic()
    try:
        result = cli.main(args=args, prog_name="osusowake", standalone_mode=False, obj=begun)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        return 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except OsusowakeError as error:
        from logistics.words import say
        from logistics.words.refusals import refusal_text

        language = _asked_for(args)
        severity = say(language, "finding_error")
        click.echo(f"{severity}: {refusal_text(language, error)}", err=True)
        return 1
    except OSError as error:
        click.echo(
            f"error: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True
        )
        return 1
    except Exception as error:
        if os.environ.get("OSUSOWAKE_DEBUG"):
            raise
        click.echo(
            f"internal error: {type(error).__name__}: {error}\n"
            "This is a fault of the program, not of your data. "
            "Run again with OSUSOWAKE_DEBUG=1 for the details and report them.",
            err=True,
        )
        return 1
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    sys.exit(main())
