"""The files of one commit, read from the object store: no checkout, no work tree, no filter.

In: a Git and a commit, or a folder on disk beside it. Out: the same Source a Folder is, which knows
besides which blob a file is. It must not follow a link or enter a submodule.
"""

import os
import stat
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NoReturn, Protocol

from flexsync.desired.git import Entry, Git
from flexsync.desired.globs import matches
from flexsync.desired.refusals import is_inside, refuse, refuse_kind, refuse_name
from flexsync.desired.source import MAX_BYTES, MAX_TABLE_BYTES, Folder, Source, blob_name
from flexsync.errors import InvalidFiles

PLAIN = ("100644", "100755")
_SUBMODULE = "160000"
_LINK = "120000"


class Side(Source, Protocol):
    """A Source that can tell whether a file is the same as in another one."""

    def blob(self, path: str) -> str:
        """What git calls the content of a file; equal names are equal bytes. Empty for what is no plain file."""
        ...

    def objects(self) -> Mapping[str, Entry] | None:
        """Every file there is with what it is; None where nobody keeps a list."""
        ...


class Revision:
    """The files below one folder of a commit. Names are relative to that folder."""

    def __init__(self, git: Git, commit: str, folder: str = "") -> None:
        self._git = git
        self._folder = folder
        self.commit = commit
        self.name = folder.rpartition("/")[2] or git.name

    def has(self, path: str) -> bool:
        """True when something of that name is there, readable or not."""
        return is_inside(path) and (path in self._entries or path in self._folders)

    def blob(self, path: str) -> str:
        """The object of a plain file; empty for anything else."""
        entry = self._entries.get(path)
        return entry.object if entry and entry.mode in PLAIN else ""

    def objects(self) -> Mapping[str, Entry] | None:
        """Every file of the folder."""
        return self._entries

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """The bytes of a plain file; raises InvalidFiles with one Problem, or StoreUnavailable."""
        self._check(path)
        size, content = self._git.blob(self._entries[path].object, limit)
        if size > limit:
            refuse(path, "too-big", f"too big: {size} bytes, the limit is {limit}; split the file")
        return content

    def glob(self, pattern: str) -> list[str]:
        """The sorted names that match `*`, `?`, `[...]` in one folder, `**` over folders; bounded."""
        return matches(pattern, self)

    def entries(self, base: str) -> list[tuple[str, bool]]:
        """Names in one folder and whether each is a folder to walk into; hidden ones are passed over."""
        return sorted(entry for entry in self._folders.get(base.rstrip("/"), ()) if not entry[0].startswith("."))

    def is_link(self, path: str) -> bool:
        """True of a link, and of a submodule: neither is walked into."""
        entry = self._entries.get(path)
        return entry is not None and entry.mode not in PLAIN

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        prefix = f"{self._folder}/" if self._folder else ""
        found: dict[str, Entry] = {}
        for path, entry in self._git.entries(self.commit, self._folder):
            if not path.startswith(prefix):
                continue
            name = path.removeprefix(prefix)
            found[name] = entry if name not in found else Entry("", "")  # written twice: neither is meant
        return found

    @cached_property
    def _folders(self) -> dict[str, set[tuple[str, bool]]]:
        """What each folder holds."""
        folders: dict[str, set[tuple[str, bool]]] = {"": set()}
        for path in self._entries:
            above, _, name = path.rpartition("/")
            new, entry = above not in folders, (name, False)
            folders.setdefault(above, set()).add(entry)
            while new:
                above, _, name = above.rpartition("/")
                new = above not in folders
                folders.setdefault(above, set()).add((name, True))
        return folders

    def _check(self, path: str) -> None:
        """Refuse names that lead outside, odd names, and whatever is no plain file, as Folder does."""
        refuse_name(path)
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            above = "/".join(parts[:end])
            entry = self._entries.get(above)
            if entry and (end < len(parts) or entry.mode not in PLAIN):
                _refuse_entry(above, entry)
        if path in self._folders:
            refuse_kind(path, stat.S_IFDIR)
        if path not in self._entries:
            refuse(path, "file-missing", "cannot be found: no such file or directory; check the name")


class WorkTree:
    """A folder on disk whose files have the names that git would give their content; it is at no commit."""

    def __init__(self, root: Path, git_object: str) -> None:
        self._folder = Folder(root)
        self._hash = "sha256" if len(git_object) == 64 else "sha1"
        self.name = self._folder.name
        self.commit = ""

    def has(self, path: str) -> bool:
        """True when something of that name is there, readable or not."""
        return self._folder.has(path)

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """The bytes of a regular file inside the folder; raises InvalidFiles with one Problem."""
        return self._folder.read(path, limit)

    def glob(self, pattern: str) -> list[str]:
        """The sorted names that match."""
        return self._folder.glob(pattern)

    def blob(self, path: str) -> str:
        """What git would call the content as it is; empty for what cannot be read."""
        try:
            content = self._folder.read(path, MAX_TABLE_BYTES)
        except InvalidFiles:
            return ""
        return blob_name(content, self._hash)

    def objects(self) -> Mapping[str, Entry] | None:
        """Nothing: a folder is not listed for files that nobody named."""
        return None


def on_disk(top: Path, folder: str, git_object: str) -> WorkTree:
    """The folder of a work tree as it is on disk; raises InvalidFiles when a link leads to it."""
    parts = folder.split("/") if folder else []
    for end in range(1, len(parts) + 1):
        above = top.joinpath(*parts[:end])
        if os.path.lexists(above) and not stat.S_ISDIR(mode := above.lstat().st_mode):
            refuse_kind("/".join(parts[:end]), mode)
    return WorkTree(top / folder, git_object)


def _refuse_entry(path: str, entry: Entry) -> NoReturn:
    if entry.mode == _SUBMODULE:
        refuse(path, "file-foreign", "is another git repository; copy the files instead")
    if entry.mode == _LINK:
        refuse_kind(path, stat.S_IFLNK)
    refuse(path, "file-missing", "cannot be found: not a directory, or there twice; check the name")
