"""The guide's subscription in a folder of its own, changed in its files and applied by the command line."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.commands import EXAMPLES, Done, Flexsync


@dataclass(frozen=True)
class Guide:
    """`guide("plan")` runs a command on the files; `write` edits them."""

    flexsync: Flexsync
    folder: Path
    name: str = "atelier-quiroule"

    def __call__(self, *words: str | Path, as_of: str = "2013-02-15") -> Done:
        return self.flexsync(*words, "-C", self.folder, "--as-of", as_of)

    def write(self, old: str, new: str) -> None:
        file = self.folder / "subscription.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def guide(flexsync: Flexsync, tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Guide:
    """The guide's subscription, applied already, on each database in turn."""
    monkeypatch.setenv("FLEX_QUIROULE_EFILING", "correct horse")
    monkeypatch.setenv("FLEXSYNC_STORE", store_url)
    applied = Guide(flexsync, shutil.copytree(EXAMPLES / "guide", tmp_path / "guide"))
    assert applied("apply", "--yes").code == 0
    return applied
