"""python -m flexsync.integrations.comment github|gitlab --plan FILE: the plan as a comment, kept up to date.

In: a plan file of anybody's making, and the environment of a CI job. Out: one comment and its labels.
The plan is data: it is read strictly and its words are rendered here, where they are made inert. It must
not say what pull request it belongs to, and a file beside it that claims to be its comment is not read.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from flexsync.cli import options, told
from flexsync.errors import FlexsyncError
from flexsync.integrations import github, gitlab
from flexsync.integrations.host import SMALLEST, Host, Write, label, persistently, place
from flexsync.paths import opened
from flexsync.plan.model import WORKTREE, Plan

#: Waits between attempts; tests put something quicker here.
SLEEP: Callable[[float], None] = time.sleep
#: What reading data of another shape than expected may raise.
_NONSENSE = (AttributeError, LookupError, TypeError, ValueError)
MOVED_ON = "The pull request has moved on, or is closed; nothing was written."


@dataclass(frozen=True, slots=True)
class Post:
    """What to write: the plan file, and how to show it."""

    plan: Path
    budget: int = 60_000
    key: str = ""
    title: str = ""
    labels: bool = True


_post = options.bundle(
    "post",
    Post,
    options.option("--plan", required=True, type=click.Path(path_type=Path), metavar="FILE", help="Plan as json."),
    options.option("--budget", type=click.IntRange(SMALLEST, 65_000), default=60_000, metavar="BYTES"),
    options.option("--key", default="", help="Tells comments of several plans apart."),
    options.option("--title", default="", help="Name of the fleet."),
    options.option("--labels/--no-labels", default=True, help="Set the labels flexsync/…"),
)


@click.group()
def command() -> None:
    """Write a plan under its pull request: one comment, updated in place, and labels."""


@command.command("github")
@_post
@options.option("--author", default=github.AUTHOR, help=f"Login that the token writes as.  [default: {github.AUTHOR}]")
def on_github(post: Post, author: str) -> None:
    """Needs GITHUB_TOKEN, and what GitHub sets in a job."""
    api, repository = github.api_from(os.environ), github.repository_from(os.environ)
    event = github.event_from(os.environ)

    def pull_request() -> Host | None:
        number = github.number_of(event, api, repository)
        return github.PullRequest(api, repository, number, author) if number else None

    click.echo(_posted(post, pull_request))


@command.command("gitlab")
@_post
def on_gitlab(post: Post) -> None:
    """Needs GITLAB_TOKEN, and what GitLab sets in a job of a merge request."""
    api, path = gitlab.api_from(os.environ), gitlab.path_from(os.environ)
    commit = gitlab.commit_from(os.environ)
    click.echo(_posted(post, lambda: gitlab.merge_request(api, path, os.environ), commit))


def main(args: list[str] | None = None) -> int:
    """Run; the exit code, with every expected error told in words."""
    return told(partial(command.main, args=args, prog_name="flexsync.integrations.comment", standalone_mode=False))


def _posted(post: Post, find: Callable[[], Host | None], commit: str = "") -> str:
    """Write the comment; a plan of another commit than `commit`, where the host names one, counts as none."""
    from flexsync.render.inert import marker

    write, labels = _content(post, commit)

    def story() -> str:
        host = find()
        if host is None:
            return MOVED_ON
        done = place(host, marker(post.key), write, post.budget)
        if post.labels:
            label(host, labels)
        return f"Comment {done}."

    try:
        return persistently(story, SLEEP)
    except _NONSENSE as error:
        raise FlexsyncError(
            "The API, or the event file, says something of another shape than is documented."
        ) from error


def _content(post: Post, commit: str) -> tuple[Write, tuple[str, ...]]:
    """How to write the comment for a size, and its labels."""
    from flexsync.plan.verdict import labels
    from flexsync.render.inert import marker

    try:
        plan = _plan(post.plan)
        _refuse_left_over(plan, commit)
        _body(post, plan, SMALLEST)
        return partial(_body, post, plan), labels(plan)
    except FlexsyncError as error:
        click.echo(f"There is no plan to show: {error}", err=True)
    except _NONSENSE:  # well-formed, and made by nobody's plan command
        click.echo("There is no plan to show: the file says what no plan says.", err=True)
    return (lambda budget: _no_plan(marker(post.key))), ("flexsync/error",)


def _plan(path: Path) -> Plan:
    from flexsync.plan.file import MAX_BYTES, from_json

    try:
        with opened(path) as file:
            return from_json(file.read(MAX_BYTES + 1))
    except OSError as error:
        raise FlexsyncError(f"the file cannot be read ({error.strerror}).") from error


def _refuse_left_over(plan: Plan, commit: str) -> None:
    """A job that checks nothing out may find the plan of an earlier one in its folder."""
    made = plan.binding.head or plan.binding.commit
    if commit and made not in ("", WORKTREE, commit):
        raise FlexsyncError("the plan was made of another commit than the one that this job is about.")


def _body(post: Post, plan: Plan, budget: int) -> str:
    from flexsync.desired.catalogue_file import builtin
    from flexsync.plan.file import plan_digest
    from flexsync.render import renderer
    from flexsync.render.view import View, unseen

    view = View(
        builtin(),
        title=post.title,
        notes=unseen(plan.binding),
        digest=plan_digest(plan),
        budget=budget,
        key=post.key,
    )
    return "".join(f"{line}\n" for line in renderer("markdown")(plan, view))


def _no_plan(marker: str) -> str:
    return f"**flexsync: no plan could be made**\n\n{marker}\n\nThe log of the job says why, line by line.\n"


if __name__ == "__main__":
    sys.exit(main())
