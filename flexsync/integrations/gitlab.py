"""A merge request on GitLab, as its REST API shows it.

In: the environment of a job of a merge request pipeline. Out: a Host.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flexsync.integrations.api import Api
from flexsync.integrations.host import Comment
from flexsync.integrations.settings import setting, token

_NUMBER = re.compile(r"[0-9]{1,18}")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """One merge request; `path` is its place in the API, `author` the number of the token's user."""

    api: Api
    path: str
    author: int

    def comments(self) -> Iterator[Comment]:
        """All notes, oldest first."""
        for one in self.api.pages(f"{self.path}/notes", sort="asc", order_by="created_at"):
            mine = one["author"]["id"] == self.author and not one.get("system")
            yield Comment(int(one["id"]), one.get("body") or "", mine)

    def create(self, body: str) -> None:
        """Write a new note."""
        self.api.call("POST", f"{self.path}/notes", {"body": body})

    def update(self, comment: int, body: str) -> None:
        """Write a note anew."""
        self.api.call("PUT", f"{self.path}/notes/{comment}", {"body": body})

    def labels(self) -> set[str]:
        """The labels that are set."""
        return set(self.api.call("GET", self.path)["labels"])

    def relabel(self, add: list[str], remove: list[str]) -> None:
        """Set and take away labels, in one call."""
        self.api.call("PUT", self.path, {"add_labels": ",".join(add), "remove_labels": ",".join(remove)})


def api_from(environment: Mapping[str, str]) -> Api:
    """The API of the job's host."""
    return Api(setting(environment, "CI_API_V4_URL"), {"PRIVATE-TOKEN": token(environment, "GITLAB_TOKEN")})


def path_from(environment: Mapping[str, str]) -> str:
    """The merge request of the job, in the project that it wants to change."""
    project = setting(environment, "CI_MERGE_REQUEST_PROJECT_ID", _NUMBER)
    return f"/projects/{project}/merge_requests/{setting(environment, 'CI_MERGE_REQUEST_IID', _NUMBER)}"


def commit_from(environment: Mapping[str, str]) -> str:
    """The commit that the job is about."""
    return setting(environment, "CI_COMMIT_SHA", _COMMIT)


def merge_request(api: Api, path: str, environment: Mapping[str, str]) -> MergeRequest | None:
    """The merge request, None when its head is not the job's commit any more."""
    planned = environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or commit_from(environment)
    if api.call("GET", path)["sha"] != planned:
        return None
    return MergeRequest(api, path, int(api.call("GET", "/user")["id"]))
