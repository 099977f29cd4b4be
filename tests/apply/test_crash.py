"""Killed at any point, an apply leaves each subscription wholly before or after, and the next run finishes."""

import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flexsync import faults
from flexsync.clock import FixedClock
from flexsync.store.sql import open_store
from tests.support.stored import (
    NOON,
    PAUL,
    VAT,
    ZOE,
    applied,
    atelier,
    brought,
    planned,
    snapshot_of,
    user,
    with_user,
)

#: What `waitstatus_to_exitcode` makes of a process that the signal ended.
KILLED = -signal.SIGKILL
SERVED = atelier(services={"vat_filing": VAT})
CHANGED = with_user(
    with_user(SERVED, "zoe", user(ZOE, "compta")),
    "p.martin",
    user(replace(PAUL, email="paul.martin@dupont.example"), "compta", "paye"),
)
LEFT = with_user(SERVED, "p.martin", replace(user(PAUL), status="deactivated"))
SCENARIOS = {
    "first apply": ((), (SERVED,)),
    "invite and move": ((SERVED, atelier("boulangerie")), (CHANGED, atelier("boulangerie", seats=9))),
    "leave": ((SERVED,), (replace(LEFT, services={"vat_filing": replace(VAT, recipients=("l.petit",))}),)),
}


def in_child(url: str, wanted, die_at: int) -> tuple[int, str]:
    """Apply in a child process that dies at the given pass of any point; its exit code, and that point."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        _child(url, wanted, die_at, writer)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        last = pipe.read()
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), last


def _child(url: str, wanted, die_at: int, writer: int) -> None:
    code = 1
    try:
        passes: list[str] = []

        def handler(name: str) -> None:
            passes.append(name)
            if len(passes) == die_at:
                os.write(writer, name.encode())
                os.kill(os.getpid(), signal.SIGKILL)

        faults.install(handler)
        with open_store(url, create=False, clock=FixedClock(NOON)) as store:
            applied(store, *(planned(store, state) for state in wanted))
        code = 0
    finally:
        os._exit(code)


def finish(url: str, wanted) -> tuple[dict, Counter, list[str]]:
    """What a later run makes of it: States, notices by change, recipient and code, and complaints."""
    # A dead holder blocks nobody longer than its lease.
    with open_store(url, create=False, clock=FixedClock(NOON + timedelta(seconds=61))) as store:
        report = applied(store, *(planned(store, state) for state in wanted))
        assert report.run.result == "done"
        notices = Counter((row.dedup, row.recipient, code) for row in store.outbox() for code in row.codes)
        current = {state.name: snapshot_of(store, state.name).current for state in wanted}
        return current, notices, store.check()


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_point_of_death_is_survived(request, kind, scenario):
    before, wanted = SCENARIOS[scenario]
    make = request.getfixturevalue(f"{kind}_maker")
    prepared = make()
    with open_store(prepared, create=False, clock=FixedClock(NOON)) as store:
        for state in before:
            brought(store, state)
    expected = None
    died: set[str] = set()
    for die_at in range(1, 100):
        url = make(prepared)
        code, point = in_child(url, wanted, die_at)
        current, notices, complaints = finish(url, wanted)
        assert complaints == []
        assert current == {state.name: state for state in wanted}
        expected = expected or notices
        assert notices == expected, f"killed at {point}, pass {die_at}"
        assert max(notices.values()) == 1
        if code == 0:
            break
        assert code == KILLED
        died.add(point)
    assert died >= set(faults.POINTS) - {"lease-released"}


def test_the_variable_kills_the_process_at_the_pass_it_names():
    program = "from flexsync.faults import point\nfor n in (0, 1, 2):\n    print(n, flush=True)\n    point('committed')"
    environment = {**os.environ, faults.VARIABLE: "committed:2", "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (-signal.SIGKILL, ["0", "1"])
