"""Where files come from: a folder, read so that nothing outside of it can be reached.

In: a root and names relative to it. Out: bytes, and sorted names. It must not follow a link, open a
device, read more than the limit, or run anything that the folder brings along.
"""

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from flexsync.desired.git import Git, work_tree
from flexsync.desired.globs import matches
from flexsync.desired.refusals import is_inside, refuse, refuse_kind, refuse_name
from flexsync.errors import FlexsyncError

MAX_BYTES = 1 << 20
FLEET_FILE = "fleet.yaml"
#: Rosters and client tables are larger than any document.
MAX_TABLE_BYTES = 32 << 20

_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Source(Protocol):
    """A tree of files at one moment. Names are posix paths relative to its root."""

    @property
    def name(self) -> str:
        """What to call it in messages."""
        ...

    @property
    def commit(self) -> str:
        """The git commit whose content this is; empty when it is none."""
        ...

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """The bytes of a regular file of at most `limit` bytes; raises InvalidFiles for anything else."""
        ...

    def glob(self, pattern: str) -> list[str]:
        """The sorted names that match; what must not be opened is among them, and `read` says why."""
        ...

    def has(self, path: str) -> bool:
        """True when something of that name is there, readable or not."""
        ...


class Folder:
    """A folder on disk. Links inside it are never followed; the root itself may be one."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._checked: set[str] = set()
        self._blobs: dict[str, str] = {}
        self.name = self._root.name

    @property
    def commit(self) -> str:
        """HEAD, when all that was read until now is what it has, and nothing of it is missing; else empty.

        Git is asked for names of objects only. Its own comparison would run filters of the folder.
        """
        top = work_tree(self._root)
        try:
            return self._commit(top, Git(top)) if top else ""
        except FlexsyncError:
            return ""

    def _commit(self, top: Path, git: Git) -> str:
        inside = self._root.relative_to(top).as_posix()
        prefix = "" if inside == "." else f"{inside}/"
        commit = git.commit("HEAD")
        known = {path.removeprefix(prefix): entry.object for path, entry in git.entries(commit, prefix.rstrip("/"))}
        same = all(known.get(path) == blob for path, blob in self._blobs.items())
        return commit if same and all(self.has(path) for path in known) else ""

    def has(self, path: str) -> bool:
        """True when something of that name is there, readable or not."""
        return is_inside(path) and os.path.lexists(self._root / path)

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """The bytes of a regular file inside the folder; raises InvalidFiles with one Problem."""
        self._check(path)
        try:
            content = self._read(path, limit)
        except (OSError, ValueError) as error:
            refuse(path, "file-unreadable", f"cannot be read: {_reason(error)}; check the name and its permissions")
        self._blobs[path] = blob_name(content)
        return content

    def glob(self, pattern: str) -> list[str]:
        """The sorted names that match `*`, `?`, `[...]` in one folder, `**` over folders; bounded."""
        return matches(pattern, self)

    def is_link(self, path: str) -> bool:
        """True of what leads elsewhere."""
        return (self._root / path).is_symlink()

    def _read(self, path: str, limit: int) -> bytes:
        with os.fdopen(os.open(self._root / path, _OPEN), "rb") as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                refuse_kind(path, facts.st_mode)
            content = file.read(limit + 1)
        if len(content) > limit:
            refuse(path, "too-big", f"too big: {facts.st_size} bytes, the limit is {limit}; split the file")
        return content

    def _check(self, path: str) -> None:
        """Refuse names that lead outside, and links, other repositories and odd names on the way."""
        refuse_name(path)
        parts = path.split("/")
        for end in range(1, len(parts)):
            self._check_folder("/".join(parts[:end]))
        mode = self._mode(path)
        if not stat.S_ISREG(mode):
            refuse_kind(path, mode)

    def _check_folder(self, path: str) -> None:
        if path in self._checked:
            return
        mode = self._mode(path)
        if stat.S_ISLNK(mode):
            refuse_kind(path, mode)
        if os.path.lexists(self._root / path / ".git"):
            refuse(path, "file-foreign", "is another git repository; copy the files instead")
        self._checked.add(path)

    def _mode(self, path: str) -> int:
        """What kind of thing a name is, links not followed."""
        try:
            return (self._root / path).lstat().st_mode
        except (OSError, ValueError) as error:
            refuse(path, "file-missing", f"cannot be found: {_reason(error)}; check the name")

    def entries(self, base: str) -> list[tuple[str, bool]]:
        """Names in one folder and whether each is a folder to walk into; hidden ones are passed over."""
        try:
            with os.scandir(self._root / base) as found:
                entries = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in found]
        except FileNotFoundError:
            return []
        except OSError as error:
            refuse(base or ".", "file-unreadable", f"the folder cannot be listed: {_reason(error)}")
        return sorted(entry for entry in entries if not entry[0].startswith("."))


def blob_name(content: bytes, algorithm: str = "sha1") -> str:
    """What git calls a file of that content, as it is."""
    return hashlib.new(algorithm, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def case_clashes(names: Iterable[str]) -> dict[str, str]:
    """Each name that differs from another only by case or by form of its accents, with that other."""
    seen: dict[str, str] = {}
    clashes: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        if first != name:
            clashes |= {name: first, first: clashes.get(first, name)}
    return clashes


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or "unreadable").lower() if isinstance(error, OSError) else "the name is not usable"
