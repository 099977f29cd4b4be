"""The action's own scripts, run on pull requests of friends and of enemies."""

import shutil
import subprocess

import pytest

from tests.support.fake_host import TOKEN
from tests.support.jobs import ROOT, Runner, environment, steps

INPUTS = {
    "path": ".",
    "base": "",
    "head": "",
    "store": "",
    "as-of": "2026-01-15",
    "ack": "",
    "budget": "60000",
    "key": "",
    "redact": "false",
    "title": "",
    "labels": "true",
    "author": "github-actions[bot]",
    "command": "plan",
    "token": TOKEN,
}
STEPS = {step.get("id", step.get("name", step.get("uses"))): step for step in steps("action.yml")}
COMMENT_PLAN = STEPS["comment"]["env"]["FLEXSYNC_PLAN"].removeprefix("${{ ").removesuffix(" }}")


def git(tree, *words):
    settings = ("-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *settings, *words], cwd=tree, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def tree(tmp_path):
    """The firm's repository, where a pull request that raises the seats of one client is merged for a try."""
    folder = tmp_path / "tree"
    shutil.copytree(ROOT / "examples" / "firm", folder, ignore=shutil.ignore_patterns(".flexsync"))
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "firm")
    git(folder, "switch", "-qc", "change")
    change(folder)
    git(folder, "commit", "-qam", "more seats")
    git(folder, "switch", "-q", "main")
    git(folder, "commit", "-qm", "main moves on", "--allow-empty")
    git(folder, "merge", "-q", "--no-ff", "--no-edit", "change")
    return folder


def change(folder):
    file = folder / "clients" / "aubry.yaml"
    file.write_text(file.read_text().replace("seats: 3", "seats: 4"))


@pytest.fixture
def runner(tree, tmp_path):
    host = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": git(tree, "rev-parse", "HEAD")}
    return Runner(tree, tmp_path / "temp", host)


def planned(runner, **inputs):
    known = {f"inputs.{name}": value for name, value in {**INPUTS, **inputs}.items()}
    return runner.run(STEPS["plan"]["run"], **environment(STEPS["plan"], known))


def test_a_pull_request_is_planned_against_the_branch_it_wants_to_change(runner):
    done = planned(runner, ack="contract=1")
    assert (done.code, done.outputs["code"]) == (0, "0"), done.log
    assert "domaine-aubry" in done.summary
    assert done.summary.startswith("**flexsync")
    assert {file.name for file in (runner.temp / done.outputs["folder"]).iterdir()} == {
        "plan.json",
        "plan.md",
        "plan.html",
        "plan.sarif",
        "annotations.txt",
    }


def test_a_refused_plan_is_shown_in_full_and_only_then_fails_the_job(runner):
    done = planned(runner)
    assert (done.code, done.outputs["code"]) == (0, "4")
    assert "::error file=clients/aubry.yaml,line=9" in done.log
    assert runner.run(STEPS["Result"]["run"], CODE=done.outputs["code"]).code == 4


def test_annotations_name_files_from_the_top_of_the_repository(runner, tree):
    git(tree, "rm", "-q", "--cached", "-r", ".")
    (tree / "firm").mkdir()
    for part in list(tree.iterdir()):
        if part.name not in {".git", "firm"}:
            part.rename(tree / "firm" / part.name)
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "into a folder")
    file = tree / "firm" / "clients" / "aubry.yaml"
    file.write_text(file.read_text().replace("seats: 4", "seats: 5"))
    git(tree, "commit", "-qam", "more")
    done = planned(runner, path="firm", base="HEAD^1", head="HEAD")
    assert "::error file=firm/clients/aubry.yaml,line=9" in done.log


def test_files_that_nothing_can_be_planned_from_are_told_of(runner, tree):
    (tree / "fleet.yaml").write_text("apiVersion: [")
    git(tree, "commit", "-qam", "broken")
    runner.environment["GITHUB_SHA"] = git(tree, "rev-parse", "HEAD")
    done = planned(runner)
    assert (done.code, done.outputs["code"]) == (0, "3")
    assert "no plan could be made" in done.summary


def test_outside_of_a_pull_request_the_base_has_to_be_said(runner):
    runner.environment["GITHUB_EVENT_NAME"] = "push"
    assert planned(runner).code == 64
    assert planned(runner, base="HEAD^1", ack="contract=1").outputs["code"] == "0"


HOSTILE = "$(touch ran);`touch ran`\ntouch ran\nb=1"


@pytest.mark.parametrize(
    ("name", "hostile"),
    [(name, HOSTILE) for name in ("base", "head", "path", "key", "ack", "budget", "as-of")]
    + [("base", "--upload-pack=touch ran"), ("head", "--output=ran"), ("path", "ext::sh -c touch% ran")],
)
def test_no_value_of_an_input_is_run(runner, tree, name, hostile):
    done = planned(runner, **{"base": "HEAD^1", name: hostile})
    assert not (tree / "ran").exists()
    assert "b" not in done.outputs
    assert "Traceback" not in done.log


def test_nothing_of_the_work_tree_is_imported_or_run(runner, tree):
    evil = "import pathlib; pathlib.Path('ran').touch()"
    for name in (
        "secrets.py",
        "click.py",
        "sitecustomize.py",
        "conftest.py",
        "flexsync/__init__.py",
        "flexsync/cli.py",
    ):
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_text(evil)
    for name in ("post-checkout", "pre-commit"):
        (tree / ".git" / "hooks" / name).write_text("#!/bin/sh\ntouch ran\n")
        (tree / ".git" / "hooks" / name).chmod(0o755)
    assert planned(runner, ack="contract=1").outputs["code"] == "0"
    assert not (tree / "ran").exists()


def test_what_files_are_called_is_no_command_of_the_log(runner, tree):
    file = tree / "clients" / "::error::forged.yaml"
    file.write_text("apiVersion: flexsync/v1\nkind: Subscription\nname: ::warning::x\nseats: [\n")
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "forged")
    runner.environment["GITHUB_SHA"] = git(tree, "rev-parse", "HEAD")
    log = planned(runner).log.splitlines()
    start = next(place for place, line in enumerate(log) if line.startswith("::stop-commands::"))
    word = log[start].removeprefix("::stop-commands::")
    end = log.index(f"::{word}::")
    assert len(word) == 32
    commands = [line for line in log[end + 1 :] if line.lstrip().startswith("::")]
    assert commands
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) and "::forged" not in line for line in commands)


def test_a_comment_that_cannot_be_written_leaves_the_plans_result_alone(runner, host):
    done = planned(runner, ack="contract=1")
    known = {f"inputs.{name}": value for name, value in INPUTS.items()}
    known[COMMENT_PLAN] = f"{runner.temp / done.outputs['folder']}/plan.json"
    host.troubles = [(403, {})]
    job = {"GITHUB_API_URL": host.address, "GITHUB_REPOSITORY": "firm/clients"}
    job["GITHUB_EVENT_PATH"] = str(runner.temp.parent / "event.json")
    said = runner.run(STEPS["comment"]["run"], **job, **environment(STEPS["comment"], known))
    assert said.code == 0
    assert "::warning" in said.log
    again = runner.run(STEPS["comment"]["run"], **job, **environment(STEPS["comment"], known))
    assert (again.code, len(host.comments)) == (0, 1)
    assert "domaine-aubry" in host.comments[0]["body"]
