"""One comment in one place of a host: found again by its marker and its author, and kept up to date.

In: a Host, which is a pull request of somebody's API, and a function that writes the comment for a
size. Out: one comment, one family of labels. It must not touch what anybody else wrote.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from flexsync.integrations.api import ApiRefused, ApiUnavailable

T = TypeVar("T")
Write = Callable[[int], str]
Done = Literal["created", "updated", "unchanged"]

FAMILY = "flexsync/"
#: Bytes that any host takes.
SMALLEST = 4_000
#: Seconds before each further attempt, and the longest that an API may ask to wait.
WAITS = (1, 2, 4, 8)
LONGEST_WAIT = 120
#: The marker stands at the top; further down, somebody may quote it.
_TOP = 5


@dataclass(frozen=True, slots=True)
class Comment:
    """What stands under a pull request, and whether the token's owner wrote it."""

    id: int
    body: str
    mine: bool


class Host(Protocol):
    """One pull request. Every method raises ApiUnavailable or ApiRefused."""

    def comments(self) -> Iterator[Comment]:
        """All comments, oldest first."""

    def create(self, body: str) -> None:
        """Write a new comment."""

    def update(self, comment: int, body: str) -> None:
        """Write a comment anew."""

    def labels(self) -> set[str]:
        """The labels that are set."""

    def relabel(self, add: list[str], remove: list[str]) -> None:
        """Set and take away labels."""


def place(host: Host, marker: str, write: Write, budget: int) -> Done:
    """Create the comment, or bring it up to date; a host that finds it too large gets a short one."""
    try:
        return _place(host, marker, write(budget))
    except ApiRefused as error:
        if not error.too_large or budget <= SMALLEST:
            raise
        return _place(host, marker, write(SMALLEST))


def label(host: Host, wanted: Iterable[str]) -> None:
    """Set the labels of the family that hold, and take away those that do not."""
    held = {name for name in host.labels() if name.startswith(FAMILY)}
    goal = set(wanted)
    if held != goal:
        host.relabel(sorted(goal - held), sorted(held - goal))


def persistently(story: Callable[[], T], sleep: Callable[[float], None]) -> T:
    """The result of `story`, told again from its start while the API is not there.

    From the start, because a create whose answer was lost did happen: the next attempt finds it.
    """
    for wait in WAITS:
        try:
            return story()
        except ApiUnavailable as error:
            if error.after > LONGEST_WAIT:
                raise
            sleep(max(wait, error.after))
    return story()


def _place(host: Host, marker: str, body: str) -> Done:
    own = next((one for one in host.comments() if one.mine and _marked(one.body, marker)), None)
    if own is None:
        host.create(body)
        return "created"
    if own.body.splitlines() == body.splitlines():
        return "unchanged"
    host.update(own.id, body)
    return "updated"


def _marked(body: str, marker: str) -> bool:
    return marker in body.splitlines()[:_TOP]
