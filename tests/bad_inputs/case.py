"""What a case of the bad-input corpus is."""

from dataclasses import dataclass

#: The lines every subscription of the corpus begins with, so that only one thing is wrong.
HEAD = b"apiVersion: flexsync/v1\nkind: Subscription\nname: ab\n"


@dataclass(frozen=True, slots=True)
class BadInput:
    """A file, and the first problem it must give; `code` is empty when the file is good."""

    number: str
    name: str
    content: bytes
    code: str
    line: int
    column: int
    says: str
    kind: str = "Subscription"

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


def after_head(text: str | bytes) -> bytes:
    """A subscription with `text` from line 4 on."""
    return HEAD + (text.encode() if isinstance(text, str) else text)
