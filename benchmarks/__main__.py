"""Measure flexsync on fleets of several sizes, and octoDNS beside it in the same run.

    benchmarks/run --sizes 100,1000,10000 [--octodns-up-to 1000] [--only stages|commands|octodns]

Nothing here passes or fails. Read `benchmarks/README.md` before you quote a figure.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import fleet, octodns
from benchmarks.process import spend
from benchmarks.report import Line, grown, table

ROOT = Path(__file__).parents[1]
PARTS = ("stages", "commands", "octodns")
VARIABLES = {
    fleet.SECRET_VARIABLE: "a secret of the benchmark",
    "FLEXSYNC_AS_OF": fleet.AS_OF.isoformat(),
    "NO_COLOR": "1",
    "PYTHONPATH": str(ROOT),
}


def stages(work: Path, size: int) -> list[Line]:
    """Each stage in one process of its own."""
    command = [sys.executable, "-m", "benchmarks.stages", str(_fleet(work, size))]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    return [Line(name, found["count"], seconds, found["peak_mib"][name]) for name, seconds in found["seconds"].items()]


def commands(work: Path, size: int) -> list[Line]:
    """Whole commands, from a cold process to the last line printed."""
    root = _fleet(work, size)
    lines = [
        _command(root, size, "validate"),
        _command(root, size, "plan", label="plan, all to create"),
        _command(root, size, "apply", "--yes"),
        _command(root, size, "plan", label="plan, no change"),
    ]
    changed = fleet.touch(root, size)
    return [*lines, _command(root, size, "plan", label=f"plan, {changed} changed")]


def octodns_plans(work: Path, size: int) -> list[Line]:
    """The same two plans by octoDNS."""
    root = work / f"zones-{size}"
    octodns.write(root, size)
    labels = {"empty": "octoDNS plan, all to create", "same": "octoDNS plan, no change"}
    lines = []
    for target, label in labels.items():
        spent = octodns.plan(root, target)
        lines.append(Line(label, size, spent.seconds, spent.peak_mib))
    return lines


def ratios(lines: list[Line]) -> list[str]:
    """How many times longer octoDNS takes for an object, where both were measured."""
    micros = {(line.what, line.objects): line.micros for line in lines}
    return [
        f"octoDNS / flexsync, {what}, {size:,} objects: {micros[f'octoDNS {what}', size] / ours:.1f} times"
        for (what, size), ours in micros.items()
        if (f"octoDNS {what}", size) in micros
    ]


def _command(root: Path, size: int, *words: str, label: str = "") -> Line:
    spent = spend([sys.executable, "-m", "flexsync", *words], cwd=root, variables=VARIABLES)
    return Line(label or " ".join(words), size, spent.seconds, spent.peak_mib)


def _fleet(work: Path, size: int) -> Path:
    """A fresh fleet of `size` clients with no store."""
    root = work / f"fleet-{size}"
    shutil.rmtree(root, ignore_errors=True)
    fleet.write(root, size)
    return root


def main() -> None:
    """Measure what the command line asks for and print it."""
    parser = argparse.ArgumentParser(description="Measure flexsync, and octoDNS beside it.")
    parser.add_argument("--sizes", default="100,1000", help="numbers of subscriptions, with commas between")
    parser.add_argument("--octodns-up-to", type=int, default=1000, help="largest size that octoDNS is measured at")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this part; repeatable")
    arguments = parser.parse_args()
    sizes = sorted(int(size) for size in arguments.sizes.split(","))
    parts = arguments.only or PARTS
    with tempfile.TemporaryDirectory(prefix="flexsync-bench-") as folder:
        work, found = Path(folder), {part: [] for part in PARTS}
        for size in sizes:
            if "stages" in parts:
                found["stages"] += stages(work, size)
            if "commands" in parts:
                found["commands"] += commands(work, size)
            if "octodns" in parts and size <= arguments.octodns_up_to:
                found["octodns"] += octodns_plans(work, size)
    for part, lines in found.items():
        if lines:
            print(f"\n{part}\n\n{table(grown(sorted(lines, key=lambda line: line.objects)))}")
    print("\n" + "\n".join(ratios([*found["commands"], *found["octodns"]])))


if __name__ == "__main__":
    main()
