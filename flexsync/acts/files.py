"""Files: what the portal may ask of the files that manage a subscription, where it runs beside them.

In: a subscription, and what somebody would like. Out: places, and patches for a person to propose. Nothing is
written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from flexsync.snapshot import Snapshot
from flexsync.state import State


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of the files as a patch; without one, `problem` says why there is none. `notes` are beside it."""

    patch: str = ""
    notes: tuple[str, ...] = ()
    problem: str = ""


class Files(Protocol):
    """The files of a fleet, read anew at each question. Both answer, whatever state the files are in."""

    def where(self, name: str, paths: Sequence[tuple[str, ...]]) -> Mapping[tuple[str, ...], str]:
        """`clients/dupont.yaml:12` for each path of a subscription that the files decide; the others are absent."""
        ...

    def proposal(self, snapshot: Snapshot, wanted: State) -> Proposal:
        """The edit by which the files ask for what `wanted` has otherwise than the stored State."""
        ...
