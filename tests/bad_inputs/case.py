"""One file that must be refused, and how."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BadInput:
    """`content` must give a problem `code` at `line`:`column` whose message says `says`."""

    number: str
    name: str
    content: bytes
    code: str
    line: int
    column: int
    says: str
    kind: str = "Subscription"
