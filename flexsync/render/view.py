"""How a plan is to be shown: labels of the catalogue, colours or none, and what a page says around it."""

from dataclasses import dataclass, field
from typing import Literal

from flexsync.catalogue import Catalogue
from flexsync.plan.model import UNSEEN, Binding
from flexsync.text import visible

#: Bytes of a comment; the most common host takes 65,535 characters.
BUDGET = 60_000

Colour = Literal["red", "green", "yellow", "blue", "bold", "dim"]

_CODES: dict[Colour, str] = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "bold": "1", "dim": "2"}


@dataclass(frozen=True, slots=True)
class Style:
    """Colours a terminal understands, or none."""

    colours: bool = False

    def paint(self, colour: Colour, text: str) -> str:
        """`text`, coloured when colours are on."""
        return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if self.colours and text else text


@dataclass(frozen=True, slots=True)
class View:
    """The catalogue gives products and services their names; without one, codes are shown.

    `title` names the fleet; `notes` are sentences that belong at the top; `digest` is that of the plan
    as it was made (a redacted one has another); `budget` bounds a comment, in bytes; `key` tells
    comments of several plans on one page apart; `base` is the folder of the files inside the
    repository, which annotations need.
    """

    catalogue: Catalogue | None = None
    style: Style = field(default_factory=Style)
    title: str = ""
    notes: tuple[str, ...] = ()
    digest: str = ""
    budget: int = BUDGET
    key: str = ""
    base: str = ""

    def product(self, code: str) -> str:
        """The name of a product."""
        known = self.catalogue.products.get(code) if self.catalogue else None
        return visible(known.label.en if known else code)

    def service(self, code: str) -> str:
        """The name of a service."""
        known = self.catalogue.services.get(code) if self.catalogue else None
        return visible(known.label.en if known else code)


def unseen(made: Binding) -> tuple[str, ...]:
    """What has to be said above a plan: of a change, which revisions it compares, and what it cannot know."""
    if made.base:
        return f"Files only, {made.change}: drift is not visible.", UNSEEN
    return ("There is no store yet: everything counts as new.",) if made.from_nothing else ()


def orphans_title(made: Binding) -> str:
    """The heading above subscriptions that no file names any more."""
    return f"In the {'base' if made.base else 'store'} without a file (nothing is done to them)"
