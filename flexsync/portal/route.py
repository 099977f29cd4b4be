"""Route: one line of the table of pages, and what a page is given and gives back."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from starlette.responses import Response

    from flexsync.portal.visit import Visit

    Page = Callable[[Visit], Response]

#: Who may see a page: anybody; who is signed in; the administrator of the subscription in the path; an operator.
Role = Literal["visitor", "person", "administrator", "operator"]

#: A path of ours, and nothing that a browser reads as another host.
# There is one way only to read any text, or a stranger's path could keep a processor busy for ever.
_OURS = re.compile(r"/(?:[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*/?)?")


def is_ours(path: str) -> bool:
    """True of a path that a browser may be sent to."""
    return len(path) <= 200 and _OURS.fullmatch(path) is not None


@dataclass(frozen=True, slots=True)
class Route:
    """A path with what it shows (GET) and what it does (POST); one of them may be missing.

    `fields` are all that its form may send, beside the token that every form carries. A path that holds
    `{subscription}` is scoped: the person must use it, or administer it when that is the role; everybody
    else gets the 404 of an unknown one.
    """

    path: str
    role: Role
    show: "Page | None" = None
    act: "Page | None" = None
    fields: tuple[str, ...] = ()

    @property
    def scoped(self) -> bool:
        """True when the path names a subscription."""
        return "{subscription}" in self.path

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that it answers, HEAD aside."""
        return tuple(name for name, page in (("GET", self.show), ("POST", self.act)) if page)
