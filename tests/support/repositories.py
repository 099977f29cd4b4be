"""Real git repositories, made with a fixed author and day, and the firm that the stories are about."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.support.folders import FLEET, HEADER, NOEL, client

DAY = "2026-01-10T09:00:00+01:00"
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@test.example",
    "GIT_AUTHOR_DATE": DAY,
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@test.example",
    "GIT_COMMITTER_DATE": DAY,
    "LC_ALL": "C",
}


class Repository:
    """A repository with a work tree at `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "core.autocrlf", "false")

    def git(self, *words: str, given: bytes = b"") -> str:
        """The output of a git command, which has to succeed."""
        done = subprocess.run(
            ["git", *words], cwd=self.root, env=ENVIRONMENT, input=given, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout.decode(errors="replace").strip()

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        """Write files below the root; None removes one."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_symlink() or content is None:
                path.unlink()
            if content is not None:
                path.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: Mapping[str, str | bytes | None] | None = None) -> str:
        """Write files, commit everything there is, and name the commit."""
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git("rev-parse", "HEAD")

    def blob(self, content: bytes) -> str:
        """Put a blob into the object store."""
        return self.git("hash-object", "-w", "--stdin", given=content)

    def commit_index(self, *lines: str) -> str:
        """Commit what the index has after `MODE OBJECT\\tPATH` lines are put into it; the work tree is not asked."""
        self.git("update-index", "-z", "--index-info", given=b"".join(line.encode() + b"\0" for line in lines))
        return self.commit_tree(self.git("write-tree"))

    def commit_tree(self, tree: str) -> str:
        """A commit of a tree on top of HEAD, which moves."""
        commit = self.git("commit-tree", tree, "-p", "HEAD", "-m", "crafted")
        self.git("update-ref", "HEAD", commit)
        return commit

    def tree(self, *lines: bytes) -> str:
        """A tree of raw `MODE NAME\\0OBJECT` entries, which git itself would not make."""
        return self.git("hash-object", "-t", "tree", "-w", "--stdin", "--literally", given=b"".join(lines))


def entry(mode: str, name: bytes, hexadecimal: str) -> bytes:
    """One raw entry of a tree."""
    return mode.encode() + b" " + name + b"\0" + bytes.fromhex(hexadecimal)


ALPHA = client(
    "alpha-bakery",
    "users: {l.roy: {civility: madame, given_name: Louise, family_name: Roy, email: l.roy@alpha.example,"
    " access: [compta]}}\n",
)
#: What no output may show unless the change itself wrote it.
CANARY = "kappa"
BETA = f"""\
apiVersion: flexsync/v1
kind: Subscription
name: beta-florist
profiles: [vat]
seats: 4
company: {{legal_name: {CANARY} flowers, siren: "987654324"}}
services: {{vat_filing: {{sirets: ["98765432400019"]}}}}
users:
  {CANARY}.one: {{civility: madame, given_name: {CANARY.title()}, family_name: One, email: one@{CANARY}.example,
    access: [compta]}}
  {CANARY}.two: {{civility: monsieur, given_name: {CANARY.title()}, family_name: Two, email: two@{CANARY}.example,
    access: [compta]}}
"""
GAMMA = f"gamma-garage;987654324;{CANARY} motors;vat;3;98765432400019;2025-02-06\n"
FILES = {
    "fleet.yaml": FLEET,
    "clients.csv": HEADER + NOEL.replace("98765432400019", "12345678200010").replace("987654324", "123456782") + GAMMA,
    "clients/alpha.yaml": ALPHA,
    "clients/beta.yaml": BETA,
    "clients/delta.yaml": client("delta-dairy"),
}


def firm_repository(root: Path) -> Repository:
    """A firm of five clients, three files and two lines, committed on main with a tag `base`."""
    repository = Repository(root)
    repository.commit(FILES)
    repository.git("tag", "base")
    return repository
