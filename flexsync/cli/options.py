"""The options that commands share. Every one has its FLEXSYNC_ variable."""

import dataclasses
import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from click.core import ParameterSource

from flexsync.paths import is_folder, reason
from flexsync.text import visible

F = TypeVar("F", bound=Callable[..., Any])


class DayType(click.ParamType[date]):
    """A calendar day as YYYY-MM-DD, and no other form."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error that shows the form."""
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:
            self.fail(f'"{visible(value)}" is not a day. Write it as YYYY-MM-DD, for example 2026-01-31.', param, ctx)
        return day


class OutputType(click.ParamType[tuple[str, Path]]):
    """`FORMAT=FILE`."""

    name = "format=file"

    def __init__(self, formats: tuple[str, ...]) -> None:
        self.formats = formats

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path]:
        """The format and the file, or a usage error that lists the formats."""
        if isinstance(value, tuple):
            return value
        form, _, file = value.partition("=")
        if form not in self.formats or not file:
            self.fail(f'"{visible(value)}" is not FORMAT=FILE. Formats: {", ".join(self.formats)}.', param, ctx)
        return form, new_file(Path(file), param, ctx)


class NewFile(click.ParamType[Path]):
    """A file that does not exist yet."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path, or a usage error when something is already there."""
        return new_file(Path(value), param, ctx)


def new_file(path: Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
    """`path`, when it can be written without losing anything; a usage error otherwise."""
    shown = visible(str(path))
    try:
        path.lstat()
    except FileNotFoundError:
        if is_folder(path.absolute().parent):
            return path
        message = f'there is no folder "{visible(str(path.parent))}" to write to.'
    except OSError as error:
        message = f'"{shown}" cannot be written: {reason(error)}.'
    else:
        message = f'"{shown}" exists. Remove it, or choose another name.'
    raise click.BadParameter(message, ctx, param)


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """A click option whose variable is FLEXSYNC_ and its long name."""
    long = max(name for name in names if name.startswith("--")).split("/")[0]
    return click.option(*names, envvar="FLEXSYNC_" + long[2:].upper().replace("-", "_"), **settings)


#: Those of `flexsync.render.RENDERERS`, which is not imported to parse a command line.
FORMATS = ("text", "json", "markdown", "html", "junit", "sarif", "github", "gitlab", "csv")
SMALLEST_BUDGET = 4_000


class PlainForm(click.Choice[str]):
    """text or json. A format that only plans have is text here when FLEXSYNC_FORMAT says it, for all commands."""

    def __init__(self) -> None:
        super().__init__(("text", "json"))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """One of the two, or a usage error."""
        source = ctx.get_parameter_source(param.name or "") if ctx and param else None
        plans_only = value in FORMATS and value not in self.choices
        return "text" if plans_only and source is ParameterSource.ENVIRONMENT else super().convert(value, param, ctx)


@dataclass(frozen=True, slots=True)
class Files:
    """Which files, which of their subscriptions, and on which day."""

    fleet: str = "."
    as_of: date | None = None
    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files are, and the store when it is named beside them."""

    fleet: str = "."
    store: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How to print: format, further files, masks, colour, whether to keep quiet, size and key of a comment."""

    form: str = "text"
    outputs: tuple[tuple[str, Path], ...] = ()
    redact: bool = False
    color: bool | None = None
    quiet: bool = False
    budget: int = 60_000
    key: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Two revisions of the files to compare with each other, instead of with a store."""

    base: str = ""
    head: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Who is answerable for a run, and who allowed what a policy asks an approver for."""

    actor: str = ""
    approved_by: tuple[str, ...] = ()


def bundle(name: str, kind: type, *options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options that a command receives as one value of `kind`, under `name`."""
    fields = tuple(field.name for field in dataclasses.fields(kind))

    def decorate(command: F) -> F:
        @functools.wraps(command)
        def call(**given: Any) -> Any:
            taken = {field: given.pop(field) for field in fields if field in given}
            return command(**{name: kind(**taken)}, **given)

        decorated = cast("F", call)
        for one in reversed(options):
            decorated = one(decorated)
        return decorated

    return decorate


fleet = option(
    "-C",
    "--fleet",
    default=".",
    metavar="PATH",
    help="Folder, fleet file or subscription file to work on.  [default: this folder]",
)
as_of = option("--as-of", type=DayType(), metavar="DATE", help="As if it were this day.  [default: today in Paris]")
_target = option(
    "-t", "--target", "targets", multiple=True, metavar="GLOB", help="Only these subscriptions; repeatable."
)
_exclude = option("--exclude", "excludes", multiple=True, metavar="GLOB", help="Not these subscriptions; repeatable.")
_form = option("--format", "form", type=click.Choice(FORMATS), default="text", help="How to print.  [default: text]")
plain_form = option("--format", "form", type=PlainForm(), default="text", help="How to print.  [default: text]")
_outputs = option(
    "--output",
    "outputs",
    type=OutputType(FORMATS),
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write this format to a file as well; repeatable.",
)
_budget = option(
    "--budget",
    type=click.IntRange(min=SMALLEST_BUDGET),
    default=60_000,
    metavar="BYTES",
    help="Largest size of a markdown comment; removals are never cut.  [default: 60000]",
)
_key = option("--key", default="", metavar="KEY", help="Tells comments of several plans on one page apart (markdown).")
_redact = option("--redact", is_flag=True, help="Mask names and e-mail addresses.")
_color = option(
    "--color/--no-color", "color", default=None, help="Colour; NO_COLOR is honoured.  [default: on a terminal]"
)
quiet = option("-q", "--quiet", is_flag=True, help="No progress bar.")

store = option(
    "--store",
    default="",
    metavar="URL",
    help="Store: a file, sqlite:///FILE or postgresql://…  [default: .flexsync/store.db beside the fleet file]",
)
exit_code = option(
    "--exit-code", "exit_code", is_flag=True, help="Exit 2 when there is something to do or to wait for."
)
ack = option(
    "--ack", "acks", multiple=True, metavar="CLASS=N", help="Allow exactly N changes of a limited class; repeatable."
)
yes = option("-y", "--yes", is_flag=True, help="Do not ask.")
actor = option(
    "--actor", default="", metavar="NAME", help="Who is answerable for the run.  [default: your login; needed in CI]"
)
approved_by = option(
    "--approved-by", "approved_by", multiple=True, metavar="NAME", help="Who allows what a policy asks for; repeatable."
)

who = bundle("who", Who, actor, approved_by)
_base = option("--base", default="", metavar="REV", help="Compare with the files of this revision, and open no store.")
_head = option(
    "--head", default="", metavar="REV", help="Revision to compare, or worktree for the files as they are.  [HEAD]"
)

place = bundle("place", Place, fleet, store)
files = bundle("files", Files, fleet, as_of, _target, _exclude)
files_of_one = bundle("files", Files, fleet, as_of)
whole_look = bundle("look", Look, _form, _outputs, _budget, _key, _redact, _color, quiet)
form_look = bundle("look", Look, plain_form, quiet)
change = bundle("change", Change, _base, _head)
text_look = bundle("look", Look, _redact, _color, quiet)
