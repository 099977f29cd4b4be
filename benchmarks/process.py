"""Whole processes, cold: how long a command takes and how much memory it peaks at."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Spent:
    """Wall seconds, peak MiB and exit code of one process."""

    seconds: float
    peak_mib: int
    code: int


def spend(command: Sequence[str], cwd: Path, variables: Mapping[str, str] = {}, allowed: Sequence[int] = (0,)) -> Spent:
    """Run `command` to its end; an exit code that is not `allowed` stops the benchmark and shows the output."""
    log = cwd / "last-command.log"
    start = time.perf_counter()
    with log.open("wb") as out:
        child = subprocess.Popen(
            command, cwd=cwd, env=os.environ | variables, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
        _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = code = os.waitstatus_to_exitcode(status)
    if code not in allowed:
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command)} ended with {code}:\n{tail}")
    return Spent(seconds, usage.ru_maxrss // 1024, code)
