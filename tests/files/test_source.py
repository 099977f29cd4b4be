"""A folder gives only what is inside it, and says why not (hostile repositories)."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from flexsync.desired.source import MAX_BYTES, Folder, case_clashes
from flexsync.errors import InvalidFiles, Problem

GIT = shutil.which("git")


def refusal(folder: Path, name: str) -> Problem:
    with pytest.raises(InvalidFiles) as caught:
        Folder(folder).read(name)
    (problem,) = caught.value.problems
    assert (problem.where.line, problem.where.column) == (1, 1)
    return problem


def test_a_plain_file_is_read(tmp_path: Path):
    (tmp_path / "clients").mkdir()
    (tmp_path / "clients" / "a.yaml").write_bytes(b"x: 1\n")
    assert Folder(tmp_path).read("clients/a.yaml") == b"x: 1\n"


@pytest.mark.parametrize("name", ["../a.yaml", "/etc/passwd", "a/../b", "", ".", "a//b", ".git/config", "a\\b", "a\0b"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str):
    assert refusal(tmp_path, name).code == "file-outside"


def test_a_missing_file_is_told(tmp_path: Path):
    assert refusal(tmp_path, "a.yaml").code == "file-missing"


@pytest.mark.parametrize("target", ["/etc/hosts", "../outside.yaml", "a.yaml", "plain.yaml"])
def test_a_link_is_no_regular_file_wherever_it_leads(tmp_path: Path, target: str):
    root = tmp_path / "root"
    root.mkdir()
    (root / "plain.yaml").write_text("x: 1")
    (tmp_path / "outside.yaml").write_text("x: 1")
    (root / "a.yaml").symlink_to(target)
    problem = refusal(root, "a.yaml")
    assert problem.code == "file-not-regular"
    assert "not a regular file in the repository but a link" in problem.message


def test_a_linked_folder_is_refused_and_shows_in_the_listing(tmp_path: Path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.yaml").write_text("x: 1")
    (tmp_path / "clients").symlink_to("real")
    assert refusal(tmp_path, "clients/a.yaml").code == "file-not-regular"
    assert Folder(tmp_path).glob("clients/*.yaml") == ["clients"]


def test_a_folder_a_pipe_and_a_device_are_no_files(tmp_path: Path):
    (tmp_path / "a.yaml").mkdir()
    os.mkfifo(tmp_path / "b.yaml")
    assert "a folder" in refusal(tmp_path, "a.yaml").message
    assert "a pipe" in refusal(tmp_path, "b.yaml").message
    assert Folder(tmp_path).glob("*.yaml") == ["b.yaml"]


def test_another_repository_inside_is_refused(tmp_path: Path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / ".git").write_text("gitdir: ../.git/modules/sub")
    (tmp_path / "sub" / "a.yaml").write_text("x: 1")
    assert refusal(tmp_path, "sub/a.yaml").code == "file-foreign"


def test_a_file_over_the_limit_is_not_read(tmp_path: Path):
    (tmp_path / "a.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    problem = refusal(tmp_path, "a.yaml")
    assert problem.code == "too-big"
    assert str(MAX_BYTES) in problem.message
    (tmp_path / "b.yaml").write_bytes(b"#" * MAX_BYTES)
    assert len(Folder(tmp_path).read("b.yaml")) == MAX_BYTES


@pytest.mark.parametrize("name", ["a\nb.yaml", "a\x1b[0m.yaml", "a\u202eb.yaml", "a\u200bb.yaml"])
def test_a_name_that_cannot_be_shown_is_refused_and_escaped(tmp_path: Path, name: str):
    (tmp_path / name).write_text("x: 1")
    problem = refusal(tmp_path, name)
    assert problem.code == "file-name"
    assert problem.message.isprintable()
    assert str(problem.where).isprintable()


def test_a_name_that_is_not_utf8_is_listed_and_refused(tmp_path: Path):
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.yaml")).write_text("x: 1")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (name,) = Folder(tmp_path).glob("*.yaml")
    problem = refusal(tmp_path, name)
    assert problem.code == "file-name"
    assert "\\udce9" in problem.message


@pytest.mark.parametrize("name", ["`x`.yaml", "-rf.yaml", "$(id).yaml", "é à.yaml"])
def test_names_that_only_look_odd_are_read(tmp_path: Path, name: str):
    (tmp_path / name).write_text("x: 1")
    assert Folder(tmp_path).glob("*.yaml") == [name]
    assert Folder(tmp_path).read(name) == b"x: 1"


def test_names_that_differ_by_case_or_accent_form_only_clash():
    assert case_clashes(["A.yaml", "a.yaml", "b.yaml"]) == {"A.yaml": "a.yaml", "a.yaml": "A.yaml"}
    assert set(case_clashes(["\u00e9.yaml", "e\u0301.yaml"])) == {"\u00e9.yaml", "e\u0301.yaml"}
    assert case_clashes(["a/b.yaml", "a/c.yaml"]) == {}


def test_a_pattern_matches_in_order_and_passes_over_hidden_files(tmp_path: Path):
    for name in ("clients/b.yaml", "clients/a.yaml", "clients/.c.yaml", "clients/n/d.yaml", "clients/e.txt", "f.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x: 1")
    folder = Folder(tmp_path)
    assert folder.glob("clients/*.yaml") == ["clients/a.yaml", "clients/b.yaml"]
    assert folder.glob("clients/**/*.yaml") == ["clients/a.yaml", "clients/b.yaml", "clients/n/d.yaml"]
    assert folder.glob("clients/[ab].yaml") == ["clients/a.yaml", "clients/b.yaml"]
    assert folder.glob("nowhere/*.yaml") == []


@pytest.mark.parametrize("pattern", ["../*.yaml", "/etc/*", "a/../../*"])
def test_a_pattern_that_leaves_the_folder_is_refused(tmp_path: Path, pattern: str):
    with pytest.raises(InvalidFiles):
        Folder(tmp_path).glob(pattern)


@pytest.mark.skipif(GIT is None, reason="git is not installed")
def test_the_commit_is_that_of_a_clean_work_tree_only(tmp_path: Path):
    def git(*words: str) -> str:
        identity = ("-c", "user.name=Test", "-c", "user.email=test@test.example", "-c", "commit.gpgsign=false")
        done = subprocess.run([str(GIT), *identity, *words], cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    (tmp_path / "a.yaml").write_text("x: 1")
    assert Folder(tmp_path).commit == ""
    git("init", "--quiet")
    assert Folder(tmp_path).commit == ""
    git("add", "a.yaml")
    git("commit", "--quiet", "--message", "one")
    assert commit_read(tmp_path) == git("rev-parse", "HEAD")
    (tmp_path / "a.yaml").write_text("x: 2")
    assert commit_read(tmp_path) == ""
    git("commit", "--quiet", "--all", "--message", "two")
    (tmp_path / "b.yaml").write_text("x: 1")
    assert commit_read(tmp_path, "a.yaml") == git("rev-parse", "HEAD")
    assert commit_read(tmp_path, "a.yaml", "b.yaml") == ""
    (tmp_path / "b.yaml").unlink()
    (tmp_path / "a.yaml").unlink()
    assert commit_read(tmp_path, "nothing.yaml") == ""


def commit_read(root: Path, *names: str) -> str:
    """The commit of a folder of which some files were read."""
    folder = Folder(root)
    for name in names or ("a.yaml",):
        with suppress(InvalidFiles):
            folder.read(name)
    return folder.commit


@pytest.mark.skipif(GIT is None, reason="git is not installed")
def test_nothing_that_the_folder_brings_along_is_run(tmp_path: Path):
    repository, marker = tmp_path / "repository", tmp_path / "pwned"
    repository.mkdir()
    (repository / "fleet.yaml").write_text("x: 1")
    identity = ("-c", "user.name=Test", "-c", "user.email=test@test.example", "-c", "commit.gpgsign=false")
    run = f"touch {marker}; cat"
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"], ["config", "filter.x.clean", run],
                  ["config", "filter.x.smudge", run], ["config", "core.fsmonitor", run]):  # fmt: skip
        subprocess.run([str(GIT), *identity, *words], cwd=repository, check=True)
    (repository / ".gitattributes").write_text("* filter=x\n")
    (repository / ".git" / "info" / "attributes").write_text("* filter=x\n")
    os.utime(repository / "fleet.yaml", (0, 0))
    assert commit_read(repository, "fleet.yaml") != ""
    assert not marker.exists()


def test_without_git_there_is_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Folder(tmp_path).commit == ""
