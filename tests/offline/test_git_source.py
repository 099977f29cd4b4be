"""A commit gives the files that a folder gives, and says why not in the same words; git trouble is told in words."""

import pytest

from flexsync.desired.git import Git, work_tree
from flexsync.desired.git_source import Revision, WorkTree
from flexsync.desired.source import MAX_BYTES, Folder
from flexsync.errors import InvalidFiles, StoreUnavailable, WrongCommand
from tests.support.repositories import FILES, Repository

PATTERNS = ["*.yaml", "clients/*.yaml", "**/*.yaml", "clients/**/*.yaml", "clients/[ab]*.yaml", "nowhere/*", "*", "l/*"]
NAMES = [
    "../a", "/etc/passwd", "", ".", "a//b", ".git/config", "nothing.yaml", "clients", "clients/link.yaml", "l/a.yaml",
    "clients/a\u202eb.yaml", "big.yaml", "clients/alpha.yaml/x",
]  # fmt: skip


@pytest.fixture
def repository(firm):
    firm.write({"clients/.hidden.yaml": "x", "clients/n/deep.yaml": "x: 1\n", "clients/a\u202eb.yaml": "x"})
    firm.write({"big.yaml": "#" * (MAX_BYTES + 1)})
    (firm.root / "clients" / "link.yaml").symlink_to("alpha.yaml")
    (firm.root / "l").symlink_to("clients")
    firm.commit()
    return firm


@pytest.fixture
def revision(repository):
    with Git(repository.root) as git:
        yield Revision(git, git.commit("HEAD"))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_commit_lists_what_the_folder_lists(revision, repository, pattern):
    assert revision.glob(pattern) == Folder(repository.root).glob(pattern)


@pytest.mark.parametrize("name", [*FILES, "clients/n/deep.yaml", "clients/.hidden.yaml"])
def test_a_commit_reads_what_the_folder_reads(revision, repository, name):
    assert revision.read(name) == (repository.root / name).read_bytes()
    assert revision.has(name)
    assert revision.blob(name) == WorkTree(repository.root, "0" * 40).blob(name) != ""


@pytest.mark.parametrize("name", NAMES)
def test_a_commit_refuses_what_the_folder_refuses(revision, repository, name):
    codes = []
    for source in (revision, Folder(repository.root)):
        with pytest.raises(InvalidFiles) as caught:
            source.read(name)
        codes.append([problem.code for problem in caught.value.problems])
    assert codes[0] == codes[1]


def test_reading_goes_on_after_a_file_that_is_too_big(revision):
    with pytest.raises(InvalidFiles):
        revision.read("big.yaml")
    assert revision.read("fleet.yaml")


def test_a_repository_of_longer_names_is_read_as_well(tmp_path, flexsync):
    root = tmp_path / "long"
    root.mkdir()
    repository = Repository(root)
    (root / ".git").rename(root / "old")
    repository.git("init", "--quiet", "--object-format=sha256")
    base = repository.commit(FILES)
    assert len(base) == 64
    assert flexsync("plan", "-C", root, "--base", base, "--head", "worktree", "--exit-code").code == 0


def test_no_repository_is_a_wrong_command(flexsync, tmp_path):
    done = flexsync("plan", "-C", tmp_path, "--base", "main")
    assert done.code == 64
    assert "needs a git work tree" in done.err


def test_a_dot_git_that_is_no_repository_is_a_wrong_command(flexsync, tmp_path):
    (tmp_path / ".git").mkdir()
    assert flexsync("plan", "-C", tmp_path, "--base", "main").code == 64


def test_an_unknown_revision_is_named(plan, flexsync, firm):
    done = flexsync("plan", "-C", firm.root, "--base", "nowhere")
    assert (done.code, done.out) == (64, "")
    assert done.err == 'Error: There is no commit "nowhere" in this clone. Correct the name, or fetch it first.\n'


def test_a_commit_that_is_not_here_is_to_be_fetched(flexsync, firm):
    done = flexsync("plan", "-C", firm.root, "--base", "1" * 40)
    assert done.code == 9
    assert "Fetch it first" in done.err


def test_a_shallow_clone_says_how_to_get_more(flexsync, firm, tmp_path):
    old = firm.git("rev-parse", "HEAD")
    firm.commit({"README": "x"})
    firm.git("clone", "--quiet", "--depth=1", f"file://{firm.root}", str(tmp_path / "clone"))
    done = flexsync("plan", "-C", tmp_path / "clone", "--base", old)
    assert done.code == 9
    assert "fetch-depth: 0" in done.err


def test_without_git_it_is_said(flexsync, firm, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    done = flexsync("plan", "-C", firm.root, "--base", "base")
    assert (done.code, done.err) == (9, "Error: git cannot be run. Install it, or plan without --base.\n")


def test_an_object_that_is_damaged_is_told(flexsync, firm):
    name = firm.git("rev-parse", "HEAD:fleet.yaml")
    file = firm.root / ".git" / "objects" / name[:2] / name[2:]
    file.chmod(0o644)
    file.write_bytes(b"junk")
    assert flexsync("plan", "-C", firm.root, "--base", "base").code == 9


def test_head_alone_asks_for_base(flexsync, firm):
    done = flexsync("plan", "-C", firm.root, "--head", "HEAD")
    assert (done.code, "--base" in done.err) == (64, True)


def test_the_work_tree_around_a_place(tmp_path):
    (tmp_path / "a" / ".git").mkdir(parents=True)
    (tmp_path / "b" / ".git").mkdir(parents=True)
    (tmp_path / "a" / "link").symlink_to(tmp_path / "b")
    (tmp_path / "door").symlink_to(tmp_path / "a")
    assert work_tree(tmp_path / "a" / "x" / "y") == tmp_path / "a"
    assert work_tree(tmp_path / "a" / "link" / "x") == tmp_path / "a"
    assert work_tree(tmp_path / "door" / "x") == tmp_path / "door"
    assert work_tree(tmp_path / "c") not in (tmp_path, tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize("revision", ["", "-x", "a b", "a:b"])
def test_only_names_reach_git(firm, revision):
    with Git(firm.root) as git, pytest.raises(WrongCommand):
        git.commit(revision)


def test_a_blob_that_is_not_there_is_trouble_of_the_clone(firm):
    with Git(firm.root) as git, pytest.raises(StoreUnavailable):
        git.blob("1" * 40, 10)
