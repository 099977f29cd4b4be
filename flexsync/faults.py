"""Named points where a test may make the process die. They do nothing otherwise.

`FLEXSYNC_FAULT=name:N` kills the process at the Nth pass of the point `name`, as a power cut would;
crash tests use it to prove that the next run finishes the work.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable

VARIABLE = "FLEXSYNC_FAULT"

#: The points that an apply of one subscription passes, in this order.
POINTS = (
    "run-begun",
    "lease-taken",
    "transaction-begun",
    "accounts-written",
    "state-written",
    "people-written",
    "journal-written",
    "notices-written",
    "committed",
    "lease-released",
    "run-ended",
)

#: And those that the delivery of one letter passes; between the two in the middle nobody knows whether it left.
DELIVERY = (
    "letters-claimed",
    "links-made",
    "letter-begun",
    "letter-offered",
    "letter-given",
    "letter-answered",
    "fate-written",
    "letter-done",
)

_passes: Counter[str] = Counter()
_handler: list[Callable[[str], None]] = []


def point(name: str) -> None:
    """Pass the point `name`."""
    if _handler:
        _handler[0](name)
    wanted = os.environ.get(VARIABLE)
    if wanted:
        _die_if_asked(name, wanted)


def install(handler: Callable[[str], None] | None) -> None:
    """Call `handler` with the name of each point passed from now on; None removes it."""
    _handler[:] = [handler] if handler else []


def _die_if_asked(name: str, wanted: str) -> None:
    asked, _, count = wanted.partition(":")
    if name != asked:
        return
    _passes[name] += 1
    if _passes[name] == int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)
