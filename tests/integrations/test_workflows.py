"""The scripts of the example workflows: what is applied after the merge is the plan that was approved."""

import shutil
from pathlib import Path

import pytest

from tests.integrations.test_action import git
from tests.support.jobs import ROOT, Ran, Runner, documents, steps

APPLY = [step["run"] for step in steps("examples/workflows/github/apply.yml") if "run" in step]
DRIFT = [step["run"] for step in steps("examples/workflows/github/drift.yml") if "run" in step]
PIPELINE = documents("examples/workflows/gitlab/.gitlab-ci.yml")[0]
COMPONENT = documents("templates/plan.yml")[1]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return _tree(tmp_path / "tree")


def _tree(folder: Path) -> Path:
    shutil.copytree(ROOT / "examples" / "firm", folder, ignore=shutil.ignore_patterns(".flexsync"))
    (folder / ".gitignore").write_text("plan.*\ndigest.env\ndrift.html\nflexsync-plan/\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "firm")
    return folder


@pytest.fixture
def runner(tree: Path, tmp_path: Path, sqlite_url: str) -> Runner:
    return _runner(tree, tmp_path / "temp", sqlite_url)


def _runner(tree: Path, temp: Path, store: str) -> Runner:
    return Runner(tree, temp, {"FLEXSYNC_STORE": store, "FLEXSYNC_AS_OF": "2026-01-15", "CI_PROJECT_DIR": str(tree)})


@pytest.fixture(scope="module")
def acks(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> str:
    """What the summary of a first plan asks somebody to acknowledge."""
    folder = tmp_path_factory.mktemp("first")
    store = shutil.copy(sqlite_template, folder)
    first = _runner(_tree(folder / "tree"), folder / "temp", f"sqlite:///{store}").run(APPLY[0])
    wanted = [line.split("--ack ")[1] for line in first.summary.splitlines() if "--ack " in line]
    return " ".join(sorted({one.strip() for one in wanted}))


@pytest.fixture
def planned(runner: Runner, acks: str) -> Ran:
    """The plan that everything asked about was acknowledged in."""
    return runner.run(APPLY[0], FLEXSYNC_ACK=acks)


def apply(runner: Runner, digest: str):
    runner.environment.pop("FLEXSYNC_AS_OF", None)
    return runner.run(APPLY[1], DIGEST=digest, FLEXSYNC_ACTOR="claire")


def test_the_approved_plan_is_applied_once(runner, planned):
    assert planned.outputs["code"] == "2", planned.log + planned.summary
    done = apply(runner, planned.outputs["digest"])
    assert done.code == 0, done.log
    assert "applied" in done.log
    assert apply(runner, planned.outputs["digest"]).code == 5


def test_a_plan_that_is_not_the_approved_one_is_not_even_read(runner, planned):
    file = runner.temp / "plan" / "plan.json"
    file.write_bytes(file.read_bytes().replace(b'"checked":', b'"checked": '))
    done = apply(runner, planned.outputs["digest"])
    assert done.code == 1
    assert "applied" not in done.log


def test_a_commit_in_between_makes_the_approved_plan_stale(runner, tree, planned):
    git(tree, "commit", "-qm", "later", "--allow-empty")
    assert apply(runner, planned.outputs["digest"]).code == 5


def test_a_night_without_drift_passes_and_says_so(runner, planned):
    apply(runner, planned.outputs["digest"])
    runner.environment["FLEXSYNC_AS_OF"] = "2026-01-15"
    done = runner.run(DRIFT[0])
    assert done.code == 0, done.log
    assert "nothing to do" in done.summary


def test_the_pipeline_of_the_other_host_does_the_same(runner, acks):
    made = runner.run("\n".join(PIPELINE["plan for main"]["script"]), FLEXSYNC_ACK=acks)
    assert made.code == 0, made.log
    digest = (runner.tree / "digest.env").read_text().strip().partition("=")[2]
    runner.environment.pop("FLEXSYNC_AS_OF")
    done = runner.run("\n".join(PIPELINE["apply"]["script"]), PLAN_DIGEST=digest, GITLAB_USER_LOGIN="claire")
    assert done.code == 0, done.log
    assert "applied" in done.log


def test_the_component_plans_a_merge_request(runner, tree):
    git(tree, "commit", "-qm", "change", "--allow-empty")
    runner.environment.pop("FLEXSYNC_STORE")
    program = f"{tree}.flexsync/bin"
    shutil.copytree(runner.bin, program)
    script = "\n".join(COMPONENT["flexsync plan"]["script"][2:])
    base, head = git(tree, "rev-parse", "HEAD^1"), git(tree, "rev-parse", "HEAD")
    done = runner.run(script, CI_MERGE_REQUEST_DIFF_BASE_SHA=base, CI_COMMIT_SHA=head)
    assert done.code == 0, done.log
    made = {file.name for file in (tree / "flexsync-plan").iterdir()}
    assert made == {"plan.json", "plan.md", "plan.html", "codequality.json"}
