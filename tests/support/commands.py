"""The command line run in this process, in an empty folder, at a fixed instant."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from flexsync.cli import run
from flexsync.clock import FixedClock
from flexsync.store.sql import open_store
from tests.support.tables import dump

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Done:
    """What a command answered."""

    code: int
    out: str
    err: str


Flexsync = Callable[..., Done]


@pytest.fixture
def flexsync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], clock: FixedClock
) -> Flexsync:
    """`flexsync("plan", "-C", folder)` in an empty folder, with no variable that steers it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr("flexsync.cli.parts.CLOCK", clock)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("FLEXSYNC_ACTOR", "claire")

    def call(*words: str | Path) -> Done:
        code = run([str(word) for word in words])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call


@pytest.fixture
def dumped(store_url: str, clock: FixedClock) -> Callable[[], dict[str, list[tuple]]]:
    """All rows of the store, runs and leases aside."""

    def dumped() -> dict[str, list[tuple]]:
        with open_store(store_url, create=False, clock=clock) as store:
            return dump(store)

    return dumped
