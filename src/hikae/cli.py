"""The command line: one word, one part.

It may start anything and knows nothing but where each part keeps its own command, which it
imports only when that word is given. So `hikae --help` is fast, and a PC that only fetches
needs no web framework.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from hikae import __version__

USAGE_ERROR = 2


class Command(Protocol):
    """What a part's command module offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments that follow the command's word."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it, and return the exit code of the process."""
        ...


class Program(Protocol):
    """What simbank offers: it shares nothing with us, not even the way of reading arguments."""

    def main(self, argv: Sequence[str]) -> int:
        """Do it, and return the exit code of the process."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the command line."""

    module: str
    """Where the part keeps its command."""
    extra: str
    """The extra of the package that brings what the part imports; empty when it needs none."""
    help: str
    """What `hikae --help` says about it."""


COMMANDS = {
    "up": Entry("hikae.up", "agent,cloud", "cloud and agent together on this PC"),
    "agent": Entry("hikae.agent.command", "agent", "the agent that fetches on this PC"),
    "cloud": Entry("hikae.cloud.project.command", "cloud", "the cloud that keeps the books"),
    "convert": Entry("hikae.formats.convert", "", "read a bank's file, write another format"),
    "simbank": Entry("hikae.simbank.__main__", "simbank", "a simulated bank to try things with"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` names (the process's own arguments unless given)."""
    parser = _parser()
    chosen = parser.parse_args(argv)
    entry = COMMANDS[chosen.command]
    try:
        return _run(chosen.command, entry, chosen.arguments)
    except ModuleNotFoundError as missing:
        if not entry.extra or (missing.name or "").split(".")[0] == "hikae":
            raise
        print(
            f"hikae {chosen.command}: {missing.name} is not installed;"
            f" install it with: pip install 'hikae[{entry.extra}]'",
            file=sys.stderr,
        )
        return USAGE_ERROR


def _parser() -> argparse.ArgumentParser:
    words = "\n".join(f"  {word:<10}{entry.help}" for word, entry in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="hikae",
        description="A firm's own copy of its bank's books.",
        epilog=f"commands:\n{words}\n\nhikae COMMAND --help says more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"hikae {__version__}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, metavar="...", help=argparse.SUPPRESS
    )
    return parser


def _run(word: str, entry: Entry, arguments: Sequence[str]) -> int:
    module = importlib.import_module(entry.module)
    if word == "simbank":
        return cast("Program", module).main(arguments)
    command = cast("Command", module)
    parser = argparse.ArgumentParser(prog=f"hikae {word}", description=entry.help)
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
