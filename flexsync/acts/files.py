"""Files: what the portal may ask of the files that manage a subscription, where it runs beside them.

In: a subscription, and what somebody would like. Out: places, and patches for a person to propose. Nothing is
written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from flexsync.desired.model import Policy
from flexsync.errors import Refused
from flexsync.snapshot import Snapshot
from flexsync.state import State

#: No file describes the subscription; the files cannot be read now; no small edit of them asks for it.
Problem = Literal["", "elsewhere", "broken", "by-hand"]


class FilesUnread(Refused):
    """The files say whether and how people are invited, and cannot be read now."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of the files as a patch; without one, `problem` says why. `shared` when it edits a file of several."""

    patch: str = ""
    shared: bool = False
    problem: Problem = ""


class Files(Protocol):
    """The files of a fleet, read anew at each question. All answer, whatever state the files are in."""

    def where(self, name: str, paths: Sequence[tuple[str, ...]]) -> Mapping[tuple[str, ...], str]:
        """`clients/dupont.yaml:12` for each path of a subscription that the files decide; the others are absent."""
        ...

    def policy(self, name: str) -> Policy | None:
        """The policy of a subscription, the built-in one of a stranger to the files; None while they cannot be read."""
        ...

    def proposal(self, snapshot: Snapshot, wanted: State) -> Proposal:
        """The edit by which the files ask for what `wanted` has otherwise than the stored State."""
        ...
