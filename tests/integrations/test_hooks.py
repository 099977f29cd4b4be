"""The hooks for pre-commit: found, installed from a clone, and right about good and bad files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flexsync.cli import COMMANDS
from flexsync.integrations import check
from tests.integrations.test_action import git
from tests.support.jobs import ROOT, documents

HOOKS = {hook["id"]: hook for hook in documents(".pre-commit-hooks.yaml")[0]}
GOOD = (ROOT / "examples" / "guide" / "subscription.yaml").read_text()


def test_the_hooks_are_there():
    assert list(HOOKS) == ["flexsync-validate", "flexsync-schema", "flexsync-fmt"]
    assert {hook["language"] for hook in HOOKS.values()} == {"python"}


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_calls_a_command_that_exists(hook):
    words = HOOKS[hook]["entry"].split()
    assert (words[0] == "flexsync" and words[1] in COMMANDS) or words[:2] == ["python", "-m"]


def test_each_file_of_ours_is_checked_and_other_yaml_is_left_alone(tmp_path, capsys):
    good, other, bad = (tmp_path / name for name in ("good.yaml", "other.yaml", "bad.yaml"))
    good.write_text(GOOD)
    other.write_text("services: {web: {image: x}}\n")
    bad.write_text(GOOD.replace("seats:", "seets:"))
    assert check.main([str(good), str(other)]) == 0
    assert capsys.readouterr().out == ""
    assert check.main([str(good), str(bad)]) == 3
    assert f"{bad}:" in capsys.readouterr().out


def test_a_missing_file_is_a_wrong_command(tmp_path, capsys):
    assert check.main([str(tmp_path / "none.yaml")]) == 64
    assert "Traceback" not in capsys.readouterr().err


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The project as it is now, in a repository of its own: hooks are made from a commit."""
    folder = tmp_path / "project"
    wanted = ("flexsync", "schemas", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
    for name in wanted:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".flexsync"))
        else:
            shutil.copy(source, folder / name)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "now")
    return folder


@pytest.mark.slow
def test_the_hooks_work_from_a_clone(clone, tmp_path):
    user = tmp_path / "user"
    shutil.copytree(ROOT / "examples" / "firm", user, ignore=shutil.ignore_patterns(".flexsync"))
    git(user, "init", "-q", "-b", "main")
    git(user, "add", ".")
    git(user, "commit", "-qm", "firm")

    # One configuration for both hooks, whose environment is then made once.
    hooks = "{id: flexsync-schema}, {id: flexsync-validate}"
    made = git(clone, "rev-parse", "HEAD")
    (user / ".pre-commit-config.yaml").write_text(f"repos: [{{repo: {clone}, rev: {made}, hooks: [{hooks}]}}]\n")

    def tried(hook: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", "run", hook, "--all-files", "--verbose"]
        home = {"PRE_COMMIT_HOME": str(tmp_path / "cache"), "FLEXSYNC_AS_OF": "2026-01-15"}
        return subprocess.run(
            command, cwd=user, env={**os.environ, **home}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False,
        )  # fmt: skip

    good = tried("flexsync-schema")
    assert good.returncode == 0, good.stdout
    assert "Passed" in good.stdout
    file = user / "clients" / "aubry.yaml"
    file.write_text(file.read_text().replace("seats:", "seets:"))
    git(user, "commit", "-qam", "typo")
    bad = tried("flexsync-validate")
    assert bad.returncode == 1, bad.stdout
    assert "clients/aubry.yaml:" in bad.stdout
