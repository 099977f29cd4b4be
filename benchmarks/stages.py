"""The stages of a plan and an apply, each timed by itself over one fleet, in one process.

    python -m benchmarks.stages FOLDER      prints one JSON object; benchmarks/run starts it

Subscriptions go through in groups, as in a real run, so that the peak of memory is that of a run and
not of the benchmark. `declare` repeats the work of read, parse and schema and adds layers and rules:
it is what a plan really pays, the ones before it show what it is made of.
"""

import json
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from ruamel.yaml.cyaml import CParser

from benchmarks.fleet import AS_OF, SECRET_VARIABLE
from flexsync.address import email_key
from flexsync.apply import Strongbox, Tools, apply_subscription
from flexsync.clock import SystemClock
from flexsync.desired import schema
from flexsync.desired.document import parse
from flexsync.desired.fleet import Declared, declared, open_fleet
from flexsync.desired.model import Desired
from flexsync.desired.resolve import resolve
from flexsync.desired.source import Folder
from flexsync.plan.build import build
from flexsync.plan.model import SubscriptionPlan
from flexsync.render.text import subscription_text
from flexsync.render.view import View
from flexsync.secrets import Secrets
from flexsync.snapshot import Snapshot
from flexsync.store.sql import open_store

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


def files_alone(source: Folder, watch: Stopwatch) -> None:
    """What can be done with each file by itself."""
    for names in _groups(iter(source.glob("clients/*/*.yaml"))):
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


class WholeWay:
    """From the files to the store, group by group."""

    def __init__(self, root: Path, watch: Stopwatch) -> None:
        self.watch = watch
        self.fleet = open_fleet(Folder(root), "fleet.yaml")
        self.secrets = Secrets(root, os.environ)
        self.tools = Tools(self.fleet.catalogue, Strongbox(self.secrets, random.SystemRandom()), AS_OF)
        self.store = open_store(f"sqlite:///{root}/stages.db", create=True, clock=SystemClock())

    def run(self) -> int:
        """Take every subscription all the way; how many there were."""
        stream, count = declared(self.fleet, AS_OF), 0
        while group := self._declare(stream):
            wanted, snapshots = self._resolve(group)
            plans = self._build(wanted, snapshots)
            self._render(plans)
            self._apply(plans)
            count += len(group)
        return count

    def _declare(self, stream: Iterator[Declared]) -> list[Declared]:
        with self.watch.stage("declare"):
            group = list(islice(stream, GROUP))
        wrong = [problem for one in group for problem in one.problems if problem.fatal]
        if wrong:
            raise SystemExit(f"the generated fleet is not valid: {wrong[0].where}: {wrong[0].message}")
        return group

    def _resolve(self, group: list[Declared]) -> tuple[list[Desired], dict[str, Snapshot]]:
        with self.watch.stage("load"):
            found = self.store.snapshots([one.name for one in group])
        snapshots = {one.name: found.get(one.name) or Snapshot(one.name) for one in group}
        with self.watch.stage("resolve"):
            wanted = [
                resolve(one.spec, one.places, snapshots[one.name], self.fleet.catalogue, AS_OF)
                for one in group
                if one.spec is not None and one.places is not None
            ]
        return wanted, snapshots

    def _build(self, wanted: list[Desired], snapshots: dict[str, Snapshot]) -> list[SubscriptionPlan]:
        persons = [user.person for one in wanted for user in one.state.users.values() if user.person]
        persons += [one.state.admin.person for one in wanted if one.state.admin]
        with self.watch.stage("load"):
            accounts = self.store.accounts(sorted({email_key(person.email) for person in persons}))
        with self.watch.stage("build"):
            return [
                build(one, snapshots[one.state.name], accounts, self.fleet.catalogue, AS_OF, self.secrets)
                for one in wanted
            ]

    def _render(self, plans: Sequence[SubscriptionPlan]) -> None:
        with self.watch.stage("render"):
            for plan in plans:
                "\n".join(subscription_text(plan, View()))

    def _apply(self, plans: Sequence[SubscriptionPlan]) -> None:
        with self.watch.stage("apply"):
            run = self.store.begin_run("apply", actor="benchmark")
            self.store.lease([plan.name for plan in plans], run)
            for plan in plans:
                outcome = apply_subscription(self.store, plan, run, self.tools)
                if outcome.status != "applied":
                    raise SystemExit(f"{plan.name}: {outcome.status} {outcome.message}")
            self.store.end_run(run, "done", {"applied": len(plans)})


def _drain(parser: Any) -> None:
    while parser.check_event():
        parser.get_event()


def _groups(names: Iterator[str]) -> Iterator[list[str]]:
    while group := list(islice(names, GROUP)):
        yield group


def main() -> None:
    """Time the fleet of the folder given and print the figures as JSON."""
    os.environ.setdefault(SECRET_VARIABLE, "a secret of the benchmark")
    root, watch = Path(sys.argv[1]), Stopwatch()
    files_alone(Folder(root), watch)
    count = WholeWay(root, watch).run()
    sys.stdout.write(json.dumps({"count": count, "seconds": watch.seconds, "peak_mib": watch.peak_mib}) + "\n")


if __name__ == "__main__":
    main()
