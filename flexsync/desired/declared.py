"""One subscription as the files have it, usable or not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flexsync.desired.layers import Layered
from flexsync.desired.spec import Subscription
from flexsync.errors import Problem, Where


@dataclass(frozen=True, slots=True)
class Declared:
    """One subscription of the files.

    `name` is empty when even the name cannot be read. `spec` is the typed effective document, None
    when it cannot be used; `data` the merged plain data and `places` where each value was written.
    `problems` holds warnings too. `gone` are the keys of users who stood under people once. It is not
    `named` when the file cannot be read so far that its name is known; `name` may be a guess then.
    """

    name: str
    where: Where
    spec: Subscription | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    places: Layered | None = None
    problems: tuple[Problem, ...] = ()
    gone: tuple[str, ...] = ()
    named: bool = True

    @property
    def usable(self) -> bool:
        """True when a plan can be made of it."""
        return self.spec is not None and not any(problem.fatal for problem in self.problems)
