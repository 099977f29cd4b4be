"""The stages of a plan and an apply, each timed by itself over one fleet, in one process.

    python -m benchmarks.stages FOLDER      prints one JSON object; benchmarks.report starts it

Subscriptions go through in groups, as in a real run, so that the peak of memory is that of a run and
not of the benchmark. `declare` repeats the work of read, parse and schema and adds layers and rules:
it is what a plan really pays, the three before it show what it is made of.
"""

import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.fleet import SECRET_VARIABLE

AS_OF = date(2026, 1, 15)
GROUP = 200


class Stopwatch:
    """Seconds by stage, and the peak of memory of the process when the stage last ended."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.peak_mib: dict[str, int] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] += time.perf_counter() - start
        self.peak_mib[name] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class Secrets:
    """Every secret of the benchmark is readable."""

    def missing(self, reference: str) -> str:
        return ""


class Accounts:
    """The accounts that were loaded for a group."""

    def __init__(self, found: dict[str, Any]) -> None:
        self._found = found

    def get(self, key: str) -> Any:
        return self._found.get(key)


def run(root: Path, watch: Stopwatch) -> int:
    """Time every stage over the fleet below `root`; the number of its subscriptions."""
    _files_alone(root, watch)
    return _whole_way(root, watch)


def _files_alone(root: Path, watch: Stopwatch) -> None:
    from ruamel.yaml.cyaml import CParser

    from flexsync.desired import schema
    from flexsync.desired.document import parse
    from flexsync.desired.source import Folder

    source = Folder(root)
    for names in _groups(source.glob("clients/*/*.yaml")):
        with watch.stage("read"):
            contents = [source.read(name) for name in names]
        with watch.stage("parse floor"):
            for content in contents:
                _drain(CParser(content))
        with watch.stage("parse strict"):
            documents = [parse(name, content) for name, content in zip(names, contents, strict=True)]
        with watch.stage("schema"):
            for document in documents:
                schema.check(document, "Subscription")


def _whole_way(root: Path, watch: Stopwatch) -> int:
    from flexsync.address import email_key
    from flexsync.clock import SystemClock
    from flexsync.desired.fleet import declared, open_fleet
    from flexsync.desired.resolve import resolve
    from flexsync.desired.source import Folder
    from flexsync.plan.build import build
    from flexsync.render.text import to_text
    from flexsync.snapshot import Snapshot
    from flexsync.store import open_store

    fleet = open_fleet(Folder(root), "fleet.yaml")
    store = open_store(f"sqlite:///{root}/.flexsync/stages.db", create=True, clock=SystemClock())
    stream, count = declared(fleet, AS_OF), 0
    while True:
        with watch.stage("declare"):
            group = [one for one in islice(stream, GROUP) if one.spec is not None]
        if not group:
            return count
        count += len(group)
        with watch.stage("load"):
            snapshots = store.snapshots([one.name for one in group])
        snapshots = {one.name: snapshots.get(one.name) or Snapshot(one.name) for one in group}
        with watch.stage("resolve"):
            wanted = [
                resolve(one.spec, one.places, snapshots[one.name], fleet.catalogue, AS_OF)
                for one in group
                if one.spec is not None
            ]
        keys = {email_key(user.person.email) for one in wanted for user in one.state.users.values() if user.person}
        with watch.stage("load"):
            accounts = Accounts(store.accounts(sorted(keys)))
        with watch.stage("build"):
            plans = [
                build(one, snapshots[one.state.name], accounts, fleet.catalogue, AS_OF, Secrets()) for one in wanted
            ]
        with watch.stage("render"):
            for plan in plans:
                "".join(to_text(plan))
        with watch.stage("apply"):
            _apply(store, plans)


def _apply(store: Any, plans: list[Any]) -> None:
    from flexsync.apply import apply_subscription

    for plan in plans:
        apply_subscription(store, plan)


def _drain(parser: Any) -> None:
    while parser.check_event():
        parser.get_event()


def _groups(names: list[str]) -> Iterator[list[str]]:
    rest = iter(names)
    while group := list(islice(rest, GROUP)):
        yield group


def main() -> None:
    """Time the fleet of the folder given and print the figures as JSON."""
    os.environ.setdefault(SECRET_VARIABLE, "a secret of the benchmark")
    watch = Stopwatch()
    count = run(Path(sys.argv[1]), watch)
    sys.stdout.write(json.dumps({"count": count, "seconds": watch.seconds, "peak_mib": watch.peak_mib}) + "\n")


if __name__ == "__main__":
    main()
