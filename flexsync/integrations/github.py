"""A pull request on GitHub, as its REST API shows it.

In: the environment and the event file of a job, which the host writes. Out: a Host. Which pull request
it is never comes from a plan or an artefact: those are made by whoever opened it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flexsync.errors import FlexsyncError, WrongCommand
from flexsync.integrations.api import Api, ApiRefused
from flexsync.integrations.host import Comment
from flexsync.integrations.settings import setting, token
from flexsync.text import shorten

AUTHOR = "github-actions[bot]"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """One pull request; `author` is the login under which the token writes."""

    api: Api
    repository: str
    number: int
    author: str = AUTHOR

    def comments(self) -> Iterator[Comment]:
        """All comments, oldest first."""
        for one in self.api.pages(f"{self._issue}/comments"):
            login = (one.get("user") or {}).get("login")
            yield Comment(int(one["id"]), one.get("body") or "", login == self.author)

    def create(self, body: str) -> None:
        """Write a new comment; raises FlexsyncError when it would not be found again under `author`."""
        written = self.api.call("POST", f"{self._issue}/comments", {"body": body})
        if (login := written["user"]["login"]) != self.author:
            raise FlexsyncError(
                f'The comment was written as "{shorten(login)}", and the next run would not find it again. '
                f"Say --author (FLEXSYNC_AUTHOR, in the action: author), and delete this one."
            )

    def update(self, comment: int, body: str) -> None:
        """Write a comment anew."""
        self.api.call("PATCH", f"/repos/{self.repository}/issues/comments/{comment}", {"body": body})

    def labels(self) -> set[str]:
        """The labels that are set."""
        return {one["name"] for one in self.api.pages(f"{self._issue}/labels")}

    def relabel(self, add: list[str], remove: list[str]) -> None:
        """Set and take away labels; one that is gone already is as wanted."""
        for name in remove:
            try:
                self.api.call("DELETE", f"{self._issue}/labels/{quote(name, safe='')}")
            except ApiRefused as error:
                if not error.missing:
                    raise
        if add:
            self.api.call("POST", f"{self._issue}/labels", {"labels": add})

    @property
    def _issue(self) -> str:
        return f"/repos/{self.repository}/issues/{self.number}"


def api_from(environment: Mapping[str, str]) -> Api:
    """The API of the job's host."""
    headers = {"Authorization": f"Bearer {token(environment, 'GITHUB_TOKEN')}", "X-GitHub-Api-Version": "2022-11-28"}
    return Api(setting(environment, "GITHUB_API_URL"), headers)


def repository_from(environment: Mapping[str, str]) -> str:
    """The repository that the job belongs to, OWNER/NAME."""
    return setting(environment, "GITHUB_REPOSITORY", re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+"))


def event_from(environment: Mapping[str, str]) -> dict[str, Any]:
    """What started the job."""
    try:
        event = json.loads(Path(setting(environment, "GITHUB_EVENT_PATH")).read_bytes())
    except (OSError, ValueError) as error:
        raise WrongCommand("GITHUB_EVENT_PATH does not name an event file. Run this in a job.") from error
    return event if isinstance(event, dict) else {}


def number_of(event: Mapping[str, Any], api: Api, repository: str) -> int | None:
    """The open pull request whose head is the commit that the event is about, None when it has moved on.

    Raises WrongCommand for an event that is about no pull request, and FlexsyncError when the commit is
    the head of several, since the plan speaks of one of them only.
    """
    if pull := event.get("pull_request"):
        now = api.call("GET", f"/repos/{repository}/pulls/{int(pull['number'])}")
        return int(now["number"]) if now["head"]["sha"] == pull["head"]["sha"] else None
    run = event.get("workflow_run")
    if not run or run.get("event") != "pull_request":
        raise WrongCommand("The event is about no pull request. Use on: pull_request, or on: workflow_run after one.")
    return _number_of_run(run, api, repository)


def _number_of_run(run: Mapping[str, Any], api: Api, repository: str) -> int | None:
    fork = run.get("head_repository") or {}
    owner = (fork.get("owner") or {}).get("login")
    if not owner or not run.get("head_branch"):
        return None  # the fork is gone
    found = api.pages(f"/repos/{repository}/pulls", state="open", head=f"{owner}:{run['head_branch']}")
    numbers = [int(one["number"]) for one in found if one["head"]["sha"] == run["head_sha"]]
    if len(numbers) > 1:
        raise FlexsyncError(f"{len(numbers)} pull requests have this head; it is not clear which one was planned.")
    return numbers[0] if numbers else None
