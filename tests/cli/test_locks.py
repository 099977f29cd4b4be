"""Two runs at once, and a run that is interrupted."""

import os
import signal

import pytest

from flexsync import faults
from flexsync.store.leases import DURATION
from tests.support.commands import EXAMPLES

FIRM = ("-C", EXAMPLES / "firm", "--as-of", "2026-01-15", "-t", "boulangerie-*")


def test_a_second_apply_learns_who_holds_the_subscription(flexsync, store, store_url):
    other = store.begin_run("apply", actor="julie", host="desk-7")
    store.lease(["boulangerie-petit"], other)
    done = flexsync("apply", "--yes", *FIRM, "--store", store_url)
    assert done.code == 7
    for word in ("boulangerie-petit", other.id, "julie", "desk-7"):
        assert word in done.err
    assert flexsync("status", "--store", store_url, "-C", FIRM[1]).out.count("boulangerie-") == 0


def test_the_lease_of_a_run_that_died_ends_by_itself(flexsync, store, store_url, clock):
    store.lease(["boulangerie-petit"], store.begin_run("apply", actor="julie"))
    clock.move(DURATION)
    assert flexsync("apply", "--yes", *FIRM, "--store", store_url).code == 0


def test_an_interrupted_apply_finishes_the_subscription_in_hand(flexsync, store, store_url):
    passes = []

    def interrupt(name):
        if name == "committed":
            passes.append(name)
            if len(passes) == 2:
                os.kill(os.getpid(), signal.SIGINT)

    faults.install(interrupt)
    try:
        done = flexsync("apply", "--yes", *FIRM, "--store", store_url)
    finally:
        faults.install(None)
    assert done.code == 130
    assert "2 applied" in done.out
    assert store.runs(1)[0].result == "interrupted"
    assert store.check() == []
    again = flexsync("apply", "--yes", *FIRM, "--store", store_url)
    assert again.code == 0
    assert "9 applied" in again.out


@pytest.mark.parametrize("signals", [signal.SIGINT, signal.SIGTERM])
def test_the_handlers_of_signals_are_given_back(flexsync, store_url, signals):
    before = signal.getsignal(signals)
    flexsync("apply", "--yes", *FIRM, "--store", store_url)
    assert signal.getsignal(signals) is before
