"""How long the portal takes to refuse somebody: the same for whoever it is, or the time would tell.

python -m benchmarks.signing [--samples 500]
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from benchmarks.people import CLASSES, Bench, bench, email
from flexsync.acts.forgetting import forgot
from flexsync.acts.signing import Attempt, sign_in

ADDRESS = "192.0.2.7"


def main() -> None:
    """Measure sign-in with a wrong password, and a reset, for each class in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=500)
    samples = parser.parse_args().samples
    with tempfile.TemporaryDirectory() as folder:
        made = bench(Path(folder))
        acts: dict[str, Callable[[str], object]] = {
            "sign-in": lambda name: sign_in(made.site, Attempt(email(name), "wrong horse battery", ADDRESS)),
            "reset": lambda name: forgot(made.site, email(name), ADDRESS),
        }
        print(f"{'act':10}{'who':10}{'samples':>8}{'median ms':>11}{'p90 ms':>9}{'against known':>15}")
        for act, run in acts.items():
            _show(act, measured(made, run, samples))


def measured(made: Bench, act: Callable[[str], object], samples: int) -> dict[str, list[float]]:
    """Milliseconds by class; the classes take turns, so that a busy machine is busy for all."""
    taken: dict[str, list[float]] = {name: [] for name in CLASSES}
    for turn in range(samples):
        for place in range(len(CLASSES)):
            name = CLASSES[(turn + place) % len(CLASSES)]
            made.reset_tries()
            start = time.perf_counter()
            act(name)
            taken[name].append((time.perf_counter() - start) * 1000)
    return taken


def _show(act: str, taken: dict[str, list[float]]) -> None:
    known = median(taken["known"])
    for name, times in taken.items():
        apart = median(times) - known
        print(f"{act:10}{name:10}{len(times):8}{median(times):11.1f}{quantiles(times, n=10)[-1]:9.1f}{apart:+15.1f}")


if __name__ == "__main__":
    main()
