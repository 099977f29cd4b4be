"""git as a reader of objects: a few plumbing commands in which nothing of the repository can run.

In: a work tree, revisions, object names. Out: commit names, tree entries, bytes. It must not check
out, fetch, write, follow a replacement, run a hook, filter or helper, or show what git says: its
messages may hold addresses with passwords.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from flexsync.errors import StoreUnavailable, WrongCommand
from flexsync.text import visible

#: A branch, a tag, a commit, or an ancestor of one; nothing that git takes for an option or an address.
REVISION = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_+@^~-]|[./](?![./])){0,254}", re.ASCII)
OBJECT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
TIMEOUT = 60

#: Settings that a repository's own configuration cannot undo. Ownership is not asked about: nothing here
#: obeys the repository, and who owns the folder of a CI job is not up to its user.
_SETTINGS = {
    "safe.bareRepository": "explicit",
    "safe.directory": "*",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.bigFileThreshold": "1m",
    "core.useReplaceRefs": "false",
    "protocol.allow": "never",
}
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
#: What git needs of the outside to run at all.
_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR")


class Entry(NamedTuple):
    """What stands under a name in a commit: its mode as six octal digits, and its object."""

    mode: str
    object: str


class Git:
    """The repository around one work tree. Used as a context: one process serves all reads and ends with it.

    `name` is that of the folder.
    """

    def __init__(self, top: Path) -> None:
        self._top = top
        self.name = top.name
        self._reader: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Git":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def commit(self, revision: str) -> str:
        """The full name of the commit that `revision` means; raises WrongCommand or StoreUnavailable."""
        if not REVISION.fullmatch(revision) or "@{" in revision or revision.endswith((".", "/", ".lock")):
            raise WrongCommand(
                "A revision is a branch, a tag or a commit of this repository, such as main, v1.2 or HEAD~1. "
                "Correct --base and --head."
            )
        found = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        name = found.decode("ascii", "replace").split()[-1:] if found else []
        if not name or not OBJECT.fullmatch(name[0]):
            self._refuse(revision)
        return name[0]

    def entries(self, commit: str, folder: str = "") -> Iterator[tuple[str, Entry]]:
        """Every file below `folder` of a commit by its path from the top; a name that is not UTF-8 has surrogates."""
        within = [folder] if folder else []
        listing = self._run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit, *within)
        if listing is None:
            raise StoreUnavailable(f"The files of commit {commit[:12]} cannot be listed. Fetch it again, whole.")
        for line in listing.split(b"\0"):
            facts, tab, name = line.partition(b"\t")
            if tab:
                mode, _, found = facts.decode("ascii").split(" ")
                yield name.decode("utf-8", "surrogateescape"), Entry(mode, found)

    def blob(self, name: str, limit: int) -> tuple[int, bytes]:
        """Size and content of a blob; the content is left unread when it is longer than `limit` bytes.

        Raises StoreUnavailable when the object is not there.
        """
        asked, answer = self._pipes()
        try:
            asked.write(name.encode("ascii") + b"\n")
            asked.flush()
            header = answer.readline().split()
            if len(header) != 3 or header[1] != b"blob":
                raise StoreUnavailable(f"Object {name[:12]} is not in this clone. Fetch the commit again, whole.")
            return self._content(answer, int(header[2]), limit)
        except OSError as error:
            raise StoreUnavailable("git stopped while it was read from. Run the command again.") from error

    def _content(self, answer: IO[bytes], size: int, limit: int) -> tuple[int, bytes]:
        if size > limit:
            self._stop()  # what follows is as long as somebody chose
            return size, b""
        content = answer.read(size + 1)
        if len(content) != size + 1:
            raise StoreUnavailable("git stopped while it was read from. Run the command again.")
        return size, content[:-1]

    def _refuse(self, revision: str) -> None:
        """Raise the error for a revision that is not there."""
        told = f'There is no commit "{visible(revision)}" in this clone'
        if self._run("rev-parse", "--git-dir") is None:
            raise WrongCommand("This folder is in no git repository that can be read. Plans of a change need one.")
        if (self._run("rev-parse", "--is-shallow-repository") or b"").strip() == b"true":
            raise StoreUnavailable(
                f"{told}, which is a shallow one. Fetch more of the history (in CI: fetch-depth: 0)."
            )
        if OBJECT.fullmatch(revision):
            raise StoreUnavailable(f"{told}. Fetch it first.")
        raise WrongCommand(f"{told}. Correct the name, or fetch it first.")

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._reader is None:
            self._reader = self._start("cat-file", "--batch")
        assert self._reader.stdin is not None and self._reader.stdout is not None  # noqa: S101 - both are pipes
        return self._reader.stdin, self._reader.stdout

    def _stop(self) -> None:
        if self._reader is not None:
            self._reader.kill()
            self._reader.communicate()
            self._reader = None

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 - fixed words, no shell, operands are checked
                self._command(*words),
                env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        except OSError as error:
            raise _no_git() from error

    def _run(self, *words: str) -> bytes | None:
        """The output of one command; None when it fails."""
        try:
            done = subprocess.run(  # noqa: S603 - fixed words, no shell, operands are checked
                self._command(*words),
                env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise StoreUnavailable(f"git gave no answer within {TIMEOUT} seconds.") from error
        except OSError as error:
            raise _no_git() from error
        return done.stdout if done.returncode == 0 else None

    def _command(self, *words: str) -> list[str]:
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        return ["git", "--no-pager", *settings, "-C", str(self._top), *words]


def work_tree(place: Path) -> Path | None:
    """The top of the work tree around an absolute path, which need not exist; None when there is none.

    A link inside a work tree leads into no other one.
    """
    found, linked = None, False
    for folder in (place, *place.parents):
        if os.path.lexists(folder / ".git") and (found is None or linked):
            found, linked = folder, False
        linked = linked or folder.is_symlink()
    return found


def _environment() -> dict[str, str]:
    return {**{name: os.environ[name] for name in _KEPT if name in os.environ}, **_ENVIRONMENT}


def _no_git() -> StoreUnavailable:
    return StoreUnavailable("git cannot be run. Install it, or plan without --base.")
