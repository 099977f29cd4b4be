"""Draft: files with edits that nobody has written yet."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from flexsync.desired.source import MAX_BYTES, Source


@dataclass(slots=True)
class Draft:
    """A Source over another one, with some files in a new form."""

    below: Source
    edited: dict[str, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What to call it in messages."""
        return self.below.name

    @property
    def commit(self) -> str:
        """No commit has it."""
        return ""

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """The new form of a file, or the old one."""
        return self.edited[path] if path in self.edited else self.below.read(path, limit)

    def glob(self, pattern: str) -> list[str]:
        """The names that match, new files among them."""
        return sorted({*self.below.glob(pattern), *(name for name in self.edited if fnmatchcase(name, pattern))})

    def has(self, path: str) -> bool:
        """True when the file is there, or will be."""
        return path in self.edited or self.below.has(path)
