"""python -m flexsync.integrations.check FILE…: files against their schemas, one by one, for hooks.

In: names of files. Out: every problem with its place. It must not open anything else: rules between
files are the business of `flexsync validate`.
"""

import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click

from flexsync.cli import told
from flexsync.errors import Exit, InvalidFiles, Problem, WrongCommand
from flexsync.paths import opened, reason
from flexsync.text import visible

#: Other YAML in the same repository is none of our business.
_OURS = re.compile(rb"^(?:apiVersion|[\"']apiVersion[\"'])\s*:\s*[\"']?flexsync/", re.MULTILINE)
LARGEST = 1024 * 1024


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(files: tuple[Path, ...]) -> int:
    """Check files of flexsync against their schemas; other files are left alone."""
    from flexsync.cli.output import problem_lines, say

    problems = [problem for file in files for problem in _problems(file)]
    say(problem_lines(problems))
    return Exit.INVALID if problems else Exit.DONE


def main(args: list[str] | None = None) -> int:
    """Run; the exit code."""
    return told(partial(command.main, args=args, prog_name="flexsync.integrations.check", standalone_mode=False))


def _problems(file: Path) -> Iterator[Problem]:
    from flexsync.desired.schema import read

    try:
        with opened(file) as content_of:
            content = content_of.read(LARGEST + 1)
    except OSError as error:
        raise WrongCommand(f'"{visible(str(file))}" cannot be read: {reason(error)}.') from error
    if not _OURS.search(content):
        return
    try:
        read(file.as_posix(), content)
    except InvalidFiles as error:
        yield from error.problems


if __name__ == "__main__":
    sys.exit(main())
