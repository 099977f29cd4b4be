"""Hostile changes and revisions: no code runs, nothing of others is read or told, the exit code is right."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.offline.attacks import ATTACKS, REVISIONS
from tests.support.pages import ROOT
from tests.support.repositories import ALPHA, CANARY, firm_repository

SECRET = "outside-secret"


@dataclass
class Watch:
    """What this process opened, connected to and started while it was watched."""

    on: bool = False
    opened: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)

    def hear(self, event: str, arguments: tuple) -> None:
        if not self.on:
            return
        if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            self.opened.append(os.fsdecode(arguments[0]))
        elif event == "subprocess.Popen":
            self.started.append(os.fsdecode(arguments[0]))
        elif event in ("socket.connect", "socket.getaddrinfo", "os.system", "os.exec", "os.posix_spawn"):
            self.connected.append(event)


WATCH = Watch()
sys.addaudithook(WATCH.hear)


@pytest.fixture
def watch(firm, outside) -> Iterator[Watch]:
    """Everything that happens from now on to the end of the test."""
    for seen in (WATCH.opened, WATCH.started, WATCH.connected):
        seen.clear()
    WATCH.on = True
    yield WATCH
    WATCH.on = False


@pytest.fixture
def outside(tmp_path):
    """A folder beside the repository that nobody may read, and where no marker may appear."""
    folder = tmp_path / "outside"
    folder.mkdir()
    for name in ("secret.yaml", "secret.csv"):
        (folder / name).write_text(f"name;{SECRET}\n{SECRET}: {SECRET}\n")
    return folder


def check(done, watch: Watch, tmp_path, outside) -> None:
    watch.on = False
    told = done.out + done.err
    assert CANARY not in told.lower()
    assert SECRET not in told
    assert "Traceback" not in told
    assert "\x1b" not in told
    assert not list(tmp_path.rglob("marker*"))
    assert not list(tmp_path.rglob("*.db"))
    assert set(watch.started) <= {"git"}
    assert watch.connected == []
    assert [path for path in watch.opened if path.startswith((str(outside), "/proc/self/environ", "/etc/passwd"))] == []


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_a_hostile_change_is_told_or_harmless(attack, firm, flexsync, watch, tmp_path, outside, monkeypatch):
    watch.on = False
    attack.make(firm, outside)
    monkeypatch.setenv("FLEXSYNC_STORE", str(tmp_path / "store.db"))
    watch.on = True
    done = flexsync("plan", "-C", firm.root, "--base", "base", "--as-of", "2026-01-15", "--ack", "contract=1")
    inside = [path for path in watch.opened if path.startswith(str(firm.root))]
    check(done, watch, tmp_path, outside)
    assert done.code in attack.codes, done.out + done.err
    assert attack.says in done.out + done.err
    assert inside == []  # the object store alone is read, by git


@pytest.mark.parametrize(
    "attack", [one for one in ATTACKS if one.name.startswith(("link", "file", "fleet", "table"))], ids=str
)
def test_a_hostile_work_tree_is_no_way_out_either(attack, firm, flexsync, watch, tmp_path, outside):
    watch.on = False
    attack.make(firm, outside)
    watch.on = True
    done = flexsync("plan", "-C", firm.root, "--base", "base", "--head", "worktree", "--as-of", "2026-01-15")
    check(done, watch, tmp_path, outside)
    assert done.code in attack.codes


@pytest.mark.parametrize("attack", [one for one in ATTACKS if not one.name.startswith("yaml")], ids=str)
def test_the_saved_form_tells_nothing_of_others_either(attack, firm, flexsync, watch, tmp_path, outside):
    watch.on = False
    attack.make(firm, outside)
    watch.on = True
    done = flexsync("plan", "-C", firm.root, "--base", "base", "--as-of", "2026-01-15", "--format", "json")
    check(done, watch, tmp_path, outside)


@pytest.mark.parametrize("option", ["--base", "--head"])
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_hostile_revision_is_refused(option, revision, firm, flexsync, watch, tmp_path, outside):
    words = ["--base", "base", "--head", revision] if option == "--head" else ["--base", revision]
    done = flexsync("plan", "-C", firm.root, *words)
    check(done, watch, tmp_path, outside)
    assert done.code == (9 if revision == "0" * 40 else 64)
    assert "hunter2" not in done.err


VARIABLES = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_EXEC_PATH",
    "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_ATTR_SOURCE", "GIT_TRACE",
)  # fmt: skip


def test_variables_that_steer_git_are_not_heard(firm, flexsync, watch, tmp_path, outside, monkeypatch):
    for name in VARIABLES:
        monkeypatch.setenv(name, str(outside / "secret.yaml"))
    for name in ("GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_PAGER", "GIT_ASKPASS", "GIT_EDITOR"):
        monkeypatch.setenv(name, f"touch {outside}/marker")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.fsmonitor=touch {outside}/marker'")
    done = flexsync("plan", "-C", firm.root, "--base", "base")
    check(done, watch, tmp_path, outside)
    assert done.code == 0


def test_a_folder_that_became_a_link_leads_into_no_other_repository(firm, flexsync, watch, tmp_path, outside):
    watch.on = False
    other = firm_repository(tmp_path / "other")
    (firm.root / "firm").symlink_to(other.root)
    firm.commit({"README": "x"})
    watch.on = True
    for head in ("HEAD", "worktree"):
        done = flexsync("plan", "-C", firm.root / "firm", "--base", "base", "--head", head)
        assert done.code == 3
        assert "cabinet" not in done.out + done.err
    check(done, watch, tmp_path, outside)


def test_no_program_that_is_started_connects_to_anything(firm, tmp_path, outside):
    """Every system call is looked at where the machine lets us; elsewhere the answer alone is."""
    firm.commit({"clients/alpha.yaml": ALPHA + "seats: 3\n"})
    log = tmp_path / "calls"
    trace = ["strace", "-f", "-q", "-e", "trace=connect,execve", "-o", str(log)]
    usable = shutil.which("strace") and subprocess.run([*trace, "true"], check=False).returncode == 0
    words = [sys.executable, "-m", "flexsync", "plan", "-C", str(firm.root), "--base", "base", "--ack", "contract=1"]
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*(trace if usable else []), *words], cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    calls = log.read_text().splitlines() if usable else []
    assert [call for call in calls if "connect(" in call and "AF_INET" in call] == []
    assert all("/git" in call or sys.executable in call for call in calls if "execve(" in call and "= 0" in call)
