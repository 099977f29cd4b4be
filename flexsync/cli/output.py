"""What commands print: problems with their source line, errors, progress."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flexsync import paths
from flexsync.errors import FlexsyncError, InvalidFiles, Problem, WrongCommand, told_once
from flexsync.text import visible

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from flexsync.acts.telling import Told

Progress = Callable[[int], None]


def colourful(wanted: bool | None) -> bool:
    """True when colour should be used: asked for, or on a terminal where NO_COLOR is not set."""
    if wanted is not None:
        return wanted
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def tell(error: FlexsyncError) -> None:
    """An expected error on stderr, every problem of it with its place."""
    if isinstance(error, InvalidFiles):
        say(problem_lines(error.problems), err=True)
    else:
        say((visible(line) for line in f"Error: {error}".split("\n")), err=True)


def say(lines: Iterable[str], *, err: bool = False) -> None:
    """Print lines, one by one as they come."""
    for line in lines:
        click.echo(line, err=err)


def as_json(data: Any) -> Iterator[str]:
    """Plain data as JSON for scripts, which people can read too."""
    yield json.dumps(data, ensure_ascii=False, indent=2)


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Each problem as `file:line:column: CODE message`, its source line, and a caret under the column."""
    for problem, spread in told_once(problems):
        yield f"{problem}{spread}"
        yield from _caret(problem)


def _caret(problem: Problem) -> Iterator[str]:
    if not problem.source.strip():
        return
    before = problem.source[: problem.where.column - 1]
    start = max(0, len(before) - 80)
    yield f"    {visible(problem.source[start : start + 120])}"
    yield f"    {' ' * len(visible(before[start:]))}^"


@contextmanager
def progress(label: str, total: int | None, *, quiet: bool) -> Iterator[Progress]:
    """A bar on stderr while the work lasts, on a terminal only; a mere count when the total is unknown."""
    if quiet or (total or 100) < 20 or not sys.stderr.isatty():
        yield lambda count: None
        return
    bar: ProgressBar[int]
    with click.progressbar(length=total, label=label, file=sys.stderr, show_pos=total is None) as bar:
        yield bar.update


def write_new(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; raises WrongCommand when it cannot be written."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise WrongCommand(f'"{visible(str(path))}" cannot be written: {paths.reason(error)}.') from error


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner reads; raises WrongCommand when it exists, or cannot be written."""
    try:
        paths.write_private(path, text)
    except FileExistsError:
        raise WrongCommand(f'"{visible(str(path))}" exists. Name a new file.') from None
    except OSError as error:
        raise WrongCommand(f'"{visible(str(path))}" cannot be written: {paths.reason(error)}.') from error


def say_queued(told: "Told") -> None:
    """Say to whom an act mails, and what sends it."""
    click.echo(f"A mail to {visible(told.recipient)} is queued in run {told.run}; `flexsync deliver` sends it.")
