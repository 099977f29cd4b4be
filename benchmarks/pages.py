"""The pages of a large portal: how long each takes, and how many statements the store hears.

python -m benchmarks.pages [--size 10000] [--samples 7] [--store URL] [--folder FLEET]

The store is made by applying a generated fleet, then aged: passwords, sent and dead mails, drift, ends. `--store`
is an empty store elsewhere, such as one on PostgreSQL. With `--folder`, a fleet that was applied before is used, and
aged if need be. Read `benchmarks/README.md` before you quote a figure.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import SystemRandom
from statistics import median
from typing import Any

from sqlalchemy import event
from starlette.testclient import TestClient

from benchmarks import aged, fleet
from benchmarks.__main__ import VARIABLES
from benchmarks.aged import PASSWORD, People
from benchmarks.process import spend
from flexsync.acts.launching import Launch, launch
from flexsync.acts.signing import Attempt, sign_in
from flexsync.acts.site import Site
from flexsync.clock import SystemClock
from flexsync.desired.catalogue_file import builtin
from flexsync.keys import Keys
from flexsync.passwords import Hashing
from flexsync.portal.app import app
from flexsync.store.sql import open_store

URL = "http://127.0.0.1:8080"
OPERATOR = (
    "/operator", "/operator?page=999999", "/operator?q=client-000777", "/operator?q=martin", "/operator?q=nobody-of-it",
    "/operator?show=drift", "/operator?show=ending", "/operator?show=closed", "/operator/subscriptions/{one}",
    "/operator/invitations", "/operator/invitations?page=999999", "/operator/invitations?state=waiting",
    "/operator/invitations?state=expired", "/operator/invitations?state=failed",
    "/operator/outbox", "/operator/outbox?page=999999", "/operator/outbox?state=queued", "/operator/outbox?state=dead",
    "/operator/outbox?q=client-000777", "/operator/outbox?q=nobody-of-it", "/operator/runs", "/operator/runs/{run}",
    "/operator/runs/{run}?page=999999", "/operator/disclosures",
)  # fmt: skip
USER = ("/", "/me", "/downloads")
#: For whoever administers all subscriptions.
ADMINISTRATOR = (*USER, "/console", "/console/{one}", "/console/{one}/users", "/console/{one}/services",
                 "/console/{one}/history")  # fmt: skip


def main() -> None:
    """Make, or open, a portal of the size asked for, and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=10_000, help="subscriptions")
    parser.add_argument("--samples", type=int, default=7)
    parser.add_argument("--store", default="")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with ExitStack() as stack:
        root = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="flexsync-bench-")))
        if not asked.folder:
            _apply(root, asked.size, asked.store)
        url, clock = asked.store or str(root / ".flexsync/store.db"), SystemClock()
        store = stack.enter_context(open_store(url, create=False, clock=clock))
        aged.age(store)
        site = Site(store, Keys(b"b" * 32), builtin(), clock, URL, Hashing(), SystemRandom())
        _Measuring(site, asked.samples).run()


def _apply(root: Path, size: int, store: str) -> None:
    fleet.write(root, size)
    if store:
        spend([sys.executable, "-m", "flexsync", "store", "init", "--store", store], cwd=root, variables=VARIABLES)
    where = ["--store", store] if store else []
    spend([sys.executable, "-m", "flexsync", "apply", "--yes", *where], cwd=root, variables=VARIABLES)


class _Measuring:
    """A portal in this process, its people, and what each look at it costs."""

    def __init__(self, site: Site, samples: int) -> None:
        self._site = site
        self._samples = samples
        self._app = app(site)
        self._heard = 0
        event.listen(site.store.engine, "before_cursor_execute", self._hear)

    def _hear(self, *_: Any) -> None:
        self._heard += 1

    def run(self) -> None:
        """Print a line for each page and act."""
        people = aged.people(self._site)
        print(f"{'who':12}{'what':44}{'median ms':>10}{'max ms':>9}{'busy ms':>9}{'statements':>12}{'KiB':>8}")
        self._pages("operator", people.operator, OPERATOR, people)
        self._pages("user", people.user, USER, people)
        self._pages("administers", people.administrator, ADMINISTRATOR, people)
        self._pages("uses", people.everywhere, USER, people)
        self._signs("user", people.user_email, people.one)
        self._signs("uses", aged.EVERYWHERE, people.one)

    def _pages(self, who: str, cookie: tuple[str, str], pages: Sequence[str], people: People) -> None:
        browser = TestClient(self._app, base_url=URL, follow_redirects=False)
        browser.cookies.set(*cookie, domain="127.0.0.1", path="/")
        for page in pages:
            path = page.format(one=people.one, run=people.run)
            self._line(who, page, partial(_looked, browser, path))

    def _signs(self, who: str, email: str, one: str) -> None:
        attempt, asked = Attempt(email, PASSWORD, "192.0.2.7"), Launch("compta", "PC-1", "12.1", one)
        self._line(who, "sign-in", lambda: _let_in(sign_in(self._site, attempt)))
        self._line(who, "launch", lambda: _let_in(launch(self._site, attempt, asked)))
        anywhere = replace(asked, subscription="")
        self._line(who, "launch, no subscription named", lambda: _let_in(launch(self._site, attempt, anywhere)))

    def _line(self, who: str, what: str, act: Callable[[], int]) -> None:
        size, walls, busy = act(), [], []
        for _ in range(self._samples):
            self._heard, wall, processor = 0, time.perf_counter(), time.process_time()
            act()
            walls.append((time.perf_counter() - wall) * 1000)
            busy.append((time.process_time() - processor) * 1000)
        times = f"{median(walls):10.1f}{max(walls):9.1f}{median(busy):9.1f}"
        print(f"{who:12}{what:44}{times}{self._heard:12}{size / 1024:8.0f}", flush=True)


def _looked(browser: TestClient, path: str) -> int:
    answer = browser.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return len(answer.content)


def _let_in(found: object) -> int:
    if not found:
        raise SystemExit("somebody who should be was not let in")
    return 0


if __name__ == "__main__":
    main()
